"""Measuring decisions: `hall bench decision`, made tables beside other engines or a given one."""

import argparse
import importlib
import importlib.util
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from xml.sax.saxutils import escape

from engine.cli.commands import Commands
from engine.cli.peers import bare
from engine.decisions.matching import read_matching
from engine.kernel.errors import Conflict, Invalid, Missing

T = TypeVar("T")
Facts = dict[str, object]
Row = tuple[str, tuple[int, int], tuple[int, int], bool | None]
Ask = Callable[[Any], Sequence[str]]
COLUMNS = (("kind", "string"), ("days", "number"), ("amount", "number"), ("survey", "boolean"))
CASES = 5_000
HALL_CASES = 200  # classes of facts repeat in a hall
CHECKED = 200
CHUNK = 250
ROUNDS = 5
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


@dataclass(frozen=True)
class Figures:
    """What one run did; `load_s` is how long reading and compiling the table took."""

    name: str
    evals: int
    cpu_s: float
    wall_s: float
    load_s: float


def add_to(kinds: Commands) -> None:
    """Add the kind `decision` to the command `bench`."""
    bench = kinds.add_parser("decision", help="decide by tables, beside other engines")
    bench.add_argument("--rows", default="10,100,1000", help="sizes of made tables, with commas")
    bench.add_argument("--dmn", type=Path, help="a table of your own")
    bench.add_argument("--cases", type=Path, help='its cases, one a line: {"id","input"}')
    bench.add_argument("--results", type=Path, help='where {"id","result"} of each case goes')
    bench.add_argument("--live", action="store_true", help="with durable-rules, as a hall decides")
    bench.add_argument("--seconds", type=float, default=1.0, help="how long each runs")
    bench.add_argument("--json", action="store_true", help="one JSON object a line")
    bench.set_defaults(run=_decision)


def _decision(asked: argparse.Namespace) -> int:
    if asked.dmn is not None:
        if asked.cases is None or asked.results is None:
            raise Invalid("bench.no_cases")
        _given(asked)
        return 0
    for rows in _sizes(asked.rows):
        for figures in _made(rows, asked.seconds):
            _print(rows, figures, asked.json)
    return 0


def _sizes(text: str) -> list[int]:
    try:
        sizes = [int(one) for one in text.split(",")]
    except ValueError as error:
        raise Invalid("bench.rows", rows=text) from error
    if min(sizes) < 1:
        raise Invalid("bench.rows", rows=text)
    return sizes


def _given(asked: argparse.Namespace) -> None:
    began = time.perf_counter()
    matching = read_matching(_bytes(asked.dmn), live=asked.live)
    load = time.perf_counter() - began
    ask = matching.live if asked.live else matching.reference
    names, cases = [], []
    for name, facts in _read_cases(asked.cases):
        names.append(name)
        cases.append(matching.read(facts))
    with asked.results.open("w", encoding="utf-8") as file:
        for name, facts in zip(names, cases, strict=True):
            line = {"id": name, "result": list(ask(facts))}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    name = "durable-rules" if asked.live and matching.alone is None else "index"
    print(json.dumps(asdict(_measure(name, ask, cases, asked.seconds, load))), flush=True)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise Missing("definition.no_file", file=str(path))
    return path.read_bytes()


def _read_cases(path: Path) -> Iterator[tuple[object, Facts]]:
    for number, line in enumerate(_bytes(path).decode("utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line, parse_float=Decimal, parse_constant=_no_constant)
        except ValueError as error:
            raise Invalid("bench.case", line=number) from error
        if not isinstance(case, dict) or not isinstance(case.get("input"), dict):
            raise Invalid("bench.case", line=number)
        yield case.get("id"), case["input"]


def _no_constant(text: str) -> object:
    raise ValueError(text)


def _measure(name: str, ask: Ask, cases: Sequence[object], seconds: float, load: float) -> Figures:
    """Ask case by case, over and over, until the time is up."""
    evals, place = 0, 0
    chunks = [cases[at : at + CHUNK] for at in range(0, len(cases), CHUNK)]
    cpu, start = time.process_time(), time.perf_counter()
    while chunks and time.perf_counter() - start < seconds:
        chunk = chunks[place]
        for facts in chunk:
            ask(facts)
        evals += len(chunk)
        place = (place + 1) % len(chunks)
    spent, wall = time.process_time() - cpu, time.perf_counter() - start
    return Figures(name, evals, round(spent, 4), round(wall, 4), round(load, 4))


@dataclass(frozen=True)
class Run:
    """One engine ready to be asked, with how long reading and compiling the table took."""

    name: str
    ask: Ask
    cases: Sequence[object]
    load_s: float


def _made(rows: int, seconds: float) -> Iterator[Figures]:
    """Measure every engine on one made table; all must give the same rows."""
    dice = random.Random(rows)  # noqa: S311 - tables and cases, not secrets
    table = [_row(dice) for _ in range(rows)]
    cases = _cases(dice)
    repeated = [cases[number % HALL_CASES] for number in range(CASES)]
    matching, load = _timed(lambda: read_matching(_dmn(table)))
    expected = [matching.reference(facts) for facts in cases[:CHECKED]]
    runs = [Run("index", matching.reference, cases, load)]
    live, load = _timed(lambda: read_matching(_dmn(table), live=True))
    _same("live", live.live, cases, expected)
    runs.append(Run("live, classes repeat", live.live, repeated, load))
    runs.append(Run("live, all distinct", live.live, cases, load))
    closures, load = _timed(lambda: _closures(table))
    _same("closures", closures, cases, expected)
    runs.append(Run("closures", closures, cases, load))
    if importlib.util.find_spec("zen") is not None:
        zen, load = _timed(lambda: _zen(table))
        _same("zen-engine", _rows_of(zen), cases, expected)
        runs.append(Run("zen-engine", zen, cases, load))
    yield from _in_turns(runs, seconds)
    yield _spiff(table, cases, expected, seconds)


def _timed(make: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return make(), time.perf_counter() - began


def _in_turns(runs: Sequence[Run], seconds: float) -> list[Figures]:
    """Measure each in turn, some rounds long: what else the machine does meets all alike."""
    rounds = [
        [_measure(run.name, run.ask, run.cases, seconds / ROUNDS, run.load_s) for run in runs]
        for _ in range(ROUNDS)
    ]
    return [
        Figures(
            run.name,
            sum(one.evals for one in parts),
            round(sum(one.cpu_s for one in parts), 4),
            round(sum(one.wall_s for one in parts), 4),
            round(run.load_s, 4),
        )
        for run, parts in zip(runs, zip(*rounds, strict=True), strict=True)
    ]


def _spiff(
    table: Sequence[Row], cases: Sequence[Facts], expected: Sequence[Sequence[str]], seconds: float
) -> Figures:
    """SpiffWorkflow's own DMN, in a process of its own, where nothing of ours changes it."""
    name = "SpiffWorkflow DMN"
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as folder:
        dmn, asked = Path(folder) / "table.dmn", Path(folder) / "cases.json"
        dmn.write_bytes(_dmn(table, _python_texts))
        asked.write_text(json.dumps(cases), encoding="utf-8")
        done = bare("rows", dmn, asked, seconds)
    found = done.pop("found")
    _same(name, lambda facts: found[cases.index(facts)], cases[: len(found)], expected)
    return Figures(name, **done)


def _same(name: str, ask: Ask, cases: Sequence[Facts], expected: Sequence[Sequence[str]]) -> None:
    for facts, rows in zip(cases, expected, strict=False):
        if list(ask(facts)) != list(rows):
            raise Conflict("bench.differs", engine=name, case=json.dumps(facts))


def _row(dice: random.Random) -> Row:
    days, amount = dice.randrange(900), dice.randrange(90_000)
    return (
        f"w{dice.randrange(12)}",
        (days, days + dice.randrange(50, 100)),
        (amount, amount + 20_000),
        dice.choice([True, False, None]),
    )


def _cases(dice: random.Random) -> list[Facts]:
    """Facts of which no two are alike."""
    amounts = dice.sample(range(110_000), CASES)
    return [
        {
            "kind": f"w{dice.randrange(14)}",
            "days": dice.randrange(1_000),
            "amount": amount,
            "survey": dice.random() < 0.5,
        }
        for amount in amounts
    ]


def _texts(row: Row) -> tuple[str, str, str, str]:
    kind, days, amount, survey = row
    return (
        f'"{kind}"',
        f"[{days[0]}..{days[1]})",
        f"[{amount[0]}..{amount[1]}]",
        "-" if survey is None else str(survey).lower(),
    )


def _python_texts(row: Row) -> tuple[str, str, str, str]:
    kind, days, amount, survey = row
    return (
        f'"{kind}"',
        f"{days[0]} <= ? < {days[1]}",
        f"{amount[0]} <= ? <= {amount[1]}",
        "" if survey is None else str(survey),
    )


def _dmn(table: Sequence[Row], spell: Callable[[Row], Sequence[str]] = _texts) -> bytes:
    data = "".join(
        f'<inputData id="i-{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/>'
        "</inputData>"
        for name, kind in COLUMNS
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i-{name}"/></informationRequirement>'
        for name, _ in COLUMNS
    )
    heads = "".join(
        f'<input id="in-{name}"><inputExpression id="of-{name}" typeRef="{kind}">'
        f"<text>{name}</text></inputExpression></input>"
        for name, kind in COLUMNS
    )
    rules = "".join(
        f'<rule id="r{number}">'
        + "".join(
            f'<inputEntry id="r{number}-{place}"><text>{escape(text)}</text></inputEntry>'
            for place, text in enumerate(spell(row))
        )
        + f'<outputEntry id="r{number}-row"><text>"r{number}"</text></outputEntry></rule>'
        for number, row in enumerate(table)
    )
    return (
        f'<definitions xmlns="{DMN}" id="m" name="m" namespace="urn:bench">{data}'
        f'<decision id="made" name="made"><variable name="made"/>{needs}'
        f'<decisionTable id="table" hitPolicy="COLLECT">{heads}'
        f'<output id="out" name="row" typeRef="string"/>{rules}'
        "</decisionTable></decision></definitions>"
    ).encode()


def _closures(table: Sequence[Row]) -> Ask:
    """Plain Python, row by row, as one would write it by hand."""

    def holds(row: Row) -> Callable[[Mapping[str, Any]], bool]:
        kind, (few, many), (low, high), survey = row
        return lambda facts: (
            facts["kind"] == kind
            and few <= facts["days"] < many
            and low <= facts["amount"] <= high
            and (survey is None or facts["survey"] is survey)
        )

    tests = [(f"r{number}", holds(row)) for number, row in enumerate(table)]
    return lambda facts: [name for name, test in tests if test(facts)]


def _zen(table: Sequence[Row]) -> Callable[[Any], Any]:
    """zen-engine with content that was prepared, its fast way."""
    zen: Any = importlib.import_module("zen")  # a developer's tool: absent where it is not wanted
    names = [name for name, _ in COLUMNS]
    rules = [
        {"_id": f"r{number}", "row": f'"r{number}"'}
        | {name: "" if text == "-" else text for name, text in zip(names, _texts(row), strict=True)}
        for number, row in enumerate(table)
    ]
    table_node = {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "field": name} for name in names],
        "outputs": [{"id": "row", "name": "row", "field": "row"}],
        "rules": rules,
    }
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "content": {}},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": table_node},
            {"id": "out", "name": "out", "type": "outputNode", "content": {}},
        ],
        "edges": [
            {"id": "one", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "two", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }
    content = zen.ZenDecisionContent(json.dumps(graph))
    engine = zen.ZenEngine({"loader": lambda _name: content})
    return lambda facts: engine.evaluate("table", facts)


def _rows_of(zen: Callable[[Any], Any]) -> Ask:
    return lambda facts: [one["row"] for one in zen(facts)["result"]]


def _print(rows: int, figures: Figures, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"rows": rows, **asdict(figures)}), flush=True)
        return
    rate = figures.evals / figures.cpu_s if figures.cpu_s else 0.0
    print(
        f"{rows:5} rows  {figures.name:22} {rate:12,.0f} decisions/cpu s "
        f"{figures.load_s:8.3f} s to load",
        flush=True,
    )
