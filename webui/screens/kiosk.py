"""The machine at the door that gives out numbers (取号机): no sign-in, two touches are enough."""

from collections.abc import Mapping

from flask import Response, request, url_for

from engine.domain.people import Unit, Zone
from engine.domain.ticket import Ticket
from engine.kernel.errors import HallError, Invalid, Missing
from engine.services import catalogue, overview, tickets
from webui.kit.errors import sentence, status_of
from webui.kit.guard import once, public
from webui.kit.pages import render, see
from webui.kit.session import hall

FOUND = 4
LONGEST_QUERY = 40
CHOICES = ("zone", "unit", "matter")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# How the reader set up the machine: in the lower half for a wheelchair, in black and yellow.
LOOKS = ("low", "contrast")
MACHINE = frozenset({"screens.kiosk", "screens.take", "screens.slip"})
BACK_SECONDS = 20


@public
def start() -> Response:
    """Show the zones, the units of the one that was touched, or the matters that fit the search."""
    return _page(request.args)


@public
def take() -> Response:
    """Give out a number and show its slip; what goes wrong is said on the page it came from."""
    try:
        ticket = _take(request.form.get("of", ""))
    except HallError as error:
        return _page(request.form, sentence(error), status_of(error))
    return see("screens.slip", ticket_id=ticket.id, **_looks(request.form))


@public
def slip(ticket_id: str) -> Response:
    """Show one number with its place in the queue, made for a strip of paper of 80 mm."""
    return render(
        "screens/slip.html",
        place=overview.place(hall(), ticket_id),
        looks=_looks(request.args),
        home_after=BACK_SECONDS,
    )


def back(response: Response) -> Response:
    """Let whatever stopped the machine pass: nobody stands there to press "reload"."""
    if request.endpoint in MACHINE and response.status_code >= 400:
        response.headers["Refresh"] = f"{BACK_SECONDS}; url={url_for('screens.kiosk')}"
    return response


def _take(of: str) -> Ticket:
    kind, _, written = of.partition(".")
    if kind not in CHOICES or not written.isascii() or not written.isdigit():
        raise Invalid("ticket.not_chosen")
    no, care = int(written), "needs_care" in request.form
    if kind == "zone":
        return tickets.take(hall(), no, once=once(), needs_care=care)
    unit_no = no if kind == "unit" else catalogue.matter(hall(), no).unit_no
    zone_no = catalogue.unit(hall(), unit_no).zone_no
    matter_no = no if kind == "matter" else None
    return tickets.take(hall(), zone_no, unit_no, matter_no, once=once(), needs_care=care)


def _page(sent: Mapping[str, str], said: str = "", status: int = 200) -> Response:
    units, query = catalogue.units(hall()), sent.get("q", "").strip()[:LONGEST_QUERY]
    found = catalogue.matters(hall(), query) if query else None
    zones = overview.zones(hall())
    zone = _zone([row.zone for row in zones], sent.get("zone", ""))
    return render(
        "screens/kiosk.html",
        status,
        zones=zones,
        zone=zone,
        units=_of_zone(units, zone),
        by_no={unit.no: unit for unit in units},
        shut=overview.shut_units(hall()),
        query=query,
        searching="q" in sent,
        matters=found.rows[:FOUND] if found else [],
        total=found.total if found else 0,
        letters=LETTERS,
        needs_care="needs_care" in sent,
        looks=_looks(sent),
        said=said,
    )


def _zone(zones: list[Zone], written: str) -> Zone | None:
    if not written:
        return None
    found = next((zone for zone in zones if str(zone.no) == written), None)
    if found is None:
        raise Missing("zone.unknown", zone=written[:LONGEST_QUERY])
    return found


def _of_zone(units: list[Unit], zone: Zone | None) -> list[Unit]:
    return [unit for unit in units if zone is not None and unit.zone_no == zone.no]


def _looks(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: "1" for name in LOOKS if sent.get(name)}
