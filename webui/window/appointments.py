"""Appointments (预约) of a unit: the slots of a day, booking for a visitor, arrival, opening."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from flask import Response, request

from engine.domain.matter import Matter
from engine.kernel.errors import HallError, Invalid, Missing
from engine.services import appointments, arrivals, catalogue
from engine.services.appointments import Visitor
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs, once
from webui.kit.i18n import _, named
from webui.kit.pages import render, see
from webui.kit.session import hall, present

# Beyond these years nobody books, and the calendar cannot count.
YEARS = range(2000, 2100)
PLACES = 4


@dataclass(frozen=True)
class Wrong:
    """What the service refused: the act, the sentence, the field, and what was typed."""

    act: str
    said: str
    field: str
    typed: Mapping[str, str]
    times: tuple[str, ...] = ()


@needs("ticket.take")
def page() -> Response:
    """Show the slots of a day of a unit, and who is booked."""
    return _page()


@needs("ticket.take")
def open_slots() -> Response:
    """Open times of the day for appointments."""
    unit_no, day = _unit_no(), _day()
    try:
        if day is None or unit_no is None:
            raise Invalid("appointment.times", field="times")
        capacity = request.form.get("capacity", default=0, type=int)
        appointments.open_slots(hall(), present(), unit_no, day, _times(), capacity)
    except HallError as error:
        return _refused(error, "open")
    return _see("opened")


@needs("ticket.take")
def book() -> Response:
    """Book a place for a visitor who asks at the desk or by telephone."""
    sent = request.form
    who = Visitor(sent.get("name", ""), sent.get("phone", ""), needs_care="needs_care" in sent)
    matter_no = sent.get("matter", type=int)
    try:
        booked = appointments.book(
            hall(), present(), sent.get("slot", ""), who, matter_no, once=once()
        )
    except HallError as error:
        return _refused(error, "book")
    return _see("booked", booked.id)


@needs("ticket.take")
def cancel(appointment_id: str) -> Response:
    """Cancel an appointment; its place is free again."""
    try:
        appointments.cancel(hall(), present(), appointment_id)
    except HallError as error:
        return _refused(error, "cancel")
    return _see("cancelled")


@needs("ticket.take")
def arrive(appointment_id: str) -> Response:
    """Give the visitor of an appointment his number, and show it."""
    try:
        appointments.arrive(hall(), present(), appointment_id)
    except HallError as error:
        return _refused(error, "arrive")
    return _see("arrived", appointment_id)


def _see(done: str, appointment_id: str | None = None) -> Response:
    day = _day()
    return see(
        "window.appointments",
        unit=_unit_no(),
        day=day.isoformat() if day else None,
        done=done,
        of=appointment_id,
    )


def _refused(error: HallError, act: str) -> Response:
    sent = request.form
    field = str(error.params.get("field", ""))
    said, status = sentence(error), status_of(error)
    # A time that was not chosen at all is not called unknown.
    if act == "book" and isinstance(error, Missing) and not sent.get("slot"):
        field, said, status = "slot", _("appointment.choose_slot"), 422
    wrong = Wrong(act, said, field, sent.to_dict(), tuple(sent.getlist("times")))
    return _page(wrong, status)


def _page(wrong: Wrong | None = None, status: int = 200) -> Response:
    unit_no = _unit_no()
    if unit_no is None:
        units = [(row.no, named(row)) for row in catalogue.units(hall())]
        return render("window/appointments.html", status, view=None, units=units, wrong=wrong)
    view = arrivals.day_of(hall(), present(), unit_no, _day())
    of = request.args.get("of", "")
    return render(
        "window/appointments.html",
        status,
        view=view,
        free=[(one.slot.id, one.slot.at.strftime("%H:%M"), one.free) for one in view.bookable],
        matters=[(row.no, row.name) for row in _matters(unit_no)],
        shown=next((one for one in view.booked if one.id == of), None),
        done=request.args.get("done", ""),
        wrong=wrong,
        typed=wrong.typed if wrong and wrong.act in ("book", "open") else {},
        places=PLACES,
    )


def _matters(unit_no: int) -> list[Matter]:
    found = catalogue.matters(hall(), unit_no=unit_no)
    rows, page_no = list(found.rows), 1
    while len(rows) < found.total:
        page_no += 1
        rows += catalogue.matters(hall(), unit_no=unit_no, page=page_no).rows
    return rows


def _unit_no() -> int | None:
    return request.values.get("unit", default=present().unit_no, type=int)


def _day() -> date | None:
    try:
        day = date.fromisoformat(request.values.get("day", ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _times() -> list[time]:
    try:
        return [time.fromisoformat(text) for text in request.form.getlist("times")]
    except ValueError as error:
        raise Invalid("appointment.times", field="times") from error
