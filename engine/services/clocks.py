"""The legal clocks of a case: opened, stopped, run on, closed, and derived anew by each of these.

The functions take the open unit and return the case with its new due days; the caller writes it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine.domain.case import Case, Task
from engine.domain.clocks import EXTENSION_DAYS, PROMISED, STATUTORY, Clock, Stop, derive
from engine.domain.events.clocks import (
    ClockMoved,
    ClocksAnnounced,
    ClocksResumed,
    ClocksStopped,
)
from engine.domain.working_time import ONE_DAY, Calendar, Due, due_on, working_days_between
from engine.kernel.errors import Conflict, Invalid
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import cases
from engine.storage import clocks as rows
from engine.storage.unit import Unit


@dataclass(frozen=True)
class Cause:
    """What stops the clocks: a kind of special procedure, until when by announcement, by which law.

    `source_id` names what it is done for, and what must end before the clocks run again.
    """

    kind: str
    announced_until: date
    legal_basis: str
    source_id: str


@dataclass(frozen=True)
class Rederived:
    """What changes when the due days of a case are derived anew."""

    clocks: tuple[Clock, ...]
    moved: tuple[tuple[Clock, Due], ...]

    def due(self, kind: str) -> date | None:
        """The due day of the open clock of a kind."""
        return next((clock.due_on for clock in self.clocks if clock.kind == kind), None)


def open_clock(
    hall: Hall, unit: Unit, case: Case, kind: str, limit_days: int, started_on: date | None = None
) -> Due:
    """Start a clock of `limit_days` working days, today or on an earlier day.

    Raises Conflict `clock.back` for a start later than today: the machine's clock was put back.
    """
    today = hall_day(unit.at)
    start = started_on or today
    if start > today:
        raise Conflict("clock.back", started_on=start, today=today)
    found = due(hall, unit, start, limit_days)
    cases.add_clocks(unit, case.id, [cases.ClockRow(kind, start, limit_days, found)])
    return found


def due(hall: Hall, unit: Unit, start: date, days: int) -> Due:
    """Return when a limit of working days ends, as this hall counts its first day."""
    calendar = hall.library.shelf(unit).calendar
    return due_on(start, days, calendar, count_first_day=hall.rules.count_first_day)


def suspend(hall: Hall, unit: Unit, case: Case, cause: Cause) -> Case:
    """Let the clocks of a case stand still from today to the announced day, that day included.

    Several causes may stop them at once: they run again when the last has ended. Raises Invalid
    `clock.suspension` for an end before today, Conflict `clock.stopped` when this source has
    stopped them already.
    """
    today = hall_day(unit.at)
    if cause.announced_until < today:
        raise Invalid("clock.suspension", start=today, end=cause.announced_until)
    before = rows.stops_of(unit, case.id)
    if any(stop.ended_on is None and stop.source_id == cause.source_id for stop in before):
        raise Conflict("clock.stopped", case=case.case_no)
    stop = Stop(
        id=unit.ids(),
        case_id=case.id,
        kind=cause.kind,
        started_on=today,
        announced_until=cause.announced_until,
        legal_basis=cause.legal_basis,
        source_id=cause.source_id,
    )
    rows.add_stop(unit, stop)
    unit.record(
        ClocksStopped(
            case_id=case.id,
            stop_id=stop.id,
            stopped_by=stop.kind,
            announced_until=stop.announced_until.isoformat(),
            legal_basis=stop.legal_basis,
            source_id=stop.source_id,
        )
    )
    return _derived(hall, unit, case, [*before, stop], "stop")


def reannounce(hall: Hall, unit: Unit, case: Case, source_id: str, until: date) -> Case:
    """Put off the announced end of a suspension; raises as `resume`, and Invalid as `suspend`."""
    stops = rows.stops_of(unit, case.id)
    stop = _open_one(case, stops, source_id)
    if until < hall_day(unit.at):
        raise Invalid("clock.suspension", start=stop.started_on, end=until)
    later = replace(stop, announced_until=until)
    rows.save_stop(unit, later)
    unit.record(
        ClocksAnnounced(case_id=case.id, stop_id=stop.id, announced_until=until.isoformat())
    )
    return _derived(hall, unit, case, _with(stops, later), "stop")


def resume(hall: Hall, unit: Unit, case: Case, source_id: str) -> Case:
    """Let the clocks run again from today, unless another source still stops them.

    Raises Conflict `clock.not_stopped` when this source
    does not stop them.
    """
    stops = rows.stops_of(unit, case.id)
    stop = _open_one(case, stops, source_id)
    ended = replace(stop, ended_on=max(hall_day(unit.at), stop.started_on))
    rows.save_stop(unit, ended)
    after = _with(stops, ended)
    calendar = hall.library.shelf(unit).calendar
    days = _working(stop.started_on, ended.ended_on or stop.started_on, calendar)
    unit.record(ClocksResumed(case_id=case.id, stop_id=stop.id, days=days))
    return _derived(hall, unit, case, after, "resume")


def suspended(unit: Unit, case_id: str) -> Stop | None:
    """Return what stops the clocks of a case longest by announcement, None when they run."""
    still = [stop for stop in rows.stops_of(unit, case_id) if stop.ended_on is None]
    return max(still, key=lambda stop: stop.announced_until, default=None)


def extend(hall: Hall, unit: Unit, case: Case, days: int) -> Case:
    """Add working days to the statutory clock; who may is asked before.

    The promised day moves with it, up to the statutory one, only if it has not passed: a notified
    extension replaces the promise. Raises Conflict `clock.extended` the second time,
    `clock.passed` after the statutory day, `clock.none` without an open statutory clock.
    """
    today = hall_day(unit.at)
    clocks = rows.running(unit, case.id)
    statutory = next((one for one in clocks if one.kind in EXTENSION_DAYS), None)
    if statutory is None:
        raise Conflict("clock.none", case=case.case_no)
    if statutory.extended_days:
        raise Conflict("clock.extended", case=case.case_no)
    if today > statutory.due_on:
        raise Conflict("clock.passed", case=case.case_no, due_on=statutory.due_on)
    longer = [
        replace(one, extended_days=days)
        if one is statutory or (one.kind == PROMISED and today <= one.due_on)
        else one
        for one in clocks
    ]
    return _derived(hall, unit, case, rows.stops_of(unit, case.id), "extension", longer)


def close(unit: Unit, case_id: str, kinds: Collection[str]) -> None:
    """Close the open clocks of some kinds of a case."""
    rows.close(unit, case_id, kinds)


def rederive(
    clocks: Iterable[Clock], stops: Iterable[Stop], calendar: Calendar, count_first_day: bool
) -> Rederived:
    """Return what the due days of open clocks are by a calendar and by what stopped them."""
    known = tuple(stops)
    dues = {clock.id: derive(clock, known, calendar, count_first_day) for clock in clocks}
    limit = min(
        (dues[clock.id].day for clock in clocks if clock.kind in EXTENSION_DAYS), default=None
    )
    now, moved = [], []
    for clock in clocks:
        due = dues[clock.id]
        if clock.kind == PROMISED and clock.extended_days and limit is not None:
            due = min(due, Due(limit, due.provisional))
        fresh = replace(clock, due_on=due.day, provisional=due.provisional)
        if due.day != clock.due_on:
            moved.append((clock, due))
        now.append(fresh)
    return Rederived(tuple(now), tuple(moved))


def _derived(
    hall: Hall,
    unit: Unit,
    case: Case,
    stops: list[Stop],
    why: str,
    clocks: list[Clock] | None = None,
) -> Case:
    """Derive the due days of a case anew, store and tell them, and return the case with them."""
    calendar, first = hall.library.shelf(unit).calendar, hall.rules.count_first_day
    known = rows.running(unit, case.id) if clocks is None else clocks
    found = rederive(known, stops, calendar, first)
    rows.save(unit, found.clocks)
    tell(unit, found, why)
    days = task_dues(cases.tasks_of(unit, case.id), stops, calendar, first)
    rows.move_tasks(unit, days)
    return replace(
        case,
        promised_due=found.due(PROMISED) or case.promised_due,
        statutory_due=found.due(STATUTORY) or case.statutory_due,
        provisional=any(clock.provisional for clock in found.clocks),
    )


def tell(unit: Unit, found: Rederived, why: str) -> None:
    """Record which clocks moved, from which day to which."""
    for clock, due in found.moved:
        unit.record(
            ClockMoved(
                case_id=clock.case_id,
                clock=clock.kind,
                was_due=clock.due_on.isoformat(),
                due_on=due.day.isoformat(),
                why=why,
            )
        )


def task_dues(
    tasks: Iterable[Task], stops: Iterable[Stop], calendar: Calendar, count_first_day: bool
) -> Mapping[str, date]:
    """Return the due days of open tasks with a limit that are not what they were, by id."""
    spans = [stop.span for stop in stops]
    days = {}
    for task in tasks:
        if task.is_open and task.limit_days:
            start = hall_day(task.opened_at)
            due = due_on(start, task.limit_days, calendar, spans, count_first_day).day
            if due != task.due_on:
                days[task.id] = due
    return days


def _open_one(case: Case, stops: Iterable[Stop], source_id: str) -> Stop:
    for stop in stops:
        if stop.ended_on is None and stop.source_id == source_id:
            return stop
    raise Conflict("clock.not_stopped", case=case.case_no)


def _with(stops: Iterable[Stop], changed: Stop) -> list[Stop]:
    return [changed if stop.id == changed.id else stop for stop in stops]


def _working(start: date, end: date, calendar: Calendar) -> int:
    return working_days_between(start - ONE_DAY, end - ONE_DAY, calendar) if end > start else 0
