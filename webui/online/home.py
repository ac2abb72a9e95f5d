"""The front page of the hall and where things are: zones, floors, units, windows."""

from collections import Counter

from flask import Response

from engine.domain.people import Unit, Window
from engine.kernel.errors import Missing
from engine.services import catalogue, reform
from webui.kit.guard import public
from webui.kit.pages import render
from webui.kit.session import hall


@public
def show() -> Response:
    """Show the search, the zones by floor and the figures, all counted from the catalogue."""
    units = Counter(unit.zone_no for unit in catalogue.units(hall()))
    return render(
        "online/home.html",
        totals=catalogue.totals(hall()),
        licences=reform.ledger(hall()).licences,
        zones=sorted(catalogue.zones(hall()), key=lambda zone: (zone.floor, zone.no)),
        units=units,
        windows=Counter(window.zone_no for window in catalogue.windows(hall())),
    )


@public
def zone(zone_no: int) -> Response:
    """Show the units of a zone and their windows; Missing `zone.unknown`."""
    found = next((zone for zone in catalogue.zones(hall()) if zone.no == zone_no), None)
    if found is None:
        raise Missing("zone.unknown", zone=zone_no)
    windows = catalogue.windows(hall(), zone_no=zone_no)
    known = {unit.no: unit for unit in catalogue.units(hall())}
    return render("online/zone.html", zone=found, rows=_by_unit(windows, known))


def _by_unit(windows: list[Window], units: dict[int, Unit]) -> list[tuple[Unit, list[Window]]]:
    rows: dict[int, list[Window]] = {}
    for window in windows:
        rows.setdefault(window.unit_no, []).append(window)
    return [(units[no], seats) for no, seats in rows.items()]
