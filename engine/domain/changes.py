"""A change (变更): drafts of several definitions, proved, approved and published together."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.kernel.errors import Conflict


class ChangeState(StrEnum):
    """How far a change is; only a draft is written, only an approved one is published."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    ABANDONED = "abandoned"


OPEN = (ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.APPROVED)


@dataclass(frozen=True)
class Change:
    """One change; `note` is its legal ground, `answer` why it was given back the last time.

    Without `effective_from` it is in force from the day on which it is published. `ended_by` is
    who published or abandoned it.
    """

    id: str
    title: str
    note: str
    effective_from: date | None
    state: ChangeState
    begun_by: str
    begun_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    answer: str

    def refuse_unless(self, *states: ChangeState) -> None:
        """Refuse an act that none of these states allows.

        Raises Conflict `change.not_draft` where only a draft does, else `change.not_in_state`
        (state).
        """
        if self.state in states:
            return
        if states == (ChangeState.DRAFT,):
            raise Conflict("change.not_draft")
        raise Conflict("change.not_in_state", state=self.state.value)


@dataclass(frozen=True)
class Drafted:
    """How far the draft of one definition is, without its text.

    `based_on` is the version it began from, None for something new. `position` is the step shown,
    `top` the last one that can be done again, `revision` grows with every act. `authors` are all
    who ever wrote in it.
    """

    change_id: str
    kind: str
    key: str
    based_on: str | None
    position: int
    top: int
    revision: int
    authors: tuple[str, ...]
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True)
class Approval:
    """What a second person approved: all parts of a change that need her permission."""

    change_id: str
    permission: str
    by: str
    at: datetime
