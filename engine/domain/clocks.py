"""The legal clocks of a case: what each counts, what stops and what extends it, when it is due.

Days are working days (行政许可法 art. 82). A due day is derived from the start, the limit, the
extensions and the suspensions, never typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from engine.domain.working_time import (
    CLOSE_OF_BUSINESS,
    ONE_DAY,
    Calendar,
    Due,
    Suspension,
    due_on,
    left_at,
)

SOON_DAYS = 1
PROMISED, STATUTORY, JOINT, STEP = "promised", "statutory", "joint", "step"
# 行政许可法 art. 42: once, by the head of the organ; joint: 45 days and 15 more.
EXTENSION_DAYS: Mapping[str, int] = {STATUTORY: 10, JOINT: 15}


@dataclass(frozen=True)
class ClockKind:
    """A kind of legal clock: its days where the law gives them, whether it may stand still."""

    days: int | None
    stops: bool
    legal_basis: str


KINDS: Mapping[str, ClockKind] = {
    STATUTORY: ClockKind(None, True, "《中华人民共和国行政许可法》第四十二条"),
    PROMISED: ClockKind(None, True, "《中华人民共和国行政许可法》第四十二条"),
    JOINT: ClockKind(45, True, "《中华人民共和国行政许可法》第四十二条第二款"),
    STEP: ClockKind(None, True, "《中华人民共和国行政许可法》第四十三条"),
    "notice": ClockKind(5, False, "《中华人民共和国行政许可法》第三十二条"),
    "delivery": ClockKind(10, False, "《中华人民共和国行政许可法》第四十四条"),
    "complaint": ClockKind(5, False, "《雁城市政务服务电子监察办法（演示）》S13"),
    "rectification": ClockKind(15, False, "《雁城市政务服务好差评办法（演示）》第九条"),
}


@dataclass(frozen=True)
class Clock:
    """One clock; `limit_days` and `extended_days` are working days, `closed_at` None while it runs.

    `provisional` (暂定): a day on the way has no notice of the State Council yet.
    """

    id: int
    case_id: str
    kind: str
    started_on: date
    limit_days: int
    due_on: date
    provisional: bool
    closed_at: datetime | None
    extended_days: int = 0


@dataclass(frozen=True)
class Stop:
    """A time in which the clocks of a case stand still (中止计时), for a reason of the closed list.

    From `started_on`, which is not counted, to the day before `ended_on`, which is; while it is
    open, to the announced last day `announced_until`. `source_id` is what stopped them.
    """

    id: str
    case_id: str
    kind: str
    started_on: date
    announced_until: date
    legal_basis: str
    source_id: str
    ended_on: date | None = None

    @property
    def span(self) -> Suspension:
        """The days that are not counted, as far as they are known."""
        end = self.ended_on if self.ended_on is not None else self.announced_until + ONE_DAY
        return Suspension(self.started_on, end)

    def working_days(self, calendar: Calendar) -> int:
        """Return how many working days are not counted because of it."""
        return calendar.rank(self.span.end - ONE_DAY) - calendar.rank(self.span.start - ONE_DAY)


def derive(
    clock: Clock, stops: Iterable[Stop], calendar: Calendar, count_first_day: bool = False
) -> Due:
    """Return when a clock is due by all that happened to it; raises as `working_time.due_on`."""
    spans = [stop.span for stop in stops] if KINDS[clock.kind].stops else []
    days = clock.limit_days + clock.extended_days
    return due_on(clock.started_on, days, calendar, spans, count_first_day)


def left(
    clock: Clock,
    stops: Iterable[Stop],
    at: datetime,
    calendar: Calendar,
    close: time = CLOSE_OF_BUSINESS,
) -> int:
    """Return the working days on which a clock still runs until it is due; see `left_at`.

    A clock that stands still has the same number left each day, also beyond the announced end.
    """
    spans = [stop.span for stop in stops] if KINDS[clock.kind].stops else []
    return left_at(at, clock.due_on, calendar, spans, close)


def stopped_by(clock: Clock, stops: Iterable[Stop]) -> Stop | None:
    """Return what lets a clock stand still, the longest announced; None for one that runs."""
    if clock.closed_at is not None or not KINDS[clock.kind].stops:
        return None
    standing = (stop for stop in stops if stop.ended_on is None)
    return max(standing, key=lambda stop: stop.announced_until, default=None)


def light(days_left: int | None) -> str:
    """Return ok, soon (at most one working day left) or overdue; ok when no clock runs."""
    if days_left is None or days_left > SOON_DAYS:
        return "ok"
    return "soon" if days_left >= 0 else "overdue"
