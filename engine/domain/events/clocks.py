"""What happens to the legal clocks of a case."""

from dataclasses import dataclass

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class LimitWarned(CaseEvent):
    """The escalation table raised a warning about a clock of the case, once for each occasion."""

    level: str
    rule: str
    occasion: str
    row: str
    recipients: tuple[str, ...]
    table_version: str


@dataclass(frozen=True)
class ClocksStopped(CaseEvent):
    """The clocks of a case stand still (中止计时, art. 45); how long was told in writing."""

    stop_id: str
    stopped_by: str
    announced_until: str
    legal_basis: str
    source_id: str


@dataclass(frozen=True)
class ClocksAnnounced(CaseEvent):
    """The announced end of a suspension was put off, and the applicant told again."""

    stop_id: str
    announced_until: str


@dataclass(frozen=True)
class ClocksResumed(CaseEvent):
    """The clocks of a case run again; `days` are the working days that were not counted."""

    stop_id: str
    days: int


@dataclass(frozen=True)
class ClockMoved(CaseEvent):
    """The due day of a clock was derived anew; `why` is stop, resume, extension or calendar."""

    clock: str
    was_due: str
    due_on: str
    why: str


@dataclass(frozen=True)
class ClockSettled(CaseEvent):
    """A notice settled the due day of a clock that was provisional (暂定), or unsettled it."""

    clock: str
    due_on: str
    provisional: bool


@dataclass(frozen=True)
class Extended(CaseEvent):
    """The head of the unit extended the statutory limit (延期, art. 42), once, with reasons."""

    days: int
    reason: str
    row: str | None
    notice_no: str
