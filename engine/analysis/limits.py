"""Past cases timed again under another promise: which would have been late."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from engine.analysis.tally import Changed, Part, Tally
from engine.domain.clocks import Clock, Stop, derive
from engine.domain.working_time import CLOSE_OF_BUSINESS, Calendar, close_of_business
from engine.kernel.now import HALL_ZONE


@dataclass(frozen=True)
class Timed:
    """A decided case with the clock of its promise and the times in which that stood still.

    `extended_days` were added to the limits on `extended_on`, None where they never were;
    `limit` is the day by law, beyond which an extension moves no promise.
    """

    case_id: str
    matter_no: int
    unit_no: int
    decided_at: datetime
    clock: Clock
    stops: tuple[Stop, ...]
    extended_days: int = 0
    extended_on: date | None = None
    limit: date | None = None


@dataclass(frozen=True)
class Promise:
    """The promised working days of a type of matter as they are, and as they might be.

    Cases that were promised another number of days (a matter may promise less than its type)
    keep it.
    """

    days_before: int
    days_after: int
    calendar: Calendar
    count_first_day: bool = False
    close: time = CLOSE_OF_BUSINESS


def time_again(promise: Promise, batch: Sequence[Timed]) -> Part:
    """Time a batch of cases again: suspensions and extensions happen as they did.

    Changed are the cases that would be late and were not, or the other way round. Late is what
    was decided after the close of business of the promised day.
    """
    tally, changed = Tally(), []
    for one in batch:
        due = due_again(promise, one)
        late_before = _late(one.decided_at, one.clock.due_on, promise.close)
        late_after = _late(one.decided_at, due, promise.close)
        tally.asked += 1
        tally.count(one.matter_no, one.unit_no, late_before != late_after, late_before, late_after)
        if late_before != late_after:
            before = _told(promise, one, one.clock.limit_days, one.clock.due_on, late_before)
            after = _told(promise, one, _days(promise, one.clock), due, late_after)
            tally.note({"late": late_before}, {"late": late_after})
            changed.append(
                Changed(one.case_id, one.case_id, one.matter_no, one.unit_no, before, after)
            )
    return Part(tally, tuple(changed))


def due_again(promise: Promise, one: Timed) -> date:
    """Return when a case would have been due.

    An extension moves the promise only if that had not passed when it was notified, and up to
    the day by law, as it did then.
    """
    days = _days(promise, one.clock)
    if days == one.clock.limit_days:
        return one.clock.due_on
    clock, on = replace(one.clock, limit_days=days, extended_days=0), one.extended_on
    if on is None:
        return _due(promise, clock, one.stops)
    if on > _due(promise, clock, [stop for stop in one.stops if stop.started_on < on]):
        return _due(promise, clock, one.stops)
    longer = _due(promise, replace(clock, extended_days=one.extended_days), one.stops)
    return longer if one.limit is None else min(longer, one.limit)


def _due(promise: Promise, clock: Clock, stops: Sequence[Stop]) -> date:
    return derive(clock, stops, promise.calendar, promise.count_first_day).day


def _days(promise: Promise, clock: Clock) -> int:
    same = clock.limit_days == promise.days_before
    return promise.days_after if same else clock.limit_days


def _late(decided_at: datetime, due: date, close: time) -> bool:
    return decided_at > close_of_business(due, close)


def _told(promise: Promise, one: Timed, days: int, due: date, late: bool) -> dict[str, object]:
    """What explains a due day: the days that count, those that do not, and the decision."""
    decided = one.decided_at.astimezone(HALL_ZONE)
    return {
        "started_on": one.clock.started_on.isoformat(),
        "promised_days": days,
        "stopped_days": sum(stop.working_days(promise.calendar) for stop in one.stops),
        "due_on": due.isoformat(),
        "decided_at": decided.strftime("%Y-%m-%d %H:%M"),
        "late": late,
    }
