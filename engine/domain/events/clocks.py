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
