"""Cards of the supervision (电子监察): 提示, 黄牌, 红牌, raised once for each occasion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Card:
    """One card: what a row of a table found on some facts, whom it tells, until when they answer.

    `occasion` is what the rule speaks of (a due day, a task, a notice): the same rule raises one
    card for it and no second. `row` and `version` say which row of which version raised it;
    `facts` are what it saw, `text` what a supervisor wrote. `reply_by` is None where no answer is
    wanted.
    """

    id: str
    case_id: str
    rule: str
    occasion: str
    level: str
    recipients: tuple[str, ...]
    raised_at: datetime
    reply_by: date | None
    row: str
    version: str
    facts: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
