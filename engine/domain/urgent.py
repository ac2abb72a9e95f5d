"""Special disposal of urgent matters (特别处置权): each use has a reason and a later review."""

from dataclasses import dataclass
from datetime import date, datetime

# Taken out of order; papers tolerated (容缺); handled in less time than the steps are given.
KINDS = ("out_of_order", "tolerate", "shorten")
UPHELD, NOT_UPHELD = "upheld", "not_upheld"
REVIEWING_POSTS = ("head", "chief")


@dataclass(frozen=True)
class UrgentUse:
    """One use of the power; `task_id` is the after-review, due on `due_on`, with its `finding`."""

    id: str
    case_id: str
    kind: str
    reason: str
    used_by: str
    used_at: datetime
    mandate_no: str | None
    acting_for: str | None
    task_id: str
    due_on: date
    finding: str | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None

    @property
    def excluded(self) -> tuple[str, ...]:
        """The ids of those who may not review it: who used the power, and for whom he stood in."""
        return (self.used_by,) if self.acting_for is None else (self.used_by, self.acting_for)
