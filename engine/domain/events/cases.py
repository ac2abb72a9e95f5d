"""What happens to a case from its application to its result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class Applied(CaseEvent):
    """An application was received and entered (收件)."""

    case_no: str
    matter_no: int
    window_no: int | None
    ticket_id: str | None
    form_version: str


@dataclass(frozen=True)
class Accepted(CaseEvent):
    """The application was accepted (受理, 行政许可法 art. 32); the legal clocks run."""

    process: str
    process_version: str
    promised_due: str
    statutory_due: str
    provisional: bool
    materials: Mapping[str, str]


@dataclass(frozen=True)
class Declined(CaseEvent):
    """The application was declined with a reason (不予受理, art. 32)."""

    reason: str
    legal_basis: str


@dataclass(frozen=True)
class TaskOpened(CaseEvent):
    """A step began to wait for somebody."""

    task_id: str
    step: str
    roles: tuple[str, ...]
    power: str | None
    due_on: str | None


@dataclass(frozen=True)
class TaskClaimed(CaseEvent):
    """An official took a task for himself (签收)."""

    task_id: str
    step: str


@dataclass(frozen=True)
class TaskReleased(CaseEvent):
    """An official gave a claimed task back to his colleagues."""

    task_id: str
    step: str


@dataclass(frozen=True)
class TaskCompleted(CaseEvent):
    """A step was done; `because` are the rows that allowed it, `mandate_no` the document.

    `acting_for` is the official whose absence the actor stands in for (AB岗).
    """

    task_id: str
    step: str
    power: str | None
    because: tuple[str, ...]
    mandate_no: str | None
    acting_for: str | None
    decisions: tuple[str, ...]
    answers: Mapping[str, object]


@dataclass(frozen=True)
class ActRefused(CaseEvent):
    """Somebody tried an act that the rules refuse; the row that said no is named."""

    topics: ClassVar[tuple[str, ...]] = ()
    task_id: str
    step: str
    power: str | None
    because: str
    row: str | None


@dataclass(frozen=True)
class DecisionMade(CaseEvent):
    """A table decided; the digests seal the facts, and all that is stored of the decision."""

    topics: ClassVar[tuple[str, ...]] = ()
    decision_id: str
    task_id: str
    table: str
    version: str
    rows: tuple[str, ...]
    facts_digest: str
    record_digest: str


@dataclass(frozen=True)
class CaseWoken(CaseEvent):
    """A moment came that the process waited for; `closed` are the tasks that it ended."""

    due: str
    closed: tuple[str, ...]


@dataclass(frozen=True)
class Migrated(CaseEvent):
    """The running case was carried over to another version of its process (迁移)."""

    process: str
    from_version: str
    to_version: str


@dataclass(frozen=True)
class Decided(CaseEvent):
    """The case was decided: granted (准予) or refused (不予许可)."""

    outcome: str
    step: str


@dataclass(frozen=True)
class LicenceIssued(CaseEvent):
    """The licence of a granted case was made."""

    licence_id: str
    licence_no: str
    digest: str


@dataclass(frozen=True)
class HandedOut(CaseEvent):
    """The result was handed to the applicant (送达); the case is closed."""

    window_no: int | None
    licence_no: str | None
