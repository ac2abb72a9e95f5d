"""What happens to the special procedures of a case (听证, 检验, 勘查 and the others)."""

from dataclasses import dataclass

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class SpecialProcedureStarted(CaseEvent):
    """A special procedure began; `row` said whether the clocks stop, a notice says how long.

    `late` when it began later than the law allows after the acceptance (行政许可法 art. 55).
    """

    procedure_id: str
    procedure: str
    child_id: str
    notice_no: str
    announced_days: int
    announced_until: str
    stops_clock: bool
    row: str
    clock_law: str
    legal_basis: str
    people: tuple[str, ...]
    late: bool
    mandate_no: str | None


@dataclass(frozen=True)
class SpecialProcedureReannounced(CaseEvent):
    """A special procedure takes longer than was announced; another notice says how long, why."""

    procedure_id: str
    procedure: str
    notice_no: str
    announced_days: int
    announced_until: str
    reason: str


@dataclass(frozen=True)
class SpecialProcedureEnded(CaseEvent):
    """A special procedure ended; if it had stopped the clocks, they run again.

    `signed` are the officials who signed what was found, `over` the working days beyond the
    announced end.
    """

    procedure_id: str
    procedure: str
    ending: str
    signed: tuple[str, ...]
    over: int
