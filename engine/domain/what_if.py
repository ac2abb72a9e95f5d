"""A replay (历史回放) as it stands: what was asked, how far it is, what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

WAITING, RUNNING, DONE, CANCELLED, FAILED = "waiting", "running", "done", "cancelled", "failed"
OPEN = (WAITING, RUNNING)


@dataclass(frozen=True)
class Run:
    """One replay.

    `kind` is `table`, `process` or `promise`, `key` the table, the process or the type of matter;
    `done` and `total` count cases, `position` is the id of the last case that was done, `changes`
    how many rows were found; `failure` is code and params of the error that ended it.
    """

    id: str
    kind: str
    key: str
    digest: str
    days_before: int | None
    days_after: int | None
    first_day: date
    last_day: date
    state: str
    done: int
    total: int
    position: str
    changes: int
    result: Mapping[str, Any]
    failure: Mapping[str, Any]
    started_by: str
    started_at: datetime
    ended_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN
