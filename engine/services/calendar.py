"""The working-day calendar changed by notice, and every open clock derived anew from it.

The change is one act; the clocks follow in one chain of jobs, a batch each, so that a worker that
dies goes on where the last batch was committed.
"""

from collections.abc import Sequence

from engine.domain.case import Task
from engine.domain.clocks import PROMISED
from engine.domain.events.configuration import CalendarChanged
from engine.domain.people import Official
from engine.domain.working_time import HOLIDAY, SATURDAY, NoticedDay
from engine.kernel.errors import Invalid
from engine.services import clocks
from engine.services.hall import Hall
from engine.storage import calendar as rows
from engine.storage import clocks as clock_rows
from engine.storage.calendar import Changed
from engine.storage.unit import Unit

BATCH = 500
WORKED_WEEKEND = "worked_weekend"
KINDS = frozenset({HOLIDAY, WORKED_WEEKEND})


def change(hall: Hall, by: Official, days: Sequence[NoticedDay], notice: str) -> list[Changed]:
    """Put single days in force and return those that differ from what was known.

    Raises Invalid `calendar.notice` without the number of the notice, `calendar.day` (day) for a
    kind that is none, a free weekend or a worked weekday, or a day given twice.
    """
    return _change(hall, by, None, days, notice)


def import_year(
    hall: Hall, by: Official, year: int, days: Sequence[NoticedDay], notice: str
) -> list[Changed]:
    """Put the notice of a whole year in place of what was known of it; raises as `change`.

    A day of another year is Invalid `calendar.day` too.
    """
    for one in days:
        if one.day.year != year:
            raise Invalid("calendar.day", day=one.day)
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
    if not notice.strip():
        raise Invalid("calendar.notice")
    _check(days)
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


def _check(days: Sequence[NoticedDay]) -> None:
    seen = set()
    for one in days:
        free = one.day.weekday() >= SATURDAY
        if one.kind not in KINDS or one.day in seen or (one.kind == WORKED_WEEKEND and not free):
            raise Invalid("calendar.day", day=one.day)
        seen.add(one.day)


def _told(one: Changed) -> str:
    """Return a changed day as the history keeps it: `2027-02-08 - > holiday`."""
    known = [day for day in (one.before, one.after) if day is not None]
    kinds = ("-" if day is None else day.kind for day in (one.before, one.after))
    return f"{known[0].day.isoformat()} {' > '.join(kinds)}"
