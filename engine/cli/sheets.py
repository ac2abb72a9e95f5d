"""`hall sheet`: a decision table to Excel or CSV for policy staff, and back; never published."""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.bootstrap import open_hall
from engine.cli.beside import examples_beside
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.decisions.diff import Difference, compare
from engine.decisions.dmn_write import write_table
from engine.decisions.examples import lines_of, write_lines
from engine.decisions.grid import Imported, Words
from engine.decisions.merge import merge
from engine.decisions.sheet import made_of as workbook_made_of
from engine.decisions.sheet import read_examples_sheet, read_workbook, write_workbook
from engine.decisions.sheet_csv import made_of as csv_made_of
from engine.decisions.sheet_csv import read_csv, write_csv
from engine.decisions.table import Draft, read_draft
from engine.domain.facts import Word
from engine.kernel.errors import Invalid, Missing
from engine.kernel.now import hall_day, system_now
from engine.services import changes, people, publishing
from engine.services.hall import Hall
from engine.settings import FILE, read_settings
from engine.stock import read_catalogue

XLSX, CSV, DMN = ".xlsx", ".csv", ".dmn"
SHORT = 12
READERS = {XLSX: (workbook_made_of, read_workbook), CSV: (csv_made_of, read_csv)}


@dataclass(frozen=True)
class _Onto:
    """The table that is meant: a file or what is in force; `examples` may be missing."""

    name: str
    source: bytes
    draft: Draft
    examples: bytes | None
    file: Path | None


@dataclass(frozen=True)
class _Taken:
    """What a sheet makes of a table: the file of the new version, and of its examples."""

    came: Imported
    source: bytes
    difference: Difference
    examples: bytes | None


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    sheet = commands.add_parser("sheet", help="take a table to Excel or CSV and back")
    doors = sheet.add_subparsers(dest="door", required=True, metavar="export|import")
    out = doors.add_parser("export", help="write a table as .xlsx or .csv")
    out.add_argument("table", help="name of a published table, or a .dmn file")
    out.add_argument("--to", type=Path, required=True, help="FILE.xlsx or FILE.csv")
    out.add_argument(
        "--examples", action="store_true", help="with its examples on a sheet of theirs (.xlsx)"
    )
    out.set_defaults(run=_export)
    back = doors.add_parser("import", help="show what a sheet changes; write a file or a change")
    back.add_argument("file", type=Path, help=".xlsx or .csv that was exported here")
    back.add_argument("--onto", required=True, help="name of a published table, or a .dmn file")
    back.add_argument("--base", type=Path, help="the .dmn of the old version it was made of")
    back.add_argument("--out", type=Path, help="write the new version to this .dmn file")
    back.add_argument("--examples", type=Path, help="write the sheet of examples to this .csv")
    back.add_argument("--by", help="begin a change of this account, for a published table")
    back.add_argument("--effective", type=date.fromisoformat, help="first day of the change")
    back.add_argument("--note", default="", help="legal ground of the change, document number")
    back.add_argument("--json", action="store_true", help="print the difference as JSON")
    back.set_defaults(run=_import)


def _export(asked: argparse.Namespace) -> int:
    onto = _onto(asked.table)
    ending = _ending(asked.to)
    if asked.examples and ending == CSV:
        raise Invalid("sheet.examples_in_csv")
    if asked.examples and onto.examples is None:
        raise Missing("sheet.no_examples", table=onto.draft.id)
    today = hall_day(system_now())
    if ending == CSV:
        made = write_csv(onto.draft, today, _words())
    else:
        listed = lines_of(onto.examples) if asked.examples and onto.examples else None
        made = write_workbook(onto.draft, today, _words(), listed)
    asked.to.write_bytes(made)
    said = {"table": onto.draft.id, "version": onto.draft.version[:SHORT], "file": str(asked.to)}
    print(sentence("sheet.exported", said))
    return 0


def _import(asked: argparse.Namespace) -> int:
    onto = _onto(asked.onto)
    taken = _taken(asked, onto)
    told = _told(onto, taken)
    if asked.out is not None or asked.by is None:
        told |= {"written": _written(asked, taken), "change": None}
    else:
        told |= {"written": [], "change": _drafted(asked, onto, taken)}
    if asked.json:
        print(json.dumps(told, ensure_ascii=False, default=str))
    else:
        for line in _lines(told):
            print(line)
    return 0


def _taken(asked: argparse.Namespace, onto: _Onto) -> _Taken:
    if not asked.file.is_file():
        raise Missing("definition.no_file", file=str(asked.file))
    made_of, read = READERS[_ending(asked.file)]
    sheet, words = asked.file.read_bytes(), _words()
    version = made_of(sheet)
    if version == onto.draft.version:
        came = read(sheet, onto.draft, words)
        table = came.table
    else:
        old = _base(asked, onto, version)
        base = read_draft(old)
        came = read(sheet, base, words)
        ids = [rule.id for rule in onto.draft.source.rules]
        edited = read_draft(write_table(old, base.id, came.table, ids))
        table = merge(base, came, edited, onto.draft, words)
    used = [rule.id for rule in came.table.rules if rule.id]
    source = write_table(onto.source, onto.draft.id, table, used)
    examples = None
    if asked.file.suffix == XLSX:
        listed = read_examples_sheet(sheet)
        examples = None if listed is None else write_lines(listed, onto.examples)
    if asked.examples is not None and examples is None:
        raise Missing("sheet.no_examples_sheet")
    return _Taken(came, source, compare(onto.draft, read_draft(source)), examples)


def _base(asked: argparse.Namespace, onto: _Onto, version: str) -> bytes:
    """The old version that a sheet was made of: a file, or what the hall once had."""
    if asked.base is not None:
        if not asked.base.is_file():
            raise Missing("definition.no_file", file=str(asked.base))
        source: bytes = asked.base.read_bytes()
        if read_draft(source).version != version:
            raise Invalid("sheet.other_base", version=version[:SHORT])
        return source
    hall = _hall()
    if hall is None:
        raise Missing("sheet.old_version", version=version[:SHORT])
    try:
        return publishing.source_of(hall, "table", onto.draft.id, version)
    except Missing as error:
        raise Missing("sheet.old_version", version=version[:SHORT]) from error


def _onto(name: str) -> _Onto:
    path = Path(name)
    if path.suffix == DMN:
        if not path.is_file():
            raise Missing("definition.no_file", file=name)
        source = path.read_bytes()
        beside = examples_beside(path)
        examples = beside.read_bytes() if beside is not None and beside.is_file() else None
        return _Onto(name, source, read_draft(source), examples, path)
    hall = _hall()
    if hall is None:
        raise Missing("definition.none", kind="table", key=name, day="")
    source = publishing.source_of(hall, "table", name)
    held = publishing.in_force(hall).examples
    return _Onto(name, source, read_draft(source), held.get(name), None)


def _written(asked: argparse.Namespace, taken: _Taken) -> list[str]:
    written = []
    for file, content in ((asked.out, taken.source), (asked.examples, taken.examples)):
        if file is not None and content is not None:
            file.write_bytes(content)
            written.append(str(file))
    return written


def _drafted(asked: argparse.Namespace, onto: _Onto, taken: _Taken) -> str | None:
    """Begin a change with what differs, the table, its examples, or both; None without any."""
    hall = _hall()
    if hall is None or onto.file is not None:
        raise Invalid("sheet.draft_of_file", file=onto.name)
    by = next((one for one in people.everybody(hall) if one.account == asked.by), None)
    if by is None:
        raise Missing("account.unknown", account=asked.by)
    drafted = {}
    if taken.source != onto.source:
        drafted["table"] = taken.source
    if taken.examples is not None and taken.examples != onto.examples:
        drafted["examples"] = taken.examples
    if not drafted:
        return None
    title = sentence("sheet.title", {"table": onto.name, "file": asked.file.name})
    change = changes.begin(hall, by, title[: changes.LONGEST_TITLE], asked.note)
    if asked.effective is not None:
        changes.describe(hall, by, change.id, change.title, change.note, asked.effective)
    for kind, content in drafted.items():
        changes.add_part(hall, by, change.id, kind, onto.name, content.decode())
    return change.id


def _told(onto: _Onto, taken: _Taken) -> dict[str, object]:
    changes, difference = taken.difference.changes, taken.difference
    before = 0 if onto.examples is None else len(lines_of(onto.examples)) - 1
    after = before if taken.examples is None else len(lines_of(taken.examples)) - 1
    return {
        "table": onto.draft.id,
        "version": onto.draft.version,
        "based_on": taken.came.based_on,
        "stale": taken.came.based_on != onto.draft.version,
        "added": [{"row": rule.id, "number": rule.number} for rule in changes.added],
        "changed": [
            {
                "row": row.row,
                "number": row.number,
                "cells": [
                    {"column": cell.column, "old": cell.old, "new": cell.new} for cell in row.cells
                ],
            }
            for row in changes.changed
        ],
        "removed": [{"row": rule.id, "number": rule.number} for rule in changes.removed],
        "moved": [{"row": one.row, "old": one.old, "new": one.new} for one in changes.moved],
        "otherwise": [
            {
                "facts": one.facts,
                "old": one.old,
                "new": one.new,
                "old_rows": one.old_rows,
                "new_rows": one.new_rows,
            }
            for one in difference.otherwise
        ],
        "complete": difference.complete,
        "notes": [
            {"code": note.code, "rows": note.rows, "column": note.column, **note.params}
            for note in taken.came.notes
        ],
        "examples": {
            "before": before,
            "after": after,
            "changed": taken.examples not in (None, onto.examples),
        },
    }


def _lines(told: Mapping[str, object]) -> Iterator[str]:
    """The difference in sentences."""
    if told["stale"]:
        yield sentence("sheet.stale", {"version": str(told["based_on"])[:SHORT]})
    for note in _each(told["notes"]):
        rows = note["rows"]
        named = {**note, "rows": ", ".join(map(str, rows)) if isinstance(rows, tuple) else ""}
        yield sentence(str(note["code"]), named)
    kinds = ("added", "changed", "removed", "moved")
    counts = {kind: sum(1 for _ in _each(told[kind])) for kind in kinds}
    examples = next(_each([told["examples"]]))
    if not any(counts.values()) and not examples["changed"]:
        yield sentence("sheet.no_change", {})
    else:
        yield sentence("sheet.summary", counts)
    for kind in ("added", "removed", "moved"):
        for one in _each(told[kind]):
            yield sentence(f"sheet.{kind}", one)
    for row in _each(told["changed"]):
        for cell in _each(row["cells"]):
            yield sentence("sheet.changed", {**row, **cell})
    for case in _each(told["otherwise"]):
        spelt = {name: json.dumps(it, ensure_ascii=False) for name, it in case.items()}
        yield sentence("sheet.otherwise", spelt)
    if any(counts.values()) and not told["otherwise"]:
        yield sentence("sheet.same_effect", {})
    if examples["changed"]:
        yield sentence("sheet.examples_changed", examples)
    yield from _kept(told)


def _kept(told: Mapping[str, object]) -> Iterator[str]:
    written, change = told["written"], told["change"]
    if isinstance(written, list) and written:
        yield sentence("sheet.written", {"file": ", ".join(written)})
    elif change is not None:
        yield sentence("sheet.drafted", {"change": change})
    else:
        yield sentence("sheet.not_written", {})


def _each(listed: object) -> Iterator[Mapping[str, object]]:
    if isinstance(listed, list):
        yield from listed


def _ending(file: Path) -> str:
    if file.suffix not in READERS:
        raise Invalid("sheet.unknown_ending", file=str(file))
    return file.suffix


def _words() -> Words:
    """What types of matter are called: they are rows of data."""
    types = read_catalogue()["matter_types"]
    return {"matter_type": [Word(row["code"], row["name_zh"], row["name_en"]) for row in types]}


def _hall() -> Hall | None:
    settings = read_settings()
    return open_hall(settings) if (settings.data / FILE).exists() else None
