"""Every fact that can happen, a frozen dataclass each, named in the past tense.

An event holds ids and plain values only (no names of applicants, no ID numbers). `chain` names
the chain that it is hashed into: a case has its own, other subjects have theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

CONFIGURATION = "configuration"


@dataclass(frozen=True)
class Event:
    """What all events share; `topics` say which live pages look again."""

    topics: ClassVar[tuple[str, ...]] = ()

    @property
    def chain(self) -> str:
        """The chain that this event belongs to."""
        raise NotImplementedError

    @property
    def kind(self) -> str:
        """The stable name of the kind of event."""
        return type(self).__name__

    def body(self) -> dict[str, object]:
        """Return the fields as a plain mapping for canonical JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class CaseEvent(Event):
    """Something that happened to one case."""

    topics: ClassVar[tuple[str, ...]] = ("inbox",)
    case_id: str

    @property
    def chain(self) -> str:
        return f"case:{self.case_id}"


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


@dataclass(frozen=True)
class LimitWarned(CaseEvent):
    """The escalation table raised a warning about a clock of the case."""

    level: str
    rule: str
    row: str
    recipients: tuple[str, ...]
    table_version: str


@dataclass(frozen=True)
class TicketEvent(Event):
    """Something that happened to a number of the queue."""

    topics: ClassVar[tuple[str, ...]] = ("ticket", "screen")
    ticket_id: str
    number: str
    zone_no: int

    @property
    def chain(self) -> str:
        return f"ticket:{self.ticket_id}"


@dataclass(frozen=True)
class TicketTaken(TicketEvent):
    """A visitor took a number."""

    unit_no: int | None
    matter_no: int | None


@dataclass(frozen=True)
class TicketCalled(TicketEvent):
    """A window called a number, for the n-th time."""

    window_no: int
    call: int


@dataclass(frozen=True)
class TicketRequeued(TicketEvent):
    """A visitor who did not come was put once more at the end of the queue."""

    window_no: int


@dataclass(frozen=True)
class TicketEnded(TicketEvent):
    """A number is done: served, or the visitor did not come."""

    window_no: int
    state: str


@dataclass(frozen=True)
class PeopleEvent(Event):
    """Something that happened to an account."""

    account: str

    @property
    def chain(self) -> str:
        return f"account:{self.account}"


@dataclass(frozen=True)
class SignedIn(PeopleEvent):
    """Somebody signed in."""


@dataclass(frozen=True)
class SignedOut(PeopleEvent):
    """Somebody signed out."""


@dataclass(frozen=True)
class SignInFailed(PeopleEvent):
    """A sign-in was refused."""

    reason: str


@dataclass(frozen=True)
class OfficialAdded(PeopleEvent):
    """Somebody got an account and a post."""

    post: str
    unit_no: int | None
    window_no: int | None


@dataclass(frozen=True)
class GrantGiven(PeopleEvent):
    """A mandate was given to somebody."""

    grant_id: str
    unit_no: int
    power: str
    matter_types: tuple[str, ...]
    amount_limit: str | None
    valid_from: str
    valid_to: str | None
    mandate_no: str


@dataclass(frozen=True)
class AbsenceCovered(PeopleEvent):
    """Somebody was named to act for an absent colleague (AB岗)."""

    stands_in_for: str
    valid_from: str
    valid_to: str
    ground: str


@dataclass(frozen=True)
class PasswordSet(PeopleEvent):
    """An administrator made a new first password for an account."""


@dataclass(frozen=True)
class ConfigurationEvent(Event):
    """A change of what the hall works by; all share one chain, whose length tells its state."""

    @property
    def chain(self) -> str:
        return CONFIGURATION


@dataclass(frozen=True)
class DefinitionEvent(ConfigurationEvent):
    """Something happened to a version of a process, form, table or examples, named by `key`."""

    definition: str
    key: str
    version: str


@dataclass(frozen=True)
class DraftWritten(DefinitionEvent):
    """A version was written, to be in force from a day on; nothing has been checked yet."""

    effective_from: str
    effective_to: str | None
    note: str


@dataclass(frozen=True)
class DraftChecked(DefinitionEvent):
    """A draft was read and proved, and can be run."""


@dataclass(frozen=True)
class DraftApproved(DefinitionEvent):
    """A second person approved a version that was checked."""

    author: str


@dataclass(frozen=True)
class Published(DefinitionEvent):
    """A process, form, table or examples was published for its days; `second` approved it."""

    effective_from: str
    effective_to: str | None
    author: str
    second: str | None
    note: str


@dataclass(frozen=True)
class VersionWithdrawn(DefinitionEvent):
    """A version was withdrawn; `last_day` is the last on which it holds, None if it never did."""

    last_day: str | None
    note: str


@dataclass(frozen=True)
class CatalogueLoaded(ConfigurationEvent):
    """The catalogue was loaded from files; `counts` are rows by file."""

    counts: Mapping[str, int]


@dataclass(frozen=True)
class DecisionDisagreed(Event):
    """Both ways of matching a table found different rows; the step was refused."""

    table: str
    version: str
    rows_reference: tuple[str, ...]
    rows_matcher: tuple[str, ...]

    @property
    def chain(self) -> str:
        return f"table:{self.table}"
