"""The load of the hall now: open tasks by unit and person, and what each window served today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.domain.people import Official, Window
from engine.domain.people import Unit as PublicUnit
from engine.domain.ticket import Ticket, TicketState
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import load, people, tickets, windows
from engine.storage.windows import Closure

WHOLE_HALL = "case.read_all"


@dataclass(frozen=True)
class Held:
    """The open tasks of one person; `name` is None for those that nobody has claimed."""

    holder_id: str | None
    name: str | None
    tasks: int
    late: int
    nearest_due: date | None


@dataclass(frozen=True)
class UnitLoad:
    """The open tasks of a unit, the most burdened person first."""

    unit: PublicUnit
    tasks: int
    late: int
    held: tuple[Held, ...]


@dataclass(frozen=True)
class WindowLoad:
    """What a window did today: visitors served, those who did not come, minutes for one of them.

    `minutes` is None while nobody has been served; `closure` says why the window is closed now.
    """

    window: Window
    officer: str | None
    served: int
    no_shows: int
    minutes: int | None
    closure: Closure | None


def by_unit(hall: Hall, by: Official) -> list[UnitLoad]:
    """Return the units that have open tasks, the fullest first.

    Who may read the cases of all units sees all units, anybody else the own.
    """
    with hall.reading() as unit:
        units, names = hall.library.shelf(unit).units, people.names(unit)
        found: dict[int, list[Held]] = {}
        for row in load.open_tasks(unit, hall_day(unit.at), _only(by)):
            name = names.get(row.holder_id, row.holder_id) if row.holder_id else None
            one = Held(row.holder_id, name, row.tasks, row.late, row.nearest_due)
            found.setdefault(row.unit_no, []).append(one)
    loads = [
        UnitLoad(
            unit=units[no],
            tasks=sum(one.tasks for one in held),
            late=sum(one.late for one in held),
            held=tuple(sorted(held, key=lambda one: (-one.tasks, one.name or ""))),
        )
        for no, held in found.items()
    ]
    return sorted(loads, key=lambda one: (-one.tasks, one.unit.no))


def by_window(hall: Hall, by: Official) -> list[WindowLoad]:
    """Return every window with what it served today, by number; of the units as in `by_unit`."""
    only = _only(by)
    with hall.reading() as unit:
        shelf, shut, today = hall.library.shelf(unit), windows.closures(unit), hall_day(unit.at)
        officers = {
            one.window_no: one.name
            for one in people.officials(unit)
            if one.window_no and one.works_on(today)
        }
        called: dict[int | None, list[Ticket]] = {}
        for ticket in tickets.called_on(unit, today):
            called.setdefault(ticket.window_no, []).append(ticket)
        return [
            _window_load(row, officers.get(no), called.get(no, ()), shut.get(no))
            for no, row in sorted(shelf.windows.items())
            if only in (None, row.unit_no)
        ]


def _only(by: Official) -> int | None:
    return None if by.may(WHOLE_HALL) else by.unit_no


def _window_load(
    window: Window, officer: str | None, called: Sequence[Ticket], closure: Closure | None
) -> WindowLoad:
    served = [one for one in called if one.state is TicketState.SERVED]
    spent = [one.service_minutes or 0 for one in served]
    return WindowLoad(
        window=window,
        officer=officer,
        served=len(served),
        no_shows=sum(one.state is TicketState.NO_SHOW for one in called),
        minutes=round(sum(spent) / len(spent)) if spent else None,
        closure=closure,
    )
