"""What happens to mandates, and to the work of those who lose theirs, leave or hand over."""

from dataclasses import dataclass
from typing import ClassVar

from engine.domain.events.base import CaseEvent, Event, PeopleEvent


@dataclass(frozen=True)
class MandateEvent(Event):
    """Something that happened to a mandate; without `account` it names a post of the unit."""

    account: str | None
    unit_no: int

    @property
    def chain(self) -> str:
        return f"account:{self.account}" if self.account else f"unit:{self.unit_no}"


@dataclass(frozen=True)
class GrantGiven(MandateEvent):
    """A mandate was given to somebody, or to everybody in a post of a unit (授权)."""

    grant_id: str
    power: str
    matter_types: tuple[str, ...]
    amount_limit: str | None
    valid_from: str
    valid_to: str | None
    mandate_no: str
    post: str | None = None
    matters: tuple[int, ...] = ()
    region: str | None = None


@dataclass(frozen=True)
class GrantRevoked(MandateEvent):
    """A mandate was revoked: from the day `revoked_on` it holds no more. It is not deleted."""

    grant_id: str
    power: str
    mandate_no: str
    revoked_on: str
    reason: str


@dataclass(frozen=True)
class AbsenceEnded(PeopleEvent):
    """A stand-in acts no longer after `last_day`, earlier than was planned."""

    stands_in_for: str
    last_day: str
    reason: str


@dataclass(frozen=True)
class OfficialLeft(PeopleEvent):
    """Somebody leaves the hall; `last_day` is the last on which the account opens anything."""

    last_day: str
    reason: str


@dataclass(frozen=True)
class EverythingHandedOver(PeopleEvent):
    """All that somebody held went to another, or back to his post, in one act (交接).

    `tasks` went to the receiver and `offered` to the posts that may do them; `grants` end on
    `last_day`, `granted` are given anew to the receiver, `absences` end too.
    """

    receiver: str | None
    last_day: str
    reason: str
    tasks: tuple[str, ...]
    offered: tuple[str, ...]
    grants: tuple[str, ...]
    granted: tuple[str, ...]
    absences: int


@dataclass(frozen=True)
class UnitHandedOver(Event):
    """What a unit had open went to the unit that takes over its duties; clocks run on."""

    topics: ClassVar[tuple[str, ...]] = ("inbox",)
    unit_no: int
    to_unit: int
    reason: str
    cases: int
    tasks: int

    @property
    def chain(self) -> str:
        return f"unit:{self.unit_no}"


@dataclass(frozen=True)
class CaseMoved(CaseEvent):
    """The case went to another unit, which took over the duties of the first."""

    from_unit: int
    to_unit: int
    reason: str


@dataclass(frozen=True)
class TaskMoved(CaseEvent):
    """A task went to another unit, which took over the duties of the first; nobody holds it."""

    task_id: str
    step: str
    from_unit: int
    to_unit: int


@dataclass(frozen=True)
class TaskReoffered(CaseEvent):
    """A task was taken from its holder, who may not do it any more, and offered to its posts."""

    task_id: str
    step: str
    holder: str
    because: str
