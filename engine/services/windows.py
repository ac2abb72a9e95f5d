"""Windows closed for a time and opened again; what waits there goes to another in one act."""

from dataclasses import dataclass, replace

from engine.domain.case import Task, TaskState
from engine.domain.events.tickets import WindowClosed, WindowOpened
from engine.domain.events.work import TaskHandedOver
from engine.domain.people import Official, Window
from engine.domain.ticket import Ticket
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import priority
from engine.services.hall import Hall
from engine.services.tasks import ruled
from engine.services.tickets import send
from engine.storage import cases, handover, people, tickets, windows
from engine.storage.unit import Unit
from engine.storage.windows import Closure

MANAGER = "hall_manager"


@dataclass(frozen=True)
class Closing:
    """A window before it is closed: what waits there, and the window and officer that take it.

    `to` is None when nobody can; then it may be closed only if nothing waits. `closure` is set
    for a window that is closed already, `allowed` tells whether the reader may close or open it.
    """

    window: Window
    officer: Official | None
    closure: Closure | None
    tickets: int
    tasks: int
    to: tuple[Window, Official] | None
    allowed: bool


@dataclass(frozen=True)
class Closed:
    """What closing a window moved, by ids, and to which window; None when nothing waited."""

    closure: Closure
    tickets: tuple[str, ...]
    tasks: tuple[str, ...]


def preview(hall: Hall, by: Official, window_no: int) -> Closing:
    """Return what closing a window would move and where to; Missing `window.unknown`."""
    with hall.reading() as unit:
        window = _known(hall, unit, window_no)
        officer = people.at_window(unit, window_no)
        held = handover.held_by(unit, officer.id) if officer else []
        return Closing(
            window=window,
            officer=officer,
            closure=windows.closure(unit, window_no),
            tickets=len(_tickets_at(unit, window)),
            tasks=len(held),
            to=_target(hall, unit, window, officer, held),
            allowed=may_close(by, window),
        )


def may_close(by: Official, window: Window) -> bool:
    """Return whether `by` may close the window and open it: its own unit's and the manager may."""
    return by.unit_no == window.unit_no or by.post == MANAGER


def close(hall: Hall, by: Official, window_no: int, reason: str) -> Closed:
    """Close a window for a time; what waits for it goes to a window of the same unit and powers.

    Its tickets keep their places, the open tasks that its officer holds go to the officer there,
    who may complete each of them. Officials of the unit and the manager of the hall may do so.
    Raises Invalid `window.reason`; Missing `window.unknown`; Forbidden `window.other_unit`;
    Conflict `window.closed`, `window.no_other` when something waits and no other window can take
    it.
    """
    why = reason.strip()
    if not why:
        raise Invalid("window.reason", field="reason")
    with hall.unit(by) as unit:
        window = _window_of(hall, unit, by, window_no)
        tickets.lock_window(unit, window_no)
        known = windows.closure(unit, window_no)
        if known is not None:
            raise Conflict("window.closed", window=window.label, reason=known.reason)
        here = _tickets_at(unit, window)
        officer = people.at_window(unit, window_no)
        held = handover.held_by(unit, officer.id) if officer else []
        found = _target(hall, unit, window, officer, held)
        if found is None and (here or held or priority.waiting(hall, unit, window)):
            raise Conflict("window.no_other", window=window.label)
        closure = Closure(
            id=unit.ids(),
            window_no=window_no,
            reason=why,
            to_window=found[0].no if found else None,
            closed_at=unit.at,
            closed_by=by.id,
        )
        windows.close(unit, closure)
        if found is not None:
            for ticket in here:
                send(unit, ticket, found[0], why)
            for task in held:
                _hand_over(unit, task, found[1], why)
        done = Closed(closure, tuple(one.id for one in here), tuple(one.id for one in held))
        unit.record(
            WindowClosed(
                window_no=window_no,
                to_window=closure.to_window,
                reason=why,
                tickets=done.tickets,
                tasks=done.tasks,
            )
        )
        return done


def open_again(hall: Hall, by: Official, window_no: int) -> None:
    """Let a closed window serve again; what was moved stays where it is.

    Raises as `close`, and Conflict `window.not_closed`.
    """
    with hall.unit(by) as unit:
        window = _window_of(hall, unit, by, window_no)
        known = windows.closure(unit, window_no)
        if known is None:
            raise Conflict("window.not_closed", window=window.label)
        windows.open_again(unit, known.id)
        unit.record(WindowOpened(window_no=window_no))


def closed(hall: Hall) -> frozenset[int]:
    """Return the numbers of the windows that are closed now."""
    with hall.reading() as unit:
        return windows.closed(unit)


def _tickets_at(unit: Unit, window: Window) -> list[Ticket]:
    current = tickets.current(unit, window.no)
    bound = tickets.bound_to(unit, window.no, hall_day(unit.at))
    return [*([current] if current else []), *bound]


def _target(
    hall: Hall, unit: Unit, window: Window, officer: Official | None, held: list[Task]
) -> tuple[Window, Official] | None:
    """Return the nearest open window for the same business whose officer may do all tasks."""
    shut = windows.closed(unit)
    others = [
        one
        for one in hall.library.shelf(unit).windows.values()
        if (one.unit_no, one.purpose, one.zone_no)
        == (window.unit_no, window.purpose, window.zone_no)
        and one.no != window.no
        and one.no not in shut
    ]
    for other in sorted(others, key=lambda one: (abs(one.no - window.no), one.no)):
        there = people.at_window(unit, other.no)
        if there is None or not there.works_on(hall_day(unit.at)):
            continue
        if officer is not None and there.post != officer.post:
            continue
        if all(_may(hall, unit, there, task) for task in held):
            return other, there
    return None


def _may(hall: Hall, unit: Unit, officer: Official, task: Task) -> bool:
    case = cases.case(unit, task.case_id)
    return ruled(hall, unit, officer, task, case).verdict.allowed


def _hand_over(unit: Unit, task: Task, to: Official, reason: str) -> None:
    case = cases.lock(unit, task.case_id)
    cases.save_task(unit, replace(task, state=TaskState.CLAIMED, holder_id=to.id))
    unit.record(
        TaskHandedOver(
            case_id=case.id, task_id=task.id, step=task.step, receiver=to.id, reason=reason
        )
    )
    cases.update(unit, case, case.rev)


def _window_of(hall: Hall, unit: Unit, by: Official, window_no: int) -> Window:
    window = _known(hall, unit, window_no)
    if not may_close(by, window):
        raise Forbidden("window.other_unit", window=window.label)
    return window


def _known(hall: Hall, unit: Unit, window_no: int) -> Window:
    window = hall.library.shelf(unit).windows.get(window_no)
    if window is None:
        raise Missing("window.unknown", window=window_no)
    return window
