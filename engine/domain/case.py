"""The case (办件): its states, the only moves between them, and its times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from engine.domain.people import Official
from engine.kernel.errors import Conflict


class CaseState(StrEnum):
    """Where a case stands in its life.

    Withdrawn by its applicant (撤回) before it was decided; a child case that nobody needs any more
    is ended.
    """

    APPLIED = "applied"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.APPLIED: frozenset({CaseState.ACCEPTED, CaseState.DECLINED, CaseState.WITHDRAWN}),
    CaseState.ACCEPTED: frozenset({CaseState.DECIDED, CaseState.WITHDRAWN, CaseState.ENDED}),
    CaseState.DECIDED: frozenset({CaseState.CLOSED}),
    CaseState.DECLINED: frozenset(),
    CaseState.CLOSED: frozenset(),
    CaseState.WITHDRAWN: frozenset(),
    CaseState.ENDED: frozenset(),
}


def move(old: CaseState, new: CaseState) -> CaseState:
    """Return `new`, or raise Conflict `case.not_in_state` when the law knows no such move."""
    if new not in MOVES[old]:
        raise Conflict("case.not_in_state", state=old.value, wanted=new.value)
    return new


class TaskState(StrEnum):
    """Where a task (待办) stands: offered, claimed by one person, done or no longer wanted."""

    OFFERED = "offered"
    CLAIMED = "claimed"
    DONE = "done"
    CANCELLED = "cancelled"


class Purpose(StrEnum):
    """Why a task is there: as a step of the process, or beside it, asked for by somebody."""

    STEP = "step"
    CONSULT = "consult"
    AFTER_REVIEW = "after_review"
    SURVEY = "survey"
    DATE = "date"


@dataclass(frozen=True)
class Task:
    """What waits for, or was done by, a person: a step of a case, or something beside its steps.

    `of_task` is the task that one beside the process belongs to, if it belongs to one; the due day
    is derived from the `limit_days` (working days) of a step.
    """

    id: str
    case_id: str
    step: str
    name: str
    roles: tuple[str, ...]
    power: str | None
    form: str | None
    form_version: str | None
    unit_no: int
    state: TaskState
    opened_at: datetime
    due_on: date | None = None
    holder_id: str | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    purpose: Purpose = Purpose.STEP
    of_task: str | None = None
    limit_days: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the step still waits for somebody: neither done nor cancelled."""
        return self.state in (TaskState.OFFERED, TaskState.CLAIMED)


def first_for(official: Official, tasks: Iterable[Task]) -> Task | None:
    """Return the first of `tasks` that is offered to the official's post in his unit."""
    return next(
        (
            task
            for task in tasks
            if task.unit_no == official.unit_no and official.post in task.roles
        ),
        None,
    )


@dataclass(frozen=True)
class Case:
    """One application on its way through the hall.

    `form` is that of the application, pinned like the process to the version it was made with;
    `rev` grows with each change and guards against stale pages; `process_state` is the
    engine's own text; due days are derived from acceptance, limits and calendar, never typed.
    A child case answers the task `parent_task` of the process of its parent `parent_id`; one that
    a message started has a parent and answers no task. One that is urgent since `urgent_at` stands
    first in every inbox.
    """

    id: str
    case_no: str
    matter_no: int
    unit_no: int
    state: CaseState
    rev: int
    process: str
    process_version: str
    form: str
    form_version: str
    applicant_kind: str
    applicant_name: str
    data: Mapping[str, object]
    process_state: bytes | None
    applied_at: datetime
    applied_by: str
    ticket_id: str | None = None
    window_no: int | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    passed_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    outcome: str | None = None
    closed_at: datetime | None = None
    promised_due: date | None = None
    statutory_due: date | None = None
    provisional: bool = False
    next_due: datetime | None = None
    parent_id: str | None = None
    parent_task: str | None = None
    urgent_at: datetime | None = None

    @property
    def pinned_at(self) -> datetime:
        """The moment whose versions of tables judge the case: acceptance, before it applying."""
        return self.accepted_at or self.applied_at


@dataclass(frozen=True)
class HandlingTimes:
    """Whole minutes of a case, kept apart because one figure hid the waiting (M-WALK-1).

    waiting: ticket taken until called. receipt: called until passed on to the next step.
    review: passed on until handed out. handling = receipt + review. total adds the waiting.
    A part whose end has not come yet is None.
    """

    waiting: int | None
    receipt: int | None
    review: int | None

    @property
    def handling(self) -> int | None:
        """Minutes in which somebody worked on the case."""
        return _sum(self.receipt, self.review)

    @property
    def total(self) -> int | None:
        """Minutes from the ticket to the licence in hand."""
        return _sum(self.waiting, self.receipt, self.review)


def handling_times(
    taken: datetime | None,
    called: datetime | None,
    passed: datetime | None,
    handed_out: datetime | None,
) -> HandlingTimes:
    """Return the minutes between the four moments of a visit."""
    return HandlingTimes(
        _minutes(taken, called), _minutes(called, passed), _minutes(passed, handed_out)
    )


def _minutes(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None:
        return None
    return int((end - start).total_seconds() // 60)


def _sum(*parts: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
