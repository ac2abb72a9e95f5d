"""`hall import`: a diagram of another tool becomes ours, with a report of all that was done."""

import argparse
import csv
import json
from collections.abc import Mapping
from pathlib import Path

from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.kernel.errors import Conflict, Missing
from engine.paths import stock_dir
from engine.processes.assistant import Entry, Imported, import_drawing


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    asked = commands.add_parser(
        "import",
        help="take over a diagram from another tool, with a report",
        description="Take over a diagram from Camunda 7 or 8, Flowable, Activiti, Signavio, "
        "bpmn.io or another BPMN 2.0 tool. The report says what was mapped, what is stubbed, what "
        "the designer is asked and what was dropped; nothing of the file is run.",
    )
    asked.add_argument("file", type=Path, help="the .bpmn or .xml file of the other tool")
    asked.add_argument("--out", type=Path, help="where the diagram goes; else only the report")
    asked.add_argument("--json", action="store_true", help="print the report as one JSON object")
    asked.set_defaults(run=_import)


def _import(asked: argparse.Namespace) -> int:
    if not asked.file.is_file():
        raise Missing("definition.no_file", file=str(asked.file))
    if asked.out is not None and asked.out.resolve() == asked.file.resolve():
        raise Conflict("import.same_file", file=str(asked.file))
    made = import_drawing(asked.file.read_bytes(), _roles())
    if asked.out is not None:
        asked.out.write_bytes(made.xml)
    if asked.json:
        print(json.dumps(_plain(asked.file, asked.out, made), ensure_ascii=False, default=str))
    else:
        for entry in made.report:
            print(_line(entry))
        print(sentence("import.done", {"file": str(asked.file), **made.counts()}))
        if not made.ready:
            print(sentence("import.not_ready", {}))
    return 0


def _roles() -> Mapping[str, str]:
    """The roles of the hall by each of their names."""
    path = stock_dir("rules") / "catalogue" / "roles.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row[name]: row["role"] for row in rows for name in ("role", "name_zh", "name_en")}


def _plain(file: Path, out: Path | None, made: Imported) -> dict[str, object]:
    return {
        "file": str(file),
        "out": None if out is None else str(out),
        "ready": made.ready,
        "counts": made.counts(),
        "entries": [{**entry.plain(), "text": _text(entry)} for entry in made.report],
    }


def _line(entry: Entry) -> str:
    kind = sentence(f"import.kind.{entry.kind.value}", {})
    place = " ".join(part for part in (entry.element, entry.name) if part)
    return f"{kind} {place}: {_text(entry)} [{entry.code}]" if place else f"{kind} {_text(entry)}"


def _text(entry: Entry) -> str:
    values = {"source": entry.source, "made": entry.made, "element": entry.element}
    return sentence(entry.code, {**values, "name": entry.name, **entry.params})
