"""Working days of the hall: when a limit ends, how many days are left, why a day is free.

行政许可法 art. 82: limits are working days without statutory holidays. 民法典 art. 201 and 203:
the day on which a limit begins is not counted, and its last day ends at close of business.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from engine.kernel.errors import Invalid, Unavailable
from engine.kernel.now import HALL_ZONE, hall_day

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WEEK = 7
WORKING_DAYS_A_WEEK = 5
CLOSE_OF_BUSINESS = time(17, 30)
HALL_HOURS = ((time(9), time(12)), (time(13, 30), CLOSE_OF_BUSINESS))


LONGEST_COUNT = 5_000
HOLIDAY, PUBLISHED, PROVISIONAL = "holiday", "published", "provisional"


class Due(NamedTuple):
    """The last day of a limit; `provisional` (暂定) when a day on the way has no notice yet."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class Suspension:
    """Days on which a clock stands still: from `start` up to, not including, `end`."""

    start: date
    end: date


@dataclass(frozen=True)
class CountedDay:
    """One day between the start of a limit and its end, and why it was not counted.

    `why` is None for a day that was, else `first_day` (民法典 art. 201), `weekend`, `holiday` or
    `suspended`; `name` is what the notice calls the day.
    """

    day: date
    why: str | None
    name: str


@dataclass(frozen=True)
class Calendar:
    """The free days that the State Council announced, and the weekends worked in exchange (调休).

    `first` and `last` bound what is known. Days beyond them are counted Monday to Friday and
    make a due day provisional, like the days of `provisional_years`: too few holidays make it
    early, which is safe for the applicant. `names` tells what the notices call a day (国庆节).
    """

    holidays: frozenset[date]
    worked_weekends: frozenset[date]
    provisional_years: frozenset[int]
    first: date
    last: date
    names: Mapping[date, str] = field(default_factory=dict, compare=False)

    def is_working(self, day: date) -> bool:
        """Return whether the hall works on `day`."""
        return self.why_free(day) is None

    def why_free(self, day: date) -> str | None:
        """Return `holiday` or `weekend`, or None for a working day."""
        if day in self.worked_weekends:
            return None
        if day in self.holidays:
            return HOLIDAY
        return "weekend" if day.weekday() >= SATURDAY else None

    def is_provisional(self, day: date) -> bool:
        """Return whether no notice has settled yet if `day` is worked."""
        return not self.first <= day <= self.last or day.year in self.provisional_years

    @cached_property
    def _working(self) -> tuple[int, ...]:
        """The ordinals of all known working days, so that counting is one bisection."""
        days = range(self.first.toordinal(), self.last.toordinal() + 1)
        return tuple(o for o in days if self.is_working(date.fromordinal(o)))

    @cached_property
    def _first_unknown(self) -> date:
        """The first day of the calendar that is provisional, or the day after its end."""
        starts = [date(year, 1, 1) for year in self.provisional_years]
        known = [day for day in starts if self.first <= day <= self.last]
        return min(known, default=self.last + ONE_DAY)

    def rank(self, day: date) -> int:
        """Return how many working days end with `day`, counted from the calendar's first day."""
        if day < self.first:
            return _weekdays(day) - _weekdays(self.first - ONE_DAY)
        known = bisect_right(self._working, day.toordinal())
        return known + (_weekdays(day) - _weekdays(self.last) if day > self.last else 0)

    def day_of_rank(self, rank: int) -> date:
        """Return the working day with that rank; the inverse of `rank`."""
        if rank < 1:
            return _weekday(_weekdays(self.first - ONE_DAY) + rank)
        if rank <= len(self._working):
            return date.fromordinal(self._working[rank - 1])
        return _weekday(_weekdays(self.last) + rank - len(self._working))

    def touches_unknown(self, after: date, until: date) -> bool:
        """Return whether a day in (after, until] is provisional."""
        if after + ONE_DAY >= self.first and until < self._first_unknown:
            return False
        days = range(after.toordinal() + 1, until.toordinal() + 1)
        return any(self.is_provisional(date.fromordinal(ordinal)) for ordinal in days)


class NoticedDay(NamedTuple):
    """A day of a notice: kind `holiday` or `worked_weekend`, status `published` or not yet."""

    day: date
    kind: str
    name: str
    status: str


def calendar_of(days: Iterable[NoticedDay]) -> Calendar:
    """Return the calendar of some noticed days, from the first day of its first year on.

    A year with one `provisional` day is provisional. Raises Unavailable `calendar.empty`.
    """
    noticed = list(days)
    if not noticed:
        raise Unavailable("calendar.empty")
    return Calendar(
        holidays=frozenset(one.day for one in noticed if one.kind == HOLIDAY),
        worked_weekends=frozenset(one.day for one in noticed if one.kind != HOLIDAY),
        provisional_years=frozenset(one.day.year for one in noticed if one.status == PROVISIONAL),
        first=date(min(one.day.year for one in noticed), 1, 1),
        last=date(max(one.day.year for one in noticed), 12, 31),
        names={one.day: one.name for one in noticed},
    )


def due_on(
    start: date,
    days: int,
    calendar: Calendar,
    suspensions: Iterable[Suspension] = (),
    count_first_day: bool = False,
) -> Due:
    """Return the last day on which an answer within `days` working days of `start` is in time.

    An open suspension is given with its announced end. Raises Invalid `clock.days` when `days`
    is below one and `clock.suspension` when a suspension ends before it starts.
    """
    if days < 1:
        raise Invalid("clock.days", days=days)
    before = start - ONE_DAY if count_first_day else start
    target = calendar.rank(before) + days
    day = calendar.day_of_rank(target)
    for span in _merged(suspensions):
        if span.start > day:
            break
        target += _working_within(span, before, calendar)
        day = calendar.day_of_rank(target)
    return Due(day, calendar.touches_unknown(before, day))


def count_days(
    start: date,
    days: int,
    calendar: Calendar,
    suspensions: Iterable[Suspension] = (),
    count_first_day: bool = False,
) -> list[CountedDay]:
    """Return every day from `start` to the due day, with the reason of those not counted.

    Raises as `due_on`, and Invalid `clock.days` above 5,000 days, because nobody reads that many.
    """
    if days > LONGEST_COUNT:
        raise Invalid("clock.days", days=days)
    spans = list(_merged(suspensions))
    due = due_on(start, days, calendar, spans, count_first_day).day
    found = []
    for ordinal in range(start.toordinal(), due.toordinal() + 1):
        day = date.fromordinal(ordinal)
        why = calendar.why_free(day)
        if why is None and any(span.start <= day < span.end for span in spans):
            why = "suspended"
        if day == start and not count_first_day:
            why = "first_day"
        found.append(CountedDay(day, why, calendar.names.get(day, "")))
    return found


def days_left(
    today: date, due: date, calendar: Calendar, suspensions: Iterable[Suspension] = ()
) -> int:
    """Return the working days in (today, due] on which the clock runs; 0 on the due day itself.

    Negative once the due day has passed: working days over, at least one also on the free days
    right after it, because an overdue case must never look as if it were in time.
    """
    left = working_days_between(today, due, calendar, suspensions)
    return min(left, -1) if today > due else left


def working_days_between(
    start: date, end: date, calendar: Calendar, suspensions: Iterable[Suspension] = ()
) -> int:
    """Return the working days in (start, end] on which a clock runs; negative if end < start."""
    if end < start:
        return -working_days_between(end, start, calendar, suspensions)
    count = calendar.rank(end) - calendar.rank(start)
    for span in _merged(suspensions):
        cut = Suspension(span.start, min(span.end, end + ONE_DAY))
        count -= _working_within(cut, start, calendar)
    return count


def left_at(
    at: datetime,
    due: date,
    calendar: Calendar,
    suspensions: Iterable[Suspension] = (),
    close: time = CLOSE_OF_BUSINESS,
) -> int:
    """Return `days_left` at an aware moment: -1 on the due day itself after close of business."""
    left = days_left(hall_day(at), due, calendar, suspensions)
    return min(left, -1) if at > close_of_business(due, close) else left


def close_of_business(day: date, close: time = CLOSE_OF_BUSINESS) -> datetime:
    """Return the moment on `day`, aware, in the hall's zone, until which a deed is in time."""
    return datetime.combine(day, close, HALL_ZONE)


def _working_within(span: Suspension, after: date, calendar: Calendar) -> int:
    """Count the working days of a suspension that lie after a day."""
    before = max(span.start - ONE_DAY, after)
    return max(0, calendar.rank(span.end - ONE_DAY) - calendar.rank(before))


def _merged(suspensions: Iterable[Suspension]) -> Iterator[Suspension]:
    """Yield the suspensions in order, those that touch or overlap as one."""
    current: Suspension | None = None
    for span in sorted(suspensions, key=lambda each: each.start):
        if span.end < span.start:
            raise Invalid("clock.suspension", start=span.start, end=span.end)
        if current is None:
            current = span
        elif span.start <= current.end:
            current = Suspension(current.start, max(current.end, span.end))
        else:
            yield current
            current = span
    if current is not None:
        yield current


def _weekdays(day: date) -> int:
    """Return the number of days Monday to Friday since the calendar's year 1 up to `day`."""
    weeks, rest = divmod(day.toordinal(), WEEK)  # ordinal 1 is a Monday
    return weeks * WORKING_DAYS_A_WEEK + min(rest, WORKING_DAYS_A_WEEK)


def _weekday(count: int) -> date:
    """Return the `count`-th day Monday to Friday; the inverse of `_weekdays`."""
    weeks, rest = divmod(count - 1, WORKING_DAYS_A_WEEK)
    return date.fromordinal(weeks * WEEK + rest + 1)
