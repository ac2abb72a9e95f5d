"""Reads the files of rules/catalogue into rows and puts them in the place of the old ones."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.kernel.errors import Conflict, Invalid
from engine.storage.authority import GRANTS
from engine.storage.case_rows import CASES
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
from engine.storage.people import OFFICIALS, ROLES
from engine.storage.unit import Unit

Row = Mapping[str, str]
Reader = Callable[[str], object]
LARGEST = 2**31 - 1

# Columns that count something for the reader of a file and are no facts of their own.
COUNTS = {"units": {"licences", "others", "utility_services", "windows", "back_offices"}}
TABLES: Mapping[str, sa.Table] = {
    "zones": ZONES,
    "units": UNITS,
    "windows": WINDOWS,
    "matter_types": MATTER_TYPES,
    "matters": MATTERS,
    "materials": MATERIALS,
    "joint_procedures": JOINT_PROCEDURES,
    "baselines": BASELINES,
    "calendar": CALENDAR_DAYS,
    "roles": ROLES,
}
SEPARATORS = {
    "applicant_kinds": ";",
    "conditions": "|",
    "permissions": ";",
    "unit_nos": ";",
}
EMPTY_ALLOWED = {
    "back_office",
    "exception_basis",
    "process",
    "form",
    "licence_name",
    "licence_scheme",
    "licence_holder",
    "licence_days",
    "notice",
    "fee",
    "legal_basis",
    "issuer",
    "name_en",
    "survey_law",
}
# Column of a file → file and column whose values it may have.
REFERENCES = (
    ("units", "zone_no", "zones", "no"),
    ("windows", "zone_no", "zones", "no"),
    ("windows", "unit_no", "units", "no"),
    ("matters", "unit_no", "units", "no"),
    ("matters", "matter_type", "matter_types", "code"),
    ("baselines", "matter_no", "matters", "no"),
    ("baselines", "unit_no", "units", "no"),
    ("joint_procedures", "matter_no", "matters", "no"),
    ("joint_procedures", "lead_unit_no", "units", "no"),
    ("joint_procedures", "unit_nos", "units", "no"),
)
# Rows elsewhere that would lose what they speak of.
USES = (
    ("matters", "no", CASES.c.matter_no),
    ("matter_types", "code", CASES.c.matter_type),
    ("units", "no", CASES.c.unit_no),
    ("units", "no", OFFICIALS.c.unit_no),
    ("units", "no", GRANTS.c.unit_no),
    ("windows", "no", OFFICIALS.c.window_no),
    ("roles", "role", OFFICIALS.c.post),
)


def put_in_place(unit: Unit, files: Mapping[str, Sequence[Row]]) -> None:
    """Put the rows of files in the place of those in the database, all or nothing.

    `files` maps the name of a file without `.csv` to its rows as text; files that are not given
    stay as they are. Raises Invalid `catalogue.file_unknown`, `catalogue.column_missing`,
    `catalogue.column_unknown`, `catalogue.value`, `catalogue.repeated`, `catalogue.reference`, each
    with file, row (the header line is 1) and column; Conflict `catalogue.in_use` for a row that
    is left out although cases, people or mandates speak of it.
    """
    unknown = sorted(set(files) - set(TABLES))
    if unknown:
        raise Invalid("catalogue.file_unknown", file=unknown[0])
    read = {name: _read(name, files[name]) for name in TABLES if name in files}
    _check_references(unit, read)
    _check_uses(unit, read)
    for name, rows in read.items():
        unit.connection.execute(TABLES[name].delete())
        if rows:
            unit.connection.execute(TABLES[name].insert(), rows)


def _read(name: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    table = TABLES[name]
    columns = [column.name for column in table.c]
    allowed = set(columns) | COUNTS.get(name, set())
    keys: set[tuple[object, ...]] = set()
    read = []
    for number, row in enumerate(rows, start=2):
        for column in columns:
            if row.get(column) is None:
                raise Invalid("catalogue.column_missing", file=name, row=number, column=column)
        for extra in row:
            if extra not in allowed:
                raise Invalid("catalogue.column_unknown", file=name, row=number, column=extra)
        values = {column.name: _value(name, number, column, row) for column in table.c}
        key = tuple(values[column.name] for column in table.primary_key)
        if key in keys:
            raise Invalid("catalogue.repeated", file=name, row=number, key=" ".join(map(str, key)))
        keys.add(key)
        read.append(values)
    return read


def _value(name: str, number: int, column: sa.Column[Any], row: Row) -> object:
    text = row[column.name].strip()
    try:
        if not text and column.name in EMPTY_ALLOWED:
            return None if column.nullable else ""
        return _reader(column)(text)
    except ValueError as error:
        raise Invalid(
            "catalogue.value", file=name, row=number, column=column.name, value=text[:100]
        ) from error


def _reader(column: sa.Column[Any]) -> Reader:
    if column.name in SEPARATORS:
        item: Reader = _number if column.name == "unit_nos" else _text
        separator = SEPARATORS[column.name]
        return lambda text: tuple(item(part.strip()) for part in text.split(separator))
    if isinstance(column.type, sa.Integer):
        return _number
    if isinstance(column.type, sa.Boolean):
        return _flag
    if isinstance(column.type, sa.Date):
        return date.fromisoformat
    return _text


def _text(text: str) -> str:
    if not text:
        raise ValueError("empty")
    return text


def _number(text: str) -> int:
    # int() would also read "+1", "1_0" and digits of other scripts.
    if not (text.isascii() and text.isdigit()) or int(text) > LARGEST:
        raise ValueError("not a number")
    return int(text)


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("neither 0 nor 1")
    return text == "1"


def _check_references(unit: Unit, read: Mapping[str, list[dict[str, Any]]]) -> None:
    for name, column, other, key in REFERENCES:
        if name not in read and other not in read:
            continue
        known = set(_values(unit, read, other, key))
        for number, found in enumerate(_values(unit, read, name, column), start=2):
            for value in found if isinstance(found, tuple) else (found,):
                if value not in known:
                    raise Invalid(
                        "catalogue.reference", file=name, row=number, column=column, value=value
                    )
    _check_paper_owners(unit, read)
    _check_joint_units(read)


def _check_paper_owners(unit: Unit, read: Mapping[str, list[dict[str, Any]]]) -> None:
    if "materials" not in read:
        return
    owners = {str(no) for no in _values(unit, read, "matters", "no")}
    owners |= set(_values(unit, read, "matter_types", "code"))
    for number, row in enumerate(read["materials"], start=2):
        if row["of"] not in owners:
            raise Invalid(
                "catalogue.reference", file="materials", row=number, column="of", value=row["of"]
            )


def _check_joint_units(read: Mapping[str, list[dict[str, Any]]]) -> None:
    for number, row in enumerate(read.get("joint_procedures", ()), start=2):
        units = row["unit_nos"]
        if len(set(units)) != len(units):
            raise Invalid("catalogue.unit_twice", file="joint_procedures", row=number)
        if row["lead_unit_no"] not in units:
            raise Invalid(
                "catalogue.lead_missing",
                file="joint_procedures",
                row=number,
                unit=row["lead_unit_no"],
            )


def _values(
    unit: Unit, read: Mapping[str, list[dict[str, Any]]], name: str, column: str
) -> list[Any]:
    if name in read:
        return [row[column] for row in read[name]]
    return list(unit.connection.execute(sa.select(TABLES[name].c[column])).scalars())


def _check_uses(unit: Unit, read: Mapping[str, list[dict[str, Any]]]) -> None:
    for name, key, column in USES:
        if name not in read:
            continue
        kept = {row[key] for row in read[name]}
        used = unit.connection.execute(sa.select(column).where(column.is_not(None)).distinct())
        for value in used.scalars():
            if value not in kept:
                raise Conflict("catalogue.in_use", file=name, value=value)
