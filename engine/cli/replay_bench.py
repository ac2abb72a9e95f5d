"""Measuring: `hall bench replay` decides a million made decisions again, on all cores given."""

import argparse
import json
import random
import resource
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from engine.analysis.replay import Past, decide_again, spread
from engine.analysis.tally import Tally
from engine.cli.commands import Commands
from engine.decisions.decide import Table, explain
from engine.decisions.table import read_draft
from engine.domain.facts import Fact, FactKind
from engine.kernel.canonical import dumps
from engine.kernel.errors import HallError, Invalid
from engine.paths import stock_dir

DECISIONS, CORES, BATCH, CASE, SEED = 1_000_000, 2, 10_000, 2, 1
FACTS = 4  # their place in a stored decision
OUTCOMES = 2
LARGEST = 1_000_000
DAY = "2026-{month:02}-{day:02}"


def add_to(kinds: Commands) -> None:
    """Add the kind `replay` to the command `bench`."""
    bench = kinds.add_parser("replay", help="decide past decisions again under a table")
    bench.add_argument("--table", type=Path, help="a DMN file; without it that of authority")
    bench.add_argument("--decisions", type=int, default=DECISIONS, help="how many")
    bench.add_argument("--cores", type=int, default=CORES, help="processes that share the work")
    bench.add_argument("--json", action="store_true", help="print the figures as JSON")
    bench.set_defaults(run=_replay)


def _replay(asked: argparse.Namespace) -> int:
    if asked.decisions < 1 or asked.cores < 1:
        raise Invalid("bench.replay")
    path = asked.table or stock_dir("rules") / "tables" / "authority.dmn"
    source = path.read_bytes()
    made = list(_made(source, asked.decisions))
    facts = len({one[FACTS] for batch in made for one in batch})
    tally, cpu, began = Tally(), _cpu(), time.perf_counter()
    for part in spread(partial(decide_again, source), made, asked.cores):
        tally.add(part.tally)
    seconds, spent = time.perf_counter() - began, _cpu() - cpu
    figures = {
        "table": path.stem,
        "decisions": tally.asked,
        "different_facts": facts,
        "changed": tally.totals[1],
        "untold": tally.untold.total(),
        "cores": asked.cores,
        "seconds": round(seconds, 2),
        "cpu_s": round(spent, 2),
    }
    if asked.json:
        print(json.dumps(figures))
    else:
        print("  ".join(f"{name} {value}" for name, value in figures.items()))
    return 0


def _made(source: bytes, number: int) -> Iterator[list[Past]]:
    """Batches of decisions on drawn facts; what was decided is drawn from the table's answers."""
    table, draw = Table(read_draft(source)), random.Random(SEED)  # noqa: S311 -- made facts
    outcomes = _outcomes(table, draw)
    for first in range(0, number, BATCH):
        yield [
            (
                str(place),
                str(place // CASE),
                1,
                1,
                dumps({fact.key: _value(fact, draw) for fact in table.inputs}).decode(),
                draw.choice(outcomes),
            )
            for place in range(first, min(first + BATCH, number))
        ]


def _outcomes(table: Table, draw: random.Random) -> list[str]:
    found: list[str] = []
    while len(found) < OUTCOMES:
        facts = {fact.key: _value(fact, draw) for fact in table.inputs}
        try:
            found.append(dumps(explain(table, facts).outcome).decode())
        except HallError:
            continue
    return found


def _value(fact: Fact, draw: random.Random) -> object:
    match fact.kind:
        case FactKind.NUMBER:
            return draw.randrange(LARGEST)
        case FactKind.BOOLEAN:
            return draw.random() < 0.5
        case FactKind.DATE:
            return DAY.format(month=draw.randint(1, 12), day=draw.randint(1, 28))
    return draw.choice(fact.codes) if fact.codes else f"text {draw.randrange(LARGEST)}"


def _cpu() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
