"""Measuring: `hall bench process` completes cases of the demo city, each step a durable unit.

Beside them stand SpiffWorkflow as it comes, the raw limit of the disk, a loop of many steps and
a sweep over many waiting cases. `hall bench decision` stands in `deciding`.
"""

import argparse
import json
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import median

from engine.cli import browsing, deciding, listening, proving, recomputing, replay_bench
from engine.cli.commands import Commands
from engine.cli.peers import bare
from engine.demo.carry import Cast, application_for, cast_of, complete
from engine.demo.opening import open_city
from engine.domain.case import Case, Task
from engine.forms.compile import Form
from engine.kernel.errors import Invalid, Missing
from engine.kernel.now import FrozenNow, hall_moment
from engine.paths import stock_dir
from engine.processes.definition import read_definition
from engine.processes.run import DecisionLike, advance, start
from engine.services import catalogue, intake, work
from engine.services.hall import Hall
from engine.services.warnings import keep_watch, opening
from engine.settings import Settings, read_settings
from engine.storage.jobs import Job
from engine.storage.unit import Unit
from engine.worker.loop import Handlers, Inside, run_once
from engine.worker.tasks import HANDLERS

MATTERS_EACH = 20
WARM_UP_CASES = 20
# Bytes that a step of a commitment writes with events, tasks, clocks, jobs and state (measured).
RAW_ROW_BYTES = 4096
LOOP = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="bench" targetNamespace="urn:bench">
<process id="loop" isExecutable="true">
<startEvent id="begin"><outgoing>first</outgoing></startEvent>
<userTask id="again" name="again"><incoming>first</incoming><incoming>back</incoming>
<outgoing>on</outgoing></userTask>
<exclusiveGateway id="enough" default="back"><incoming>on</incoming><outgoing>back</outgoing>
<outgoing>out</outgoing></exclusiveGateway>
<endEvent id="done"><incoming>out</incoming></endEvent>
<sequenceFlow id="first" sourceRef="begin" targetRef="again"/>
<sequenceFlow id="on" sourceRef="again" targetRef="enough"/>
<sequenceFlow id="back" sourceRef="enough" targetRef="again"/>
<sequenceFlow id="out" sourceRef="enough" targetRef="done">
<conditionExpression xsi:type="tFormalExpression">法定天数 &gt;= 1000000</conditionExpression>
</sequenceFlow></process></definitions>"""
COMPARED_STEPS = 50
EARLY, LATE = "2015-10-26T09:00", "2015-11-06T08:00"


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
    process.add_argument("--process", help="one process only, without what stands beside them")
    process.add_argument("--seconds", type=float, default=5.0, help="how long each runs")
    process.add_argument("--db", default="sqlite", help="sqlite (a temporary file), a file, a URL")
    process.add_argument("--loop", type=int, default=1000, help="steps of one looping case")
    process.add_argument("--waiting", type=int, default=10_000, help="cases that wait in a sweep")
    process.add_argument("--json", action="store_true", help="one JSON object a line")
    process.set_defaults(run=_process)
    deciding.add_to(kinds)
    proving.add_to(kinds)
    recomputing.add_to(kinds)
    browsing.add_to(kinds)
    listening.add_to(kinds)
    replay_bench.add_to(kinds)


def _process(asked: argparse.Namespace) -> int:
    if asked.loop < 2 * COMPARED_STEPS or asked.waiting < 1:
        raise Invalid("bench.sizes", steps=2 * COMPARED_STEPS)
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
            longest = names[-1]
            for figures in _peers(longest, Path(folder), asked.seconds):
                _print(figures, asked.json)
            _tell(_loop(asked.loop), asked.json)
            _tell(_sweep(settings, longest, asked.waiting), asked.json)
    return 0


def _url(db: str, folder: Path) -> str:
    if db == "sqlite":
        return f"sqlite:///{folder / 'bench.sqlite'}"
    return db if "://" in db else f"sqlite:///{Path(db).absolute()}"


def _processes(hall: Hall) -> Sequence[str]:
    """The processes of the types of matters, that with the most steps last."""
    with hall.reading() as unit:
        types = hall.library.shelf(unit).matter_types.values()
    return [row.process for row in sorted(types, key=lambda row: row.steps)]


def _measure(hall: Hall, cast: Cast, process: str, seconds: float) -> Figures:
    """Complete cases whose applications were typed before; only the hall's work is measured."""
    forms: dict[tuple[str | None, str | None], Form | None] = {}

    def form_of(task: Task) -> Form | None:
        version = (task.form, task.form_version)
        if version not in forms:
            forms[version] = work.form_of(hall, task)
        return forms[version]

    matters = [catalogue.matter(hall, number) for number in _matters_of(hall, process)]
    given = cycle([(matter.unit_no, application_for(hall, matter)) for matter in matters])
    for _ in range(WARM_UP_CASES):
        complete(hall, cast, *next(given), form_of)
    cases = steps = 0
    cpu, began = _cpu(), time.perf_counter()
    while (wall := time.perf_counter() - began) < seconds:
        steps += complete(hall, cast, *next(given), form_of).steps
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


def _peers(process: str, folder: Path, seconds: float) -> Iterator[Figures]:
    """SpiffWorkflow with its own serializer, which writes nothing but the state; the disk alone."""
    drawing = stock_dir("bpmn") / "matters" / f"{process}.bpmn"
    for name, words in (("SpiffWorkflow", ()), ("SpiffWorkflow, timers", ("timers",))):
        done = bare("cases", drawing, seconds, *words)
        yield Figures(f"{name}: {process}", **done, db="sqlite")
    yield _raw_limit(folder / "raw.sqlite", seconds)


def _raw_limit(path: Path, seconds: float) -> Figures:
    """Commit rows of the size of a step as fast as the disk takes them, with the same settings."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB)")
    body, rows = b"x" * RAW_ROW_BYTES, 0
    cpu, began = _cpu(), time.perf_counter()
    while (wall := time.perf_counter() - began) < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (body) VALUES (?)", (body,))
        connection.execute("COMMIT")
        rows += 1
    connection.close()
    return Figures("raw limit", 0, rows, round(_cpu() - cpu, 3), round(wall, 3), "sqlite")


def _loop(turns: int) -> dict[str, object]:
    """Complete one step of one case over and over: the last may not cost much more than the first.

    Without a database; medians of the first and the last 50 steps.
    """
    definition = read_definition(LOOP.encode())
    now = datetime(2015, 10, 26, tzinfo=UTC)
    step = start(definition, {}, _undecided, now)
    spent = []
    for turn in range(turns):
        cpu = time.process_time()
        step = advance(
            definition, step.state, step.open[0].id, {"statutory_days": turn}, _undecided, now
        )
        spent.append(time.process_time() - cpu)
    first, last = median(spent[:COMPARED_STEPS]), median(spent[-COMPARED_STEPS:])
    return {
        "name": "loop",
        "steps": turns,
        "first_ms": round(first * 1000, 3),
        "last_ms": round(last * 1000, 3),
        "ratio": round(last / first, 2),
        "state_bytes": len(step.state),
    }


def _undecided(table: str, facts: object) -> DecisionLike:
    raise Missing("definition.none", kind="table", key=table, day="")


def _sweep(settings: Settings, process: str, waiting: int) -> dict[str, object]:
    """Let a worker look once at a hall in which one case in a hundred is due."""
    url = f"sqlite:///{settings.data / 'waiting.sqlite'}"
    now = FrozenNow(hall_moment(EARLY))
    hall = open_city(replace(settings, database_url=url), now=now)
    cast = cast_of(hall)
    matter = catalogue.matter(hall, _matters_of(hall, process)[0])
    given, clerk = application_for(hall, matter), cast.clerk(matter.unit_no)
    due = max(waiting // 100, 1)
    due = max(waiting // 100, 1)
    early = [intake.receive(hall, clerk, given).case for _ in range(due)]
    now.move_to(hall_moment(LATE))
    for _ in range(waiting - due):
        intake.receive(hall, clerk, given)
    touched: set[str] = set()
    handlers = _noting(touched)
    while run_once(hall, handlers):  # what an acceptance leaves behind at once: notices
        pass
    touched.clear()
    keep_watch(hall)
    now.move_to(min(_due_days(hall, early)))
    cpu, began = _cpu(), time.perf_counter()
    while run_once(hall, handlers):
        pass
    figures: dict[str, object] = {
        "name": "sweep",
        "waiting": waiting,
        "due": due,
        "touched": len(touched),
        "cpu_s": round(_cpu() - cpu, 3),
        "wall_s": round(time.perf_counter() - began, 3),
    }
    hall.store.dispose()
    return figures


def _due_days(hall: Hall, cases: Sequence[Case]) -> Iterator[datetime]:
    """When the clock of each case is looked at: the working day before its promise ends."""
    with hall.reading() as unit:
        calendar = hall.library.shelf(unit).calendar
    for case in cases:
        if case.promised_due is not None:
            yield opening(calendar.day_of_rank(calendar.rank(case.promised_due) - 1))


def _noting(touched: set[str]) -> Handlers:
    """The worker's handlers, which also note the cases they are given."""

    def noting(handler: Inside) -> Inside:
        def handle(hall: Hall, unit: Unit, job: Job) -> None:
            if job.case_id is not None:
                touched.add(job.case_id)
            handler(hall, unit, job)

        return handle

    inside = {kind: noting(handler) for kind, handler in HANDLERS.inside.items()}
    return Handlers(inside, HANDLERS.outside)


def _cpu() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _print(figures: Figures, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(figures), ensure_ascii=False), flush=True)
        return
    steps, cases = (
        count / figures.cpu_s if figures.cpu_s else 0.0 for count in (figures.steps, figures.cases)
    )
    print(
        f"{figures.name:34} {figures.cases:6} cases {figures.steps:7} steps "
        f"{figures.cpu_s:8.2f} cpu s {figures.wall_s:8.2f} wall s "
        f"{steps:8.0f} steps/cpu s {cases:8.0f} cases/cpu s",
        flush=True,
    )


def _tell(figures: dict[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures), flush=True)
    else:
        print("  ".join(f"{name} {value}" for name, value in figures.items()), flush=True)
