"""What every event shares: a frozen dataclass named in the past tense, hashed into a chain.

An event holds ids and plain values only (no names of applicants, no ID numbers). `chain` names
the chain that it is hashed into: a case has its own, other subjects have theirs.
"""

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
class PeopleEvent(Event):
    """Something that happened to an account."""

    account: str

    @property
    def chain(self) -> str:
        return f"account:{self.account}"


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
class ChangeEvent(Event):
    """Something that happened to a change, which becomes configuration when it is published."""

    change_id: str

    @property
    def chain(self) -> str:
        return f"change:{self.change_id}"


@dataclass(frozen=True)
class TableEvent(Event):
    """Something that happened to a decision table outside of any case."""

    table: str

    @property
    def chain(self) -> str:
        return f"table:{self.table}"
