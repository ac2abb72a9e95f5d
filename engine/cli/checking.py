"""`hall check`: what is wrong with tables, diagrams and forms, before anybody publishes them."""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.bootstrap import open_hall
from engine.cli.beside import examples_beside
from engine.cli.commands import Commands
from engine.cli.sentences import SECOND, sentence, spoken
from engine.decisions.check import Finding, Severity, check
from engine.decisions.gate import tried
from engine.decisions.speech import Speech, Value
from engine.decisions.table import Draft, read_draft
from engine.decisions.trace import plain
from engine.forms.compile import read_form
from engine.kernel.errors import HallError, Missing
from engine.processes.check import findings as check_drawing
from engine.processes.definition import Definition, read_definition
from engine.processes.findings import Finding as Drawn
from engine.processes.limits import Limit
from engine.processes.load import load
from engine.services.promises import promised, promised_by
from engine.settings import FILE, read_settings
from engine.stock import read_catalogue

ENDINGS = (".dmn", ".form", ".bpmn")
ERROR = Severity.ERROR.value


@dataclass(frozen=True)
class Told:
    """One finding of one file; rows are counted from 1, `column` is a label or an element's id.

    `line` is that of the file, `case` gives a value to each column of a table, `path` are the
    ids of a diagram's elements that lead to what is wrong, `rule` is the number of a constraint
    of the BPMN standard (several with spaces).
    """

    file: str
    severity: str
    code: str
    text: str
    rows: tuple[int, ...] = ()
    column: str | None = None
    line: int | None = None
    case: Mapping[str, object] | None = None
    path: tuple[str, ...] = ()
    rule: str | None = None


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    asked = commands.add_parser("check", help="prove tables, check diagrams and forms")
    asked.add_argument("files", nargs="+", type=Path, help=".dmn, .bpmn, .form, or a folder")
    asked.add_argument("--json", action="store_true", help="print the findings as JSON")
    asked.set_defaults(run=_check)


def _check(asked: argparse.Namespace) -> int:
    files = list(dict.fromkeys(file for path in asked.files for file in _files(path)))
    names, limits = _names(files), _promises(files)
    findings = [told for file in files for told in _findings(file, names, limits)]
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
            if told.path:
                print(sentence("check.path", {"path": " → ".join(told.path)}))
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


def _names(files: Iterable[Path]) -> Mapping[str, dict[str, Mapping[str, str]]]:
    """The tables and forms that stand together, by ending and name; of forms the fields' labels."""
    found: dict[str, dict[str, Mapping[str, str]]] = {ending: {} for ending in ENDINGS}
    for file in files:
        found[file.suffix][file.stem] = _labels(file) if file.suffix == ".form" else {}
    return found


def _labels(file: Path) -> Mapping[str, str]:
    try:
        return read_form(file.stem, file.read_bytes()).labels
    except HallError:
        return {"reason": ""}  # what is wrong with it is told of the form itself


def _promises(files: Sequence[Path]) -> Mapping[str, Limit]:
    """What is promised of each process: by rules/catalogue beside it, else by the hall's own."""
    for folder in dict.fromkeys(
        folder for file in files if file.suffix == ".bpmn" for folder in file.absolute().parents
    ):
        beside = folder / "rules" / "catalogue"
        if (beside / "matter_types.csv").is_file():
            return promised_by(read_catalogue(beside))
    settings = read_settings()
    if not (settings.data / FILE).exists():
        return {}
    with open_hall(settings).reading() as unit:
        return promised(unit)


def _findings(
    file: Path, names: Mapping[str, Mapping[str, Mapping[str, str]]], limits: Mapping[str, Limit]
) -> Iterator[Told]:
    source = file.read_bytes()
    readers: Mapping[str, Callable[[], object]] = {
        ".dmn": lambda: read_draft(source),
        ".form": lambda: read_form(file.stem, source),
        # A file that is checked without tables or forms beside it may well name others.
        ".bpmn": lambda: read_definition(
            source,
            tables=names[".dmn"] or None,
            forms=names[".form"] or None,
            limits=limits,
            processes=_beside(file),
        ),
    }
    try:
        made = readers[file.suffix]()
    except HallError as error:
        yield from _of_error(file, error)
        return
    if isinstance(made, Draft):
        yield from _of_table(file, made)
    if isinstance(made, Definition):
        forms = names[".form"] or None
        beside = _beside(file)
        for one in check_drawing(load(source), names[".dmn"] or None, forms, beside):
            yield _of_drawing(file, one)


def _beside(file: Path) -> frozenset[str]:
    """The processes of the folders beside a diagram's: matters call parts."""
    around = file.absolute().parent.parent
    return frozenset(path.stem for path in around.glob("*/*.bpmn"))


def _of_drawing(file: Path, found: Drawn) -> Told:
    """A warning about a diagram that is accepted."""
    return Told(
        str(file),
        found.severity,
        found.code,
        sentence(found.code, {"element": found.element, "name": found.name, **found.params}),
        column=found.element,
    )


def _of_error(file: Path, error: HallError) -> Iterator[Told]:
    """What a reader refused; of a diagram all findings."""
    listed = error.params.get("findings")
    several = listed if isinstance(listed, list) else [{"code": error.code, **error.params}]
    for one in several:
        params = {name: value for name, value in one.items() if name != "code"}
        row, line = params.get("row"), params.get("at_line", params.get("line"))
        place = params.get("element", params.get("component", params.get("cell")))
        code, path = str(one["code"]), params.get("path")
        yield Told(
            str(file),
            ERROR,
            code,
            _placed(params, sentence(code, params)),
            (row,) if isinstance(row, int) and row else (),
            None if place is None else str(place),
            line if isinstance(line, int) and line else None,
            path=tuple(map(str, path)) if isinstance(path, list) else (),
            rule=str(params["rule"]) if "rule" in params else None,
        )


def _placed(params: Mapping[str, object], text: str) -> str:
    """The sentence after the row and cell of a table, where there are any."""
    if not params.get("row"):
        return text
    return sentence("check.place", params) + text


def _of_table(file: Path, draft: Draft) -> Iterator[Told]:
    yield from _told(file, draft, check(draft))
    examples = examples_beside(file)
    if examples is None:
        yield from _told(file, draft, [Finding(Severity.NOTE, "gate.no_examples_beside")])
    elif examples.is_file():
        yield from _told(examples, draft, tried(draft, examples.read_bytes()))
    else:
        yield from _told(examples, draft, tried(draft, None))


def _told(file: Path, draft: Draft, findings: Iterable[Finding]) -> Iterator[Told]:
    numbers = {rule.id: rule.number for rule in draft.source.rules}
    speech = Speech(sentence, english=spoken() == SECOND)
    for found in findings:
        rows = tuple(numbers[row] for row in found.rows)
        line = found.params.get("line")
        params = {
            "table": draft.id,
            "row": found.rows[0] if found.rows else "",
            "rows": ", ".join(map(str, rows)),
            "column": found.column or "",
            "case": _spelt(draft, found, speech),
            **found.params,
        }
        yield Told(
            str(file),
            found.severity.value,
            found.code,
            sentence(found.code, params),
            rows,
            found.column,
            line if isinstance(line, int) else None,
            None if found.case is None else {name: plain(it) for name, it in found.case.items()},
        )


def _spelt(draft: Draft, found: Finding, speech: Speech) -> str:
    """The case of a finding in words, first what matters, then what may be anything."""
    if found.case is None:
        return ""
    columns = list(zip(draft.source.columns, draft.direct, strict=True))
    free = [speech.name(fact, own.label) for own, fact in columns if own.label in found.free]
    told = [
        Value(fact, own.label, found.case[own.label])
        for own, fact in columns
        if own.label not in found.free
    ]
    if not free or not told:
        every = [Value(fact, own.label, found.case[own.label]) for own, fact in columns]
        return speech.case(every)
    listed = sentence("explain.comma", {}).join(free)
    return sentence("check.case_free", {"case": speech.case(told), "free": listed})
