"""`hall check`: what is wrong with tables, diagrams and forms, before anybody publishes them."""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.decisions.check import Severity, check
from engine.decisions.table import Draft, read_draft
from engine.decisions.trace import plain
from engine.forms.compile import read_form
from engine.kernel.errors import HallError, Missing
from engine.processes.definition import read_definition

ENDINGS = (".dmn", ".form", ".bpmn")
ERROR = Severity.ERROR.value


@dataclass(frozen=True)
class Told:
    """One finding of one file; rows are counted from 1, `column` is a label or an element's id.

    `line` is that of the file, `case` gives a value to each column of a table.
    """

    file: str
    severity: str
    code: str
    text: str
    rows: tuple[int, ...] = ()
    column: str | None = None
    line: int | None = None
    case: Mapping[str, object] | None = None


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    asked = commands.add_parser("check", help="prove tables, check diagrams and forms")
    asked.add_argument("files", nargs="+", type=Path, help=".dmn, .bpmn, .form, or a folder")
    asked.add_argument("--json", action="store_true", help="print the findings as JSON")
    asked.set_defaults(run=_check)


def _check(asked: argparse.Namespace) -> int:
    files = list(dict.fromkeys(file for path in asked.files for file in _files(path)))
    findings = [told for file in files for told in _findings(file, _names(files))]
    errors = sum(told.severity == ERROR for told in findings)
    if asked.json:
        said = {
            "files": [str(file) for file in files],
            "errors": errors,
            "findings": [asdict(told) for told in findings],
        }
        print(json.dumps(said, ensure_ascii=False))
    else:
        for told in findings:
            print(f"{told.file}: {told.text} [{told.code}]")
        print(sentence("check.done", {"files": len(files), "errors": errors}))
    return 1 if errors else 0


def _files(path: Path) -> Sequence[Path]:
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.suffix in ENDINGS)
    else:
        found = [path] if path.is_file() and path.suffix in ENDINGS else []
    if not found:
        raise Missing("check.no_file", file=str(path))
    return found


def _names(files: Iterable[Path]) -> Mapping[str, set[str]]:
    """The names of tables and forms that stand together, by ending."""
    found: dict[str, set[str]] = {ending: set() for ending in ENDINGS}
    for file in files:
        found[file.suffix].add(file.stem)
    return found


def _findings(file: Path, names: Mapping[str, set[str]]) -> Iterator[Told]:
    source = file.read_bytes()
    readers: Mapping[str, Callable[[], object]] = {
        ".dmn": lambda: read_draft(source),
        ".form": lambda: read_form(file.stem, source),
        # A file that is checked without tables or forms beside it may well name others.
        ".bpmn": lambda: read_definition(
            source, tables=names[".dmn"] or None, forms=names[".form"] or None
        ),
    }
    try:
        made = readers[file.suffix]()
    except HallError as error:
        yield from _of_error(file, error)
        return
    if isinstance(made, Draft):
        yield from _of_table(file, made)


def _of_error(file: Path, error: HallError) -> Iterator[Told]:
    """What a reader refused; of a diagram all findings."""
    listed = error.params.get("findings")
    several = listed if isinstance(listed, list) else [{"code": error.code, **error.params}]
    for one in several:
        params = {name: value for name, value in one.items() if name != "code"}
        row, line = params.get("row"), params.get("at_line", params.get("line"))
        place = params.get("element", params.get("component", params.get("cell")))
        code = str(one["code"])
        yield Told(
            str(file),
            ERROR,
            code,
            _placed(params, sentence(code, params)),
            (row,) if isinstance(row, int) and row else (),
            None if place is None else str(place),
            line if isinstance(line, int) and line else None,
        )


def _placed(params: Mapping[str, object], text: str) -> str:
    """The sentence after the row and cell of a table, where there are any."""
    if not params.get("row"):
        return text
    return sentence("check.place", params) + text


def _of_table(file: Path, draft: Draft) -> Iterator[Told]:
    numbers = {rule.id: rule.number for rule in draft.source.rules}
    for found in check(draft):
        rows = tuple(numbers[row] for row in found.rows)
        params = {
            "rows": ", ".join(map(str, rows)),
            "column": found.column or "",
            "case": _spelt(found.case or {}),
            **found.params,
        }
        yield Told(
            str(file),
            found.severity.value,
            found.code,
            sentence(found.code, params),
            rows,
            found.column,
            None,
            None if found.case is None else {name: plain(it) for name, it in found.case.items()},
        )


def _spelt(case: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {json.dumps(it, ensure_ascii=False)}" for name, it in case.items())
