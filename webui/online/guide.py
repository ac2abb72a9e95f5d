"""The matters of the hall and the guide (办事指南) of each."""

from flask import Response, request, url_for

from engine.domain.matter import Matter
from engine.domain.people import Unit, Zone
from engine.services import catalogue, guide
from webui.kit.guard import public
from webui.kit.i18n import _, named
from webui.kit.pages import render, wants_fragment
from webui.kit.paging import Paging, page_asked
from webui.kit.session import hall

SUGGESTED = 8


@public
def matters() -> Response:
    """List the matters that a search found; htmx gets the first few while the reader types."""
    query = request.args.get("q", "").strip()
    unit_no = request.args.get("unit", type=int)
    page = page_asked()
    found = catalogue.matters(hall(), query, unit_no, page)
    units = {unit.no: unit for unit in catalogue.units(hall())}
    zones = {zone.no: zone for zone in catalogue.zones(hall())}
    shown = {"rows": found.rows, "total": found.total, "query": query}
    shown |= {"places": {row.no: _place(row, units, zones) for row in found.rows}}
    if wants_fragment():
        return render("online/matters_found.html", **shown, most=SUGGESTED)
    return render(
        "online/matters.html",
        **shown,
        units=units,
        unit_no=unit_no,
        choices=[(unit.no, named(unit)) for unit in units.values()],
        paging=Paging(page, found.size, found.total),
    )


@public
def show(matter_no: int) -> Response:
    """Show the guide of one matter: conditions, papers, law, limits, process, place."""
    matter = catalogue.matter(hall(), matter_no)
    unit = catalogue.unit(hall(), matter.unit_no)
    zone = next(zone for zone in catalogue.zones(hall()) if zone.no == unit.zone_no)
    windows = catalogue.windows(hall(), unit_no=unit.no)
    return render(
        "online/guide.html",
        matter=matter,
        unit=unit,
        zone=zone,
        windows=[window for window in windows if window.purpose != "handout"],
        process=guide.process(hall(), matter_no),
        crumbs=[
            (_("menu.matters"), url_for("online.matters")),
            (named(unit), url_for("online.matters", unit=unit.no)),
        ],
    )


def _place(matter: Matter, units: dict[int, Unit], zones: dict[int, Zone]) -> str:
    unit = units[matter.unit_no]
    zone = zones[unit.zone_no]
    return _("matter.place", unit=named(unit), floor=zone.floor, zone=named(zone))
