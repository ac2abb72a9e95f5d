"""Taking a number (取号) for a visitor, at the desk of the guides."""

from flask import Response, request

from engine.domain.ticket import Ticket
from engine.kernel.errors import HallError, Invalid
from engine.services import catalogue, tickets
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs, once
from webui.kit.pages import render
from webui.kit.session import hall

FOUND = 8
CHOICES = ("zone", "unit", "matter")


@needs("ticket.take")
def page() -> Response:
    """Show the zones with their units, and the matters that fit the search."""
    return _page()


@needs("ticket.take")
def take() -> Response:
    """Give out the next number for a zone, a unit or a matter, and show it.

    The page is the answer itself: the idempotency key lets a reload show the same number.
    """
    try:
        return _page(_take(*_choice(request.form.get("of", ""))))
    except HallError as error:
        return _page(said=sentence(error), status=status_of(error))


def _choice(of: str) -> tuple[str, int]:
    kind, _, no = of.partition(".")
    if kind not in CHOICES or not no.isascii() or not no.isdigit():
        raise Invalid("ticket.not_chosen")
    return kind, int(no)


def _take(kind: str, no: int) -> Ticket:
    if kind == "zone":
        return tickets.take(hall(), no, once=once())
    unit_no = no if kind == "unit" else catalogue.matter(hall(), no).unit_no
    zone_no = catalogue.unit(hall(), unit_no).zone_no
    matter_no = no if kind == "matter" else None
    return tickets.take(hall(), zone_no, unit_no, matter_no, once=once())


def _page(ticket: Ticket | None = None, said: str = "", status: int = 200) -> Response:
    query = request.args.get("q", "").strip()
    units = catalogue.units(hall())
    found = catalogue.matters(hall(), query) if query else None
    return render(
        "window/tickets.html",
        status,
        zones=catalogue.zones(hall()),
        units=units,
        by_no={unit.no: unit for unit in units},
        query=query,
        matters=found.rows[:FOUND] if found else [],
        total=found.total if found else 0,
        ticket=ticket,
        ahead=_ahead(ticket) if ticket else None,
        matter=catalogue.matter(hall(), ticket.matter_no) if ticket and ticket.matter_no else None,
        said=said,
    )


def _ahead(ticket: Ticket) -> int | None:
    """How many wait before this number; unknown for a number of a whole zone."""
    windows = catalogue.windows(hall(), unit_no=ticket.unit_no) if ticket.unit_no else []
    if not windows:
        return None
    waiting = tickets.at_window(hall(), windows[0].no).waiting
    return next((n for n, row in enumerate(waiting) if row.id == ticket.id), None)
