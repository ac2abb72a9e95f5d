"""Definitions and their days: `hall versions`, `hall publish`, `hall withdraw`, `hall export`."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from engine.bootstrap import open_hall
from engine.cli.beside import EXAMPLES, examples_beside
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.domain.people import SYSTEM, Official
from engine.kernel.errors import Invalid, Missing
from engine.services import catalogue, people, publishing, staffing
from engine.services.hall import Hall
from engine.services.publishing import KINDS, Definitions, VersionLine, definitions_of
from engine.services.staffing import Unheld

ENDINGS = {"process": ".bpmn", "form": ".form", "table": ".dmn", "examples": ".csv"}
FOLDERS = {
    "process": "bpmn/matters",
    "form": "bpmn/forms",
    "table": "rules/tables",
    "examples": "rules/examples",
}
SHORT = 12


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    listed = commands.add_parser("versions", help="list versions of tables, forms and processes")
    listed.add_argument("kind", nargs="?", choices=KINDS, help="of this kind alone")
    listed.add_argument("key", nargs="?", help="of this name alone")
    listed.add_argument("--on", type=date.fromisoformat, help="what held on this day")
    listed.add_argument("--json", action="store_true", help="print the versions as JSON")
    listed.set_defaults(run=_versions)
    given = commands.add_parser("publish", help="check and put in force what two people stand for")
    given.add_argument(
        "paths", nargs="+", type=Path, help=".dmn, .bpmn, .form, examples as .csv, or a folder"
    )
    given.add_argument("--effective", type=date.fromisoformat, help="first day; without: today")
    given.add_argument("--until", type=date.fromisoformat, help="last day, if one is known")
    given.add_argument("--json", action="store_true", help="print what was published as JSON")
    given.set_defaults(run=_publish)
    back = commands.add_parser("withdraw", help="let nothing hold in place of a version")
    back.add_argument("kind", choices=KINDS)
    back.add_argument("key", help="name of the table, form or process")
    back.add_argument("--from", dest="day", type=date.fromisoformat, help="without: tomorrow")
    back.set_defaults(run=_withdraw)
    for parser in (given, back):
        parser.add_argument("--by", required=True, help="account of the author")
        parser.add_argument("--second", required=True, help="account of who approved it")
        parser.add_argument("--note", default="", help="legal ground, document number")
    out = commands.add_parser("export", help="write what is in force as files, for git")
    out.add_argument("folder", type=Path, help="gets bpmn/ and rules/")
    out.add_argument("--on", type=date.fromisoformat, help="what held on this day")
    out.set_defaults(run=_export)


def _versions(asked: argparse.Namespace) -> int:
    found = publishing.versions(open_hall(), SYSTEM, asked.kind, asked.key, asked.on)
    if asked.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=_moment))
        return 0
    for one in found:
        print(sentence("versions.line", _told(one)))
    return 0


def _told(one: VersionLine) -> Mapping[str, object]:
    return {
        "kind": one.kind,
        "key": one.key,
        "version": one.version[:SHORT],
        "state": sentence(f"version.{one.state}", {}),
        "first": one.effective_from.isoformat(),
        "last": one.effective_to.isoformat() if one.effective_to else "",
        "author": one.author_name,
        "publisher": one.publisher_name,
        "note": one.note,
    }


def _moment(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _publish(asked: argparse.Namespace) -> int:
    hall = open_hall()
    definitions = _definitions(asked.paths)
    by, second = _official(hall, asked.by), _official(hall, asked.second)
    made = publishing.publish(
        hall,
        by,
        definitions,
        asked.effective,
        asked.until,
        second=second,
        note=asked.note,
    )
    for wanting in staffing.unheld(hall, definitions.processes, asked.effective):
        print(sentence("gate.no_holder", _unheld(hall, wanting)), file=sys.stderr)
    if asked.json:
        print(json.dumps([asdict(one) for one in made], ensure_ascii=False, default=_moment))
        return 0
    for one in made:
        said = {"kind": one.kind, "key": one.key, "version": one.version[:SHORT]}
        print(sentence("publish.line", {**said, "first": one.effective_from.isoformat()}))
    print(sentence("publish.done", {"published": len(made)}))
    return 0


def _unheld(hall: Hall, one: Unheld) -> Mapping[str, object]:
    units = {unit.no: unit.name for unit in catalogue.units(hall)}
    names = sentence("list.separator", {}).join(units.get(no, str(no)) for no in one.units)
    return {"process": one.process, "task": one.task, "name": one.name, "units": names}


def _definitions(paths: list[Path]) -> Definitions:
    sources: dict[str, dict[str, bytes]] = {kind: {} for kind in KINDS}
    files = [file for path in paths for file in _files(path)]
    for kind, file in files:
        key = file.name.removesuffix(ENDINGS[kind])
        if key in sources[kind]:
            raise Invalid("publish.twice", kind=kind, key=key)
        sources[kind][key] = file.read_bytes()
    for kind, file in files:
        beside = examples_beside(file) if kind == "table" else None
        if beside is not None and beside.is_file():
            sources["examples"].setdefault(beside.stem, beside.read_bytes())
    if not any(sources.values()):
        raise Missing("check.no_file", file=" ".join(map(str, paths)))
    return definitions_of(sources)


def _files(path: Path) -> list[tuple[str, Path]]:
    """The definitions of a path; in a folder a .csv is examples where its own folder says so."""
    found = []
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        kind = next((one for one in KINDS if file.name.endswith(ENDINGS[one])), None)
        if kind is None or not file.is_file():
            continue
        if kind == "examples" and path.is_dir() and file.parent.name != EXAMPLES:
            continue  # the catalogue is CSV too
        found.append((kind, file))
    return found


def _official(hall: Hall, account: str) -> Official:
    found = next((one for one in people.everybody(hall) if one.account == account), None)
    if found is None:
        raise Missing("account.unknown", account=account)
    return found


def _withdraw(asked: argparse.Namespace) -> int:
    hall = open_hall()
    by, second = _official(hall, asked.by), _official(hall, asked.second)
    last = publishing.withdraw(
        hall, by, asked.kind, asked.key, asked.day, second=second, note=asked.note
    )
    said = {"kind": asked.kind, "key": asked.key, "last": last.isoformat() if last else ""}
    print(sentence("withdraw.done" if last else "withdraw.never", said))
    return 0


def _export(asked: argparse.Namespace) -> int:
    held = publishing.in_force(open_hall(), asked.on)
    for kind in KINDS:
        folder = asked.folder / FOLDERS[kind]
        folder.mkdir(parents=True, exist_ok=True)
        for key, source in held.of(kind).items():
            # A name may come from a database that somebody else wrote into.
            if Path(key).name != key:
                raise Invalid("export.name", kind=kind, key=key)
            (folder / f"{key}{ENDINGS[kind]}").write_bytes(source)
    written = sum(len(held.of(kind)) for kind in KINDS)
    print(sentence("export.done", {"written": written, "folder": str(asked.folder)}))
    return 0
