"""What changes in that by which the hall works: definitions and catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.events.base import ConfigurationEvent, DefinitionEvent, TableEvent


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
class CalendarChanged(ConfigurationEvent):
    """A notice changed the calendar: each day as it was and is (`2027-02-08 - > holiday`)."""

    notice: str
    days: tuple[str, ...]


@dataclass(frozen=True)
class DecisionDisagreed(TableEvent):
    """Both ways of matching a table found different rows; the step was refused."""

    version: str
    rows_reference: tuple[str, ...]
    rows_matcher: tuple[str, ...]
