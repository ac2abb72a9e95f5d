"""What the hall offers and where: matters, units, windows, zones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.domain.events.configuration import CatalogueLoaded
from engine.domain.matter import Matter, MatterType
from engine.domain.people import Official, Unit, Window, Zone
from engine.domain.working_time import Calendar
from engine.kernel.errors import Missing
from engine.services.hall import Hall
from engine.storage import catalogue, catalogue_files


@dataclass(frozen=True)
class MatterPage:
    """One page of a search; `total` counts all that were found."""

    rows: list[Matter]
    total: int
    page: int
    size: int


@dataclass(frozen=True)
class Totals:
    """How much of everything the hall has."""

    matters: int
    units: int
    windows: int
    zones: int
    back_offices: int


def load(
    hall: Hall, by: Official, files: Mapping[str, Sequence[Mapping[str, str]]]
) -> Mapping[str, int]:
    """Put the rows of the catalogue's files in force and return how many each has.

    `files` maps the name of a file without `.csv` to its rows. Invalid names file, row and
    column of what is wrong; nothing is changed then.
    """
    counts = {name: len(rows) for name, rows in files.items()}
    with hall.unit(by) as unit:
        catalogue_files.put_in_place(unit, files)
        unit.record(CatalogueLoaded(counts=counts))
    return counts


def zones(hall: Hall) -> list[Zone]:
    """Return the service areas."""
    with hall.reading() as unit:
        return list(hall.library.shelf(unit).zones.values())


def units(hall: Hall) -> list[Unit]:
    """Return the units with a seat in the hall."""
    with hall.reading() as unit:
        return list(hall.library.shelf(unit).units.values())


def unit(hall: Hall, no: int) -> Unit:
    """Return one unit; Missing `unit.unknown`."""
    with hall.reading() as reading:
        found = hall.library.shelf(reading).units.get(no)
    if found is None:
        raise Missing("unit.unknown", unit=no)
    return found


def windows(hall: Hall, zone_no: int | None = None, unit_no: int | None = None) -> list[Window]:
    """Return the windows of the hall, of a zone or of a unit."""
    with hall.reading() as unit:
        rows = hall.library.shelf(unit).windows.values()
    return [
        row for row in rows if zone_no in (None, row.zone_no) and unit_no in (None, row.unit_no)
    ]


def window(hall: Hall, no: int) -> Window:
    """Return one window; Missing `window.unknown`."""
    with hall.reading() as unit:
        found = hall.library.shelf(unit).windows.get(no)
    if found is None:
        raise Missing("window.unknown", window=no)
    return found


def matters(hall: Hall, query: str = "", unit_no: int | None = None, page: int = 1) -> MatterPage:
    """Search the matters by name, pinyin initials or code."""
    size = hall.rules.page_size
    with hall.reading() as unit:
        rows, total = catalogue.matters(unit, query.strip(), unit_no, size, (page - 1) * size)
    return MatterPage(rows, total, page, size)


def matter(hall: Hall, no: int) -> Matter:
    """Return one matter with its papers; Missing `matter.unknown`."""
    with hall.reading() as unit:
        return hall.library.matter(unit, no)


def matter_types(hall: Hall) -> list[MatterType]:
    """Return the types of matters in the order of their codes."""
    with hall.reading() as unit:
        types = hall.library.shelf(unit).matter_types
    return [types[code] for code in sorted(types)]


def calendar(hall: Hall) -> Calendar:
    """Return the working days of the hall."""
    with hall.reading() as unit:
        return hall.library.shelf(unit).calendar


def totals(hall: Hall) -> Totals:
    """Count the catalogue."""
    with hall.reading() as unit:
        shelf = hall.library.shelf(unit)
        return Totals(
            matters=catalogue.counts(unit)["matters"],
            units=len(shelf.units),
            windows=len(shelf.windows),
            zones=len(shelf.zones),
            back_offices=sum(1 for row in shelf.windows.values() if row.back_office),
        )
