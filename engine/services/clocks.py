"""The legal clocks of a case: opened, stopped, run on, closed, and derived anew by each of these.

The functions take the open unit and return the case with its new due days; the caller writes it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from engine.domain.case import Case, CaseState, Task
from engine.domain.clocks import (
    EXTENSION_DAYS,
    KINDS,
    PROMISED,
    STEP,
    Clock,
    Stop,
    derive,
    left,
    light,
)
from engine.domain.events.clocks import (
    ClockMoved,
    ClocksAnnounced,
    ClockSettled,
    ClocksResumed,
    ClocksStopped,
)
from engine.domain.working_time import Calendar, Due, due_on
from engine.kernel.errors import Conflict, Invalid
from engine.kernel.now import hall_day
from engine.services import timers
from engine.services.hall import Hall
from engine.storage import cases
from engine.storage import clocks as rows
from engine.storage.unit import Unit

LONGEST_LIST = 1000


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
    """What the clocks of a case are when they are derived anew.

    `moved` are those due on another day, as they were and with it; `settled` those due on the same
    day that are provisional no longer, or are so now.
    """

    clocks: tuple[Clock, ...]
    moved: tuple[tuple[Clock, Due], ...]
    settled: tuple[Clock, ...] = ()

    def due(self, kind: str) -> date | None:
        """The due day of the open clock of a kind."""
        return next((clock.due_on for clock in self.clocks if clock.kind == kind), None)

    @property
    def by_law(self) -> date | None:
        """The due day of the open clock of the law: the statutory or the joint one."""
        return next((one.due_on for one in self.clocks if one.kind in EXTENSION_DAYS), None)


@dataclass(frozen=True)
class DueClock:
    """An open clock in a list: its case, the working days left, its light, whether it stands."""

    case_no: str
    clock: Clock
    left: int
    light: str
    stopped: bool


def due_clocks(hall: Hall, day: date | None = None, limit: int = LONGEST_LIST) -> list[DueClock]:
    """Return the open clocks that are due by a day, today by default, the most pressing first.

    `limit` is the length of the list.
    """
    with hall.reading() as unit:
        calendar, close = hall.library.shelf(unit).calendar, hall.rules.close_of_business
        found = rows.due_by(unit, day or hall_day(unit.at), limit)
        stops = rows.stops_by_case(unit, {clock.case_id for _, clock in found})
        lines = []
        for case_no, clock in found:
            known = stops.get(clock.case_id, ())
            days = left(clock, known, unit.at, calendar, close)
            stopped = KINDS[clock.kind].stops and any(stop.ended_on is None for stop in known)
            lines.append(DueClock(case_no, clock, days, light(days), stopped))
        return lines


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
    rows.add(unit, case.id, kind, start, limit_days, found)
    return found


def due(hall: Hall, unit: Unit, start: date, days: int) -> Due:
    """Return when a limit of working days ends, as this hall counts its first day."""
    calendar = hall.library.shelf(unit).calendar
    return due_on(start, days, calendar, count_first_day=hall.rules.count_first_day)


def suspend(hall: Hall, unit: Unit, case: Case, cause: Cause) -> Case:
    """Let the clocks of a case stand still from today to the announced day, that day included.

    Several causes may stop them at once: they run again when the last has ended. Raises Invalid
    `clock.suspension` for an end before today, Conflict `clock.stopped` when this source has
    stopped them already, `case.not_in_state` for a case that is not under way.
    """
    today = hall_day(unit.at)
    if case.state is not CaseState.ACCEPTED:
        raise Conflict("case.not_in_state", state=case.state.value, wanted="suspend")
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
    unit.record(ClocksResumed(case_id=case.id, stop_id=stop.id, days=ended.working_days(calendar)))
    earlier = [one.span for one in stops if one.ended_on is not None]
    case = timers.run_on(hall, unit, case, ended.span, earlier)
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


def close(unit: Unit, case_id: str, kinds: Collection[str] | None = None) -> None:
    """Close the open clocks of a case, of some kinds or of all."""
    rows.close(unit, case_id, kinds)


def rederive(
    clocks: Iterable[Clock], stops: Iterable[Stop], calendar: Calendar, count_first_day: bool
) -> Rederived:
    """Return what the due days of open clocks are by a calendar and by what stopped them."""
    open_clocks, known = tuple(clocks), tuple(stops)
    dues = {clock.id: derive(clock, known, calendar, count_first_day) for clock in open_clocks}
    limits = [dues[clock.id].day for clock in open_clocks if clock.kind in EXTENSION_DAYS]
    limit = min(limits, default=None)
    now, moved, settled = [], [], []
    for clock in open_clocks:
        due = dues[clock.id]
        if clock.kind == PROMISED and clock.extended_days and limit is not None:
            due = min(due, Due(limit, due.provisional))
        fresh = replace(clock, due_on=due.day, provisional=due.provisional)
        if due.day != clock.due_on:
            moved.append((clock, due))
        elif due.provisional != clock.provisional:
            settled.append(fresh)
        now.append(fresh)
    return Rederived(tuple(now), tuple(moved), tuple(settled))


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
    steps = rederive_tasks(cases.tasks_of(unit, case.id), stops, calendar, first)
    rows.move_tasks(unit, [after for _, after in steps])
    tell(unit, found, steps, why)
    return replace(
        case,
        promised_due=found.due(PROMISED) or case.promised_due,
        statutory_due=found.by_law or case.statutory_due,
        provisional=(
            any(clock.provisional for clock in found.clocks) if found.clocks else case.provisional
        ),
    )


def tell(unit: Unit, found: Rederived, steps: Iterable[tuple[Task, Task]], why: str) -> None:
    """Record which clocks and limits of steps moved, from which day to which."""
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
    for clock in found.settled:
        unit.record(
            ClockSettled(
                case_id=clock.case_id,
                clock=clock.kind,
                due_on=clock.due_on.isoformat(),
                provisional=clock.provisional,
            )
        )
    for was, now in steps:
        unit.record(
            ClockMoved(
                case_id=was.case_id,
                clock=STEP,
                was_due=str(was.due_on),
                due_on=str(now.due_on),
                why=why,
            )
        )


def rederive_tasks(
    tasks: Iterable[Task], stops: Iterable[Stop], calendar: Calendar, count_first_day: bool
) -> list[tuple[Task, Task]]:
    """Return the open tasks whose own limit ends on another day now, before and after."""
    spans = [stop.span for stop in stops]
    moved = []
    for task in tasks:
        if task.is_open and task.limit_days:
            start = hall_day(task.opened_at)
            due = due_on(start, task.limit_days, calendar, spans, count_first_day).day
            if due != task.due_on:
                moved.append((task, replace(task, due_on=due)))
    return moved


def _open_one(case: Case, stops: Iterable[Stop], source_id: str) -> Stop:
    for stop in stops:
        if stop.ended_on is None and stop.source_id == source_id:
            return stop
    raise Conflict("clock.not_stopped", case=case.case_no)


def _with(stops: Iterable[Stop], changed: Stop) -> list[Stop]:
    return [changed if stop.id == changed.id else stop for stop in stops]
