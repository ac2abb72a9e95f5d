"""Extended hours (延时服务): what was begun before closing is brought to its end after it.

They are a record of who stayed for whom: no limit of the law counts them (民法典 art. 203).
"""

from dataclasses import replace
from datetime import date, datetime

from engine.domain.appointment import Stay
from engine.domain.events.tickets import HoursEnded, HoursExtended
from engine.domain.people import Official, Window
from engine.domain.ticket import Ticket
from engine.kernel.errors import Conflict, Forbidden, Missing
from engine.kernel.now import HALL_ZONE, hall_day
from engine.services.hall import Hall
from engine.storage import cases, windows
from engine.storage.unit import Unit


def begin(hall: Hall, by: Official, window_no: int, case_id: str) -> Stay:
    """Keep a window open after closing for a case that was begun there before it.

    Raises Missing `window.unknown`, `case.unknown`; Forbidden `window.other_unit`; Conflict
    `extended.not_yet` before closing, `extended.begun_after` for a case that was begun later or
    on another day, `extended.other_window`, `extended.running`.
    """
    with hall.unit(by) as unit:
        window = _window_of(hall, unit, by, window_no)
        close = _closing(hall, hall_day(unit.at))
        if unit.at < close:
            raise Conflict("extended.not_yet", window=window.label)
        case = cases.lock(unit, case_id)
        if hall_day(case.applied_at) != hall_day(unit.at) or case.applied_at >= close:
            raise Conflict("extended.begun_after", case=case.case_no)
        if case.window_no != window_no:
            raise Conflict("extended.other_window", case=case.case_no, window=window.label)
        if windows.stay(unit, window_no) is not None:
            raise Conflict("extended.running", window=window.label)
        return _begin(unit, Stay(unit.ids(), window_no, *_of(unit, by), None, case.id, close))


def end(hall: Hall, by: Official, window_no: int) -> Stay:
    """End the extended hours of a window now; Conflict `extended.none` when none last."""
    with hall.unit(by) as unit:
        window = _window_of(hall, unit, by, window_no)
        stay = windows.stay(unit, window_no)
        if stay is None:
            raise Conflict("extended.none", window=window.label)
        return _end(unit, stay)


def is_open(hall: Hall, window_no: int) -> bool:
    """Return whether a window serves now: before closing, and after it while it is extended."""
    with hall.reading() as unit:
        if windows.closure(unit, window_no) is not None:
            return False
        today = hall_day(unit.at)
        if not hall.library.shelf(unit).calendar.is_working(today):
            return False
        return unit.at < _closing(hall, today) or windows.stay(unit, window_no) is not None


def on_day(hall: Hall, day: date) -> list[Stay]:
    """Return the extended hours of a day, by window."""
    with hall.reading() as unit:
        return windows.stays_on(unit, day)


def note_served(hall: Hall, unit: Unit, by: Official, ticket: Ticket) -> None:
    """Keep that a visitor called before closing was served until after it, on the same day."""
    called, close = ticket.called_at, _closing(hall, hall_day(unit.at))
    if ticket.window_no is None or called is None or called >= close:
        return
    if hall_day(called) != hall_day(unit.at):
        return
    if unit.at > close and windows.stay(unit, ticket.window_no) is None:
        who = _of(unit, by)
        stay = Stay(unit.ids(), ticket.window_no, *who, ticket.id, None, close)
        _end(unit, _begin(unit, stay))


def _begin(unit: Unit, stay: Stay) -> Stay:
    windows.add_stay(unit, stay)
    unit.record(
        HoursExtended(
            window_no=stay.window_no,
            stay_id=stay.id,
            started_at=stay.started_at.isoformat(),
            ticket_id=stay.ticket_id,
            case_id=stay.case_id,
        )
    )
    return stay


def _end(unit: Unit, stay: Stay) -> Stay:
    windows.end_stay(unit, stay.id)
    ended = replace(stay, ended_at=unit.at)
    unit.record(HoursEnded(window_no=ended.window_no, stay_id=ended.id, minutes=ended.minutes or 0))
    return ended


def _of(unit: Unit, by: Official) -> tuple[date, str]:
    return hall_day(unit.at), by.id


def _closing(hall: Hall, day: date) -> datetime:
    return datetime.combine(day, hall.rules.close_of_business, HALL_ZONE)


def _window_of(hall: Hall, unit: Unit, by: Official, window_no: int) -> Window:
    window = hall.library.shelf(unit).windows.get(window_no)
    if window is None:
        raise Missing("window.unknown", window=window_no)
    if by.unit_no != window.unit_no:
        raise Forbidden("window.other_unit", window=window.label)
    return window
