"""What the hall offers and where: zones, units, windows, matters, papers, the calendar."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine.domain.matter import JointProcedure, Material, Matter, MatterType
from engine.domain.people import Unit as PublicUnit
from engine.domain.people import Window, Zone
from engine.domain.reform import Baseline, LedgerRow
from engine.domain.working_time import Calendar, NoticedDay, calendar_of
from engine.kernel.errors import Missing
from engine.storage.catalogue_files import Row, put_in_place
from engine.storage.catalogue_rows import (
    BASELINES,
    CALENDAR_DAYS,
    JOINT_PROCEDURES,
    MATERIALS,
    MATTER_TYPES,
    MATTERS,
    UNITS,
    WINDOWS,
    ZONES,
)
from engine.storage.people import ROLES
from engine.storage.unit import Unit

COUNTED = (
    ZONES,
    UNITS,
    WINDOWS,
    MATTER_TYPES,
    MATTERS,
    MATERIALS,
    JOINT_PROCEDURES,
    BASELINES,
    CALENDAR_DAYS,
    ROLES,
)
_M, _W, _T = MATTERS.c, WINDOWS.c, MATTER_TYPES.c
WINDOW = (_W.no, _W.label, _W.zone_no, _W.floor, _W.unit_no, _W.purpose, _W.back_office)
# In the order of the fields of MatterType.
TYPE = (_T.code, _T.name_zh, _T.name_en, _T.steps, _T.promised_days, _T.process, _T.colour)
# In the order of the fields of Material.
PAPER = tuple(column for column in MATERIALS.c if column.name != "of")


def replace(unit: Unit, files: Mapping[str, Sequence[Row]]) -> None:
    """Put the rows of files (rules/catalogue) in the place of those in the database.

    Raises what `catalogue_files.put_in_place` raises; nothing is changed then.
    """
    put_in_place(unit, files)
    unit.kept.clear()


def zones(unit: Unit) -> list[Zone]:
    """Return the service areas by number."""
    return [Zone(*row) for row in unit.connection.execute(sa.select(ZONES).order_by(ZONES.c.no))]


def units(unit: Unit) -> list[PublicUnit]:
    """Return the units by number."""
    rows = unit.connection.execute(sa.select(UNITS).order_by(UNITS.c.no))
    return [PublicUnit(*row) for row in rows]


def windows(unit: Unit) -> list[Window]:
    """Return the windows by number."""
    rows = unit.connection.execute(sa.select(*WINDOW).order_by(_W.no))
    return [Window(*row) for row in rows]


def window(unit: Unit, no: int) -> Window:
    """Return one window; Missing `window.unknown`."""
    row = unit.connection.execute(sa.select(*WINDOW).where(_W.no == no)).first()
    if row is None:
        raise Missing("window.unknown", window=no)
    return Window(*row)


def matter_types(unit: Unit) -> list[MatterType]:
    """Return the types of matters by the number of their steps."""
    rows = unit.connection.execute(sa.select(*TYPE).order_by(_T.steps, _T.code))
    return [MatterType(*row) for row in rows]


def matter(unit: Unit, no: int) -> Matter:
    """Return a matter with its papers, or those of its type; Missing `matter.unknown`."""
    row = unit.connection.execute(sa.select(MATTERS).where(_M.no == no)).first()
    if row is None:
        raise Missing("matter.unknown", matter=no)
    types = {kind.code: kind for kind in matter_types(unit)}
    papers = _papers(unit, str(no)) or _papers(unit, row.matter_type)
    return _matter(row, types[row.matter_type], papers)


def matters(
    unit: Unit, query: str = "", unit_no: int | None = None, limit: int = 50, offset: int = 0
) -> tuple[list[Matter], int]:
    """Return one page of the matters that a query finds, without papers, and how many there are.

    The query is part of the name, of its pinyin initials or the beginning of a code.
    """
    condition = _found_by(query) if unit_no is None else _found_by(query) & (_M.unit_no == unit_no)
    types = {kind.code: kind for kind in matter_types(unit)}
    rows = unit.connection.execute(
        sa.select(MATTERS).where(condition).order_by(_M.no).limit(limit).offset(offset)
    )
    total = unit.connection.execute(
        sa.select(sa.func.count()).select_from(MATTERS).where(condition)
    ).scalar_one()
    return [_matter(row, types[row.matter_type], ()) for row in rows], total


def ledger_rows(unit: Unit) -> list[LedgerRow]:
    """Return what the reform ledger asks of every matter."""
    rows = unit.connection.execute(
        sa.select(
            _M.no, _M.base, _M.steps_before, _M.steps, _M.statutory_days, _M.promised_days
        ).order_by(_M.no)
    )
    return [LedgerRow(*row) for row in rows]


def baselines(unit: Unit) -> list[Baseline]:
    """Return the old processes that matters took the place of, by matter and name."""
    columns = BASELINES.c
    rows = unit.connection.execute(
        sa.select(BASELINES).order_by(columns.matter_no, columns.unit_no, columns.name)
    )
    return [Baseline(*row) for row in rows]


def joint_procedures(unit: Unit) -> list[JointProcedure]:
    """Return the joint procedures by code."""
    rows = unit.connection.execute(sa.select(JOINT_PROCEDURES).order_by(JOINT_PROCEDURES.c.code))
    return [JointProcedure(*row) for row in rows]


def calendar(unit: Unit) -> Calendar:
    """Return the working-day calendar; Unavailable `calendar.empty` before it was loaded."""
    columns = (CALENDAR_DAYS.c[name] for name in NoticedDay._fields)
    rows = unit.connection.execute(sa.select(*columns))
    return calendar_of(NoticedDay(*row) for row in rows)


def permissions_of(unit: Unit, role: str) -> frozenset[str]:
    """Return what a post may open; nothing for an unknown one."""
    found = unit.connection.execute(
        sa.select(ROLES.c.permissions).where(ROLES.c.role == role)
    ).scalar_one_or_none()
    return frozenset(found or ())


def counts(unit: Unit) -> Mapping[str, int]:
    """Return how many rows each table of the catalogue holds, by its name."""
    tables = [
        sa.select(sa.func.count()).select_from(table).scalar_subquery().label(table.name)
        for table in COUNTED
    ]
    row = unit.connection.execute(sa.select(*tables)).one()
    return {table.name: int(number) for table, number in zip(COUNTED, row, strict=True)}


def _papers(unit: Unit, of: str) -> tuple[Material, ...]:
    rows = unit.connection.execute(
        sa.select(*PAPER).where(MATERIALS.c.of == of).order_by(MATERIALS.c.no)
    )
    return tuple(Material(*row) for row in rows)


def _found_by(query: str) -> sa.ColumnElement[bool]:
    if not query:
        return sa.true()
    return sa.or_(
        _M.name.contains(query, autoescape=True),
        _M.initials.contains(query.lower(), autoescape=True),
        _M.basic_code.startswith(query.upper(), autoescape=True),
        _M.task_code.startswith(query.upper(), autoescape=True),
    )


def _matter(row: sa.Row[Any], kind: MatterType, papers: tuple[Material, ...]) -> Matter:
    process = row.process or kind.process
    return Matter(
        no=row.no,
        basic_code=row.basic_code,
        task_code=row.task_code,
        name=row.name,
        initials=row.initials,
        unit_no=row.unit_no,
        base=row.base,
        item_type_code=row.item_type_code,
        type=kind,
        steps_before=row.steps_before,
        steps=row.steps,
        statutory_days=row.statutory_days,
        promised_days=row.promised_days,
        exception_basis=row.exception_basis,
        process=process,
        form=row.form or f"{process}.apply",
        licence_name=row.licence_name,
        licence_scheme=row.licence_scheme,
        licence_holder=row.licence_holder,
        applicant_kinds=row.applicant_kinds,
        legal_basis=row.legal_basis,
        conditions=row.conditions,
        fee=row.fee,
        tolerant=row.tolerant,
        licence_days=row.licence_days,
        materials=papers,
    )
