"""Measuring: `hall bench process` completes cases of the demo city, each step a durable unit.

`hall bench decision` stands in `deciding`.
"""

import argparse
import json
import resource
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import cycle
from pathlib import Path

from engine.cli import deciding
from engine.cli.commands import Commands
from engine.demo.carry import Cast, carry, cast_of
from engine.demo.opening import open_city
from engine.kernel.errors import Missing
from engine.services import catalogue
from engine.services.hall import Hall
from engine.settings import read_settings

MATTERS_EACH = 20
WARM_UP_CASES = 20
# Bytes that a step of a commitment writes with events, tasks, clocks, jobs and state (measured).
RAW_ROW_BYTES = 4096


@dataclass(frozen=True)
class Figures:
    """What one run did; `cpu_s` is user and system time of this process and its children."""

    name: str
    cases: int
    steps: int
    cpu_s: float
    wall_s: float
    db: str


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    bench = commands.add_parser("bench", help="measure steps or decisions per CPU-second")
    kinds = bench.add_subparsers(dest="kind", required=True, metavar="KIND")
    process = kinds.add_parser("process", help="complete cases through the services")
    process.add_argument("--process", help="one process only; without it all and the raw limit")
    process.add_argument("--seconds", type=float, default=5.0, help="how long each runs")
    process.add_argument("--db", help="database file, or URL; without it a temporary file")
    process.add_argument("--json", action="store_true", help="one JSON object a line")
    process.set_defaults(run=_process)
    deciding.add_to(kinds)


def _process(asked: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as folder:
        url = _url(asked.db, Path(folder))
        settings = replace(read_settings(), data=Path(folder), database_url=url)
        hall = open_city(settings)
        cast = cast_of(hall)
        names = [asked.process] if asked.process else _processes(hall)
        for name in names:
            _print(_measure(hall, cast, name, asked.seconds), asked.json)
        hall.store.dispose()
        if not asked.process:
            _print(_raw_limit(Path(folder) / "raw.sqlite", asked.seconds), asked.json)
    return 0


def _url(db: str | None, folder: Path) -> str:
    if db is None:
        return f"sqlite:///{folder / 'bench.sqlite'}"
    return db if "://" in db else f"sqlite:///{Path(db).absolute()}"


def _processes(hall: Hall) -> Sequence[str]:
    with hall.reading() as unit:
        types = hall.library.shelf(unit).matter_types.values()
    return [row.process for row in types]


def _measure(hall: Hall, cast: Cast, process: str, seconds: float) -> Figures:
    matters = cycle(_matters_of(hall, process))
    for _ in range(WARM_UP_CASES):
        carry(hall, cast, next(matters))
    cases = steps = 0
    cpu, start = _cpu(), time.perf_counter()
    while (wall := time.perf_counter() - start) < seconds:
        steps += carry(hall, cast, next(matters)).steps
        cases += 1
    return Figures(
        process, cases, steps, round(_cpu() - cpu, 3), round(wall, 3), hall.store.dialect
    )


def _matters_of(hall: Hall, process: str) -> list[int]:
    found: list[int] = []
    page = 1
    while len(found) < MATTERS_EACH:
        rows = catalogue.matters(hall, page=page).rows
        if not rows:
            break
        found += [row.no for row in rows if row.process == process]
        page += 1
    if not found:
        raise Missing("bench.no_matter", process=process)
    return found[:MATTERS_EACH]


def _raw_limit(path: Path, seconds: float) -> Figures:
    """Commit rows of the size of a step as fast as the disk takes them, with the same settings."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB)")
    body, rows = b"x" * RAW_ROW_BYTES, 0
    cpu, start = _cpu(), time.perf_counter()
    while (wall := time.perf_counter() - start) < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (body) VALUES (?)", (body,))
        connection.execute("COMMIT")
        rows += 1
    connection.close()
    return Figures("raw limit", 0, rows, round(_cpu() - cpu, 3), round(wall, 3), "sqlite")


def _cpu() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _print(figures: Figures, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(figures), ensure_ascii=False), flush=True)
        return
    rate = figures.steps / figures.cpu_s if figures.cpu_s else 0.0
    print(
        f"{figures.name:12} {figures.cases:6} cases {figures.steps:7} steps "
        f"{figures.cpu_s:8.2f} cpu s {figures.wall_s:8.2f} wall s {rate:8.0f} steps/cpu s",
        flush=True,
    )
