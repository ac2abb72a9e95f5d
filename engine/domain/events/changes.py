"""What happens to a change (变更) from its beginning to its publication, in a chain of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.events.base import ChangeEvent


@dataclass(frozen=True)
class ChangeBegun(ChangeEvent):
    """A change was begun; it holds nothing yet."""

    title: str
    note: str


@dataclass(frozen=True)
class ChangeDescribed(ChangeEvent):
    """Title, legal ground or first day of a change were written anew."""

    title: str
    note: str
    effective_from: str | None


@dataclass(frozen=True)
class PartAdded(ChangeEvent):
    """A definition was taken into a change, to be written from the version `based_on`."""

    definition: str
    key: str
    based_on: str | None


@dataclass(frozen=True)
class PartDropped(ChangeEvent):
    """A definition was taken out of a change; what was written of it is gone."""

    definition: str
    key: str
    version: str


@dataclass(frozen=True)
class ChangeSubmitted(ChangeEvent):
    """A change passed its proof and waits for approval; `parts` are versions by kind and key."""

    parts: Mapping[str, str]


@dataclass(frozen=True)
class ChangeApproved(ChangeEvent):
    """A second person approved all parts of a change that need one permission."""

    permission: str


@dataclass(frozen=True)
class ChangeGivenBack(ChangeEvent):
    """A change is a draft again, for a reason; what was approved of it is so no more."""

    reason: str


@dataclass(frozen=True)
class ChangePublished(ChangeEvent):
    """All parts of a change were published, to be in force from a day on."""

    effective_from: str


@dataclass(frozen=True)
class ChangeAbandoned(ChangeEvent):
    """A change will not be published; what was written stays to be read."""
