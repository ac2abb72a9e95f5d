"""The working-day calendar changed by notice, and every open clock derived anew from it.

The change is one act; the clocks follow in one chain of jobs, a batch each, so that a worker that
dies goes on where the last batch was committed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.domain.case import Task
from engine.domain.clocks import PROMISED, Clock
from engine.domain.events.configuration import CalendarChanged
from engine.domain.people import SYSTEM, Official
from engine.domain.working_time import (
    HOLIDAY,
    SATURDAY,
    Calendar,
    Due,
    NoticedDay,
    calendar_of,
)
from engine.kernel.errors import Forbidden, Invalid
from engine.kernel.now import hall_day
from engine.services import clocks
from engine.services.hall import Hall
from engine.storage import calendar as rows
from engine.storage import cases
from engine.storage import clocks as clock_rows
from engine.storage.calendar import Changed
from engine.storage.unit import Unit

BATCH = 500
WORKED_WEEKEND = "worked_weekend"
KINDS = frozenset({HOLIDAY, WORKED_WEEKEND})
PERMISSION = "rule.change"
EXAMPLES = 50


@dataclass(frozen=True)
class Move:
    """A clock of a case that would be due on another day."""

    case_no: str
    kind: str
    before: date
    after: date


@dataclass(frozen=True)
class Preview:
    """What a notice would change: days, and how many open cases get another due day.

    A case counts once, as `earlier` if one of its clocks would end earlier; `overdue` are those
    that would be over their day at once. `moves` are the first of them, at most 50.
    """

    changed: tuple[Changed, ...]
    cases: int
    earlier: int
    later: int
    overdue: int
    moves: tuple[Move, ...]


def may_change(by: Official) -> bool:
    """Return whether `by` may put a notice in force: policy staff, and the hall itself."""
    return by.id == SYSTEM.id or by.may(PERMISSION)


def preview(
    hall: Hall, by: Official, days: Sequence[NoticedDay], notice: str, year: int | None = None
) -> Preview:
    """Return what `change` would do, or `import_year` for a whole year, and write nothing.

    Raises as they do.
    """
    _refuse_unsound(by, year, days, notice)
    with hall.reading() as unit:
        known = rows.known(unit)
        kept = {day: one for day, one in known.items() if day.year != year}
        fresh = {**kept, **{one.day: one for one in days}}
        changed = tuple(
            Changed(known.get(day), fresh.get(day))
            for day in sorted({*known, *fresh})
            if known.get(day) != fresh.get(day)
        )
        return _look_ahead(hall, unit, changed, calendar_of(fresh.values()))


def change(hall: Hall, by: Official, days: Sequence[NoticedDay], notice: str) -> list[Changed]:
    """Put single days in force and return those that differ from what was known.

    Raises Forbidden `calendar.not_allowed`; Invalid `calendar.notice` without the number of the
    notice, `calendar.day` (day) for a kind that is none, a worked weekday, or a day given twice.
    """
    return _change(hall, by, None, days, notice)


def import_year(
    hall: Hall, by: Official, year: int, days: Sequence[NoticedDay], notice: str
) -> list[Changed]:
    """Put the notice of a whole year in place of what was known of it; raises as `change`.

    A day of another year is Invalid `calendar.day` too.
    """
    return _change(hall, by, year, days, notice)


def recompute(hall: Hall, unit: Unit, run: str, after: str) -> None:
    """Derive the clocks of the next cases anew, and leave a job for those that follow.

    Due days that moved are told in the chain of each case, and its applicant when they are later.
    """
    batch = clock_rows.open_batch(unit, after, BATCH)
    calendar, first = hall.library.shelf(unit).calendar, hall.rules.count_first_day
    tasks = clock_rows.limited_tasks(unit, [one.case_id for one in batch])
    moved: list[clocks.Rederived] = []
    later: list[Task] = []
    for one in batch:
        found = clocks.rederive(one.clocks, one.stops, calendar, first)
        steps = clocks.rederive_tasks(tasks.get(one.case_id, ()), one.stops, calendar, first)
        if steps or found.clocks != one.clocks:
            moved.append(found)
            later += [after for _, after in steps]
            clocks.tell(unit, found, steps, "calendar")
            if any(due.day > clock.due_on for clock, due in found.moved):
                key = f"{one.case_id}:calendar:{run}"
                unit.enqueue("notice.send", key, {"case_id": one.case_id}, lane="outside")
    clock_rows.save(unit, [clock for found in moved for clock in found.clocks])
    clock_rows.move_tasks(unit, later)
    clock_rows.save_dues(unit, [_dues(found) for found in moved])
    if len(batch) == BATCH:
        _plan(unit, run, batch[-1].case_id)


def _dues(found: clocks.Rederived) -> clock_rows.CaseDues:
    return clock_rows.CaseDues(
        found.clocks[0].case_id,
        found.due(PROMISED),
        found.by_law,
        any(clock.provisional for clock in found.clocks),
    )


def _change(
    hall: Hall, by: Official, year: int | None, days: Sequence[NoticedDay], notice: str
) -> list[Changed]:
    _refuse_unsound(by, year, days, notice)
    with hall.unit(by) as unit:
        if year is None:
            changed = rows.put(unit, days, notice.strip())
        else:
            changed = rows.put_year(unit, year, days, notice.strip())
        if changed:
            unit.record(
                CalendarChanged(
                    notice=notice.strip(),
                    days=tuple(_told(one) for one in changed),
                )
            )
            _plan(unit, unit.ids(), "")
    return changed


def _plan(unit: Unit, run: str, after: str) -> None:
    unit.enqueue("calendar.recompute", f"{run}:{after}", {"run": run, "after": after})


def _look_ahead(
    hall: Hall, unit: Unit, changed: tuple[Changed, ...], calendar: Calendar
) -> Preview:
    today, moves = hall_day(unit.at), list[Move]()
    count = {"cases": 0, "earlier": 0, "later": 0, "overdue": 0}
    for case_id, moved in _moved(hall, unit, changed, calendar):
        sooner = any(due.day < clock.due_on for clock, due in moved)
        count["cases"] += 1
        count["earlier" if sooner else "later"] += 1
        count["overdue"] += any(due.day < today <= clock.due_on for clock, due in moved)
        if len(moves) < EXAMPLES:
            case_no = cases.case(unit, case_id).case_no
            moves += [Move(case_no, clock.kind, clock.due_on, due.day) for clock, due in moved]
    return Preview(changed, **count, moves=tuple(moves[:EXAMPLES]))


def _moved(
    hall: Hall, unit: Unit, changed: Sequence[Changed], calendar: Calendar
) -> Iterator[tuple[str, tuple[tuple[Clock, Due], ...]]]:
    """Yield the cases of which a clock is due on another day by `calendar`, by id."""
    count_first, after = hall.rules.count_first_day, ""
    # A clock that ends before the first of the changed days knows nothing of them.
    first = min((one.day for one in changed), default=None)
    while first is not None:
        batch = clock_rows.due_from(unit, first, after, BATCH)
        for one in batch:
            moved = clocks.rederive(one.clocks, one.stops, calendar, count_first).moved
            if moved:
                yield one.case_id, moved
        if len(batch) < BATCH:
            return
        after = batch[-1].case_id


def _refuse_unsound(
    by: Official, year: int | None, days: Sequence[NoticedDay], notice: str
) -> None:
    if not may_change(by):
        raise Forbidden("calendar.not_allowed")
    if not notice.strip():
        raise Invalid("calendar.notice", field="notice")
    seen = set()
    for one in days:
        worked = one.kind == WORKED_WEEKEND
        wrong = one.kind not in KINDS or (worked and one.day.weekday() < SATURDAY)
        if wrong or one.day in seen or year not in (None, one.day.year):
            raise Invalid("calendar.day", day=one.day)
        seen.add(one.day)


def _told(one: Changed) -> str:
    """Return a changed day as the history keeps it: `2027-02-08 - > holiday`."""
    kinds = ("-" if day is None else day.kind for day in (one.before, one.after))
    return f"{one.day.isoformat()} {' > '.join(kinds)}"
