"""One case as its page shows it: life, tasks, papers, clocks, decisions, licence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.decisions.decide import explain as explain_rows
from engine.decisions.reasons import reasons
from engine.decisions.speech import Say, Speech
from engine.domain.case import Case, HandlingTimes, Task, TaskState, handling_times
from engine.domain.clocks import left, light, stopped_by
from engine.domain.licence import Licence
from engine.domain.masking import as_seen_by
from engine.domain.matter import Matter
from engine.domain.people import Applicant, Official
from engine.domain.people import Unit as PublicUnit
from engine.forms.compile import Form
from engine.kernel.errors import Forbidden, Missing
from engine.services import children
from engine.services.hall import Hall
from engine.storage import audit, cases, licences, people, publishing, tickets
from engine.storage import clocks as clock_rows
from engine.storage.audit import StoredEvent
from engine.storage.cases import CaseMaterial
from engine.storage.unit import Unit

# Fields of events that hold the id of an official.
OFFICIALS = ("acting_for", "receiver", "holder")


@dataclass(frozen=True)
class TaskLine:
    """A task of the case with the names of who holds it and who did it."""

    task: Task
    holder_name: str | None
    done_by_name: str | None


@dataclass(frozen=True)
class HistoryLine:
    """One event of the case; `params` are the event's own fields, officials by name."""

    seq: int
    at: datetime
    by_name: str
    kind: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class DecisionLine:
    """One stored decision of a table."""

    id: str
    table: str
    version: str
    outcome: Mapping[str, object]
    rows: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class ClockLine:
    """One legal clock; `left` are working days, negative when overdue, None when closed.

    `limit_days` are those of the limit with its extension; `stopped_until` is the announced last
    day of a clock that stands still and `stopped_for` the kind of what stops it, None for one
    that runs.
    """

    kind: str
    started_on: date
    limit_days: int
    due_on: date
    provisional: bool
    left: int | None
    stopped_until: date | None = None
    stopped_for: str | None = None


@dataclass(frozen=True)
class CaseView:
    """Everything about a case that an official may see; the applicant is masked by post.

    `form` and `answers` are those of the application, in the version that it was made with;
    `joint` says that several units decide it together.
    """

    case: Case
    matter: Matter
    unit: PublicUnit
    applicant: Applicant
    tasks: list[TaskLine]
    materials: list[CaseMaterial]
    history: list[HistoryLine]
    decisions: list[DecisionLine]
    clocks: list[ClockLine]
    times: HandlingTimes
    licence: Licence | None
    form: Form
    answers: Mapping[str, object]
    diagram: bytes
    light: str
    joint: bool

    @property
    def done_steps(self) -> list[str]:
        """The ids of the steps on the diagram that are done."""
        return [line.task.step for line in self.tasks if line.task.state is TaskState.DONE]

    @property
    def open_steps(self) -> list[str]:
        """The ids of the steps on the diagram that wait for somebody."""
        return [line.task.step for line in self.tasks if line.task.is_open]


@dataclass(frozen=True)
class CasePage:
    """One page of a search for cases."""

    rows: list[Case]
    total: int
    page: int
    size: int


def case(hall: Hall, by: Official, case_id: str) -> CaseView:
    """Return a case; Missing `case.unknown`, Forbidden `case.other_unit`.

    A case is open to the units that take part in it, a child case to the lead unit too (M-JOINT-1),
    and to those who may read all cases. The papers of a family are those of its parent (M-PAR-4).
    """
    with hall.reading() as unit:
        found = cases.case(unit, case_id)
        tasks = cases.tasks_of(unit, case_id)
        lead = children.root_of(unit, found)
        if by.unit_no not in {found.unit_no, lead.unit_no, *(task.unit_no for task in tasks)}:
            _read_all(by, found)
        return _view(hall, unit, by, found, tasks)


def case_by_no(hall: Hall, by: Official, case_no: str) -> CaseView:
    """Return a case by its number; raises as `case`."""
    with hall.reading() as unit:
        found = cases.case_by_no(unit, case_no.strip().upper())
        if found is None:
            raise Missing("case.unknown", case=case_no)
    return case(hall, by, found.id)


def find(hall: Hall, by: Official, query: str, page: int = 1) -> CasePage:
    """Search cases of the official's unit by number or by name of matter or applicant."""
    size = hall.rules.page_size
    unit_no = None if by.may("case.read_all") else by.unit_no
    with hall.reading() as unit:
        rows, total = cases.find(unit, query.strip(), unit_no, size, (page - 1) * size)
    return CasePage(rows, total, page, size)


def explain(hall: Hall, by: Official, decision_id: str) -> Mapping[str, object]:
    """Decide a stored decision again and say of each row why it hit or did not.

    The mapping is that of `Decision.plain()` with `same`: whether the stored outcome and rows are
    those that the stored facts and version give, and `reasons`: the lines that `speech` puts into
    sentences.
    """
    with hall.reading() as unit:
        stored = cases.decision(unit, decision_id)
        if stored is None:
            raise Missing("decision.unknown", decision=decision_id)
        found = cases.case(unit, stored.case_id)
        if by.unit_no != found.unit_no:
            _read_all(by, found)
        table = hall.library.table(unit, stored.table, stored.version)
    again = explain_rows(table, stored.facts)
    same = again.outcome == stored.outcome and again.rows == stored.rows
    why = reasons(again)
    return {**again.plain(), "same": same, "case_id": found.id, "at": stored.at, "reasons": why}


def told(
    reasons: object, say: Say, *, english: bool, words: Mapping[str, str]
) -> Mapping[str, list[tuple[str, str]]]:
    """Return code and sentence of each reason by the row that it is about, "" for the table.

    `say` finds a sentence by its code; `words` are the names of codes that are rows of data.
    """
    speech = Speech(say, english, words)
    by_row: dict[str, list[tuple[str, str]]] = {}
    for line in reasons if isinstance(reasons, list) else ():
        by_row.setdefault(line.row or "", []).append((line.code, speech.line(line)))
    return by_row


def _read_all(by: Official, found: Case) -> None:
    if not by.may("case.read_all"):
        raise Forbidden("case.other_unit", case=found.case_no)


def _view(hall: Hall, unit: Unit, by: Official, found: Case, tasks: list[Task]) -> CaseView:
    shelf = hall.library.shelf(unit)
    matter = hall.library.matter(unit, found.matter_no)
    names = people.names(unit)
    sealed = cases.applicant(unit, found.id)
    ticket = tickets.ticket(unit, found.ticket_id) if found.ticket_id else None
    close = hall.rules.close_of_business
    known, stops = clock_rows.clocks_of(unit, found.id), clock_rows.stops_of(unit, found.id)
    clocks = [
        ClockLine(
            kind=row.kind,
            started_on=row.started_on,
            limit_days=row.limit_days + row.extended_days,
            due_on=row.due_on,
            provisional=row.provisional,
            left=None if row.closed_at else left(row, stops, unit.at, shelf.calendar, close),
            stopped_until=standing.announced_until if standing else None,
            stopped_for=standing.kind if standing else None,
        )
        for row in known
        for standing in [stopped_by(row, stops)]
    ]
    return CaseView(
        joint=found.parent_id is not None or found.matter_no in shelf.joint_procedures,
        case=found,
        matter=matter,
        unit=shelf.units[found.unit_no],
        applicant=as_seen_by(
            by.post,
            Applicant(
                kind=found.applicant_kind,
                name=found.applicant_name,
                id_number=hall.vault.open(sealed.id_number),
                phone=hall.vault.open(sealed.phone),
                agent=sealed.agent,
            ),
        ),
        tasks=[
            TaskLine(task, names.get(task.holder_id or ""), names.get(task.done_by or ""))
            for task in tasks
        ],
        materials=cases.materials_of(unit, children.root_of(unit, found).id),
        history=[
            HistoryLine(
                event.seq, event.at, names.get(event.by, event.by), event.kind, _told(event, names)
            )
            for event in audit.events_of(unit, f"case:{found.id}")
        ],
        decisions=[
            DecisionLine(row.id, row.table, row.version, row.outcome, row.rows, row.at)
            for row in cases.decisions_of(unit, found.id)
        ],
        clocks=clocks,
        times=handling_times(
            ticket.taken_at if ticket else None,
            ticket.called_at if ticket else None,
            found.passed_at,
            found.closed_at,
        ),
        licence=licences.by_case(unit, found.id),
        form=hall.library.form(unit, found.form, found.form_version),
        answers=cases.answers_of_application(unit, found.id),
        diagram=publishing.content(unit, "process", found.process, found.process_version) or b"",
        light=light(min((row.left for row in clocks if row.left is not None), default=None)),
    )


def _told(event: StoredEvent, names: Mapping[str, str]) -> Mapping[str, object]:
    people = {name: event.body[name] for name in OFFICIALS if event.body.get(name) is not None}
    return {**event.body, **{name: names.get(str(who), who) for name, who in people.items()}}
