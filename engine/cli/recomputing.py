"""Measuring: `hall bench calendar` changes a day on the way of every open clock.

Half the clocks are statutory, half promised; each moves and is told in the chain of its case, and
each applicant gets a notice. Only the jobs that derive them anew are timed.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from engine.cli.commands import Commands
from engine.demo.carry import application_for, cast_of
from engine.demo.opening import open_city
from engine.domain.case import Case
from engine.domain.clocks import PROMISED, STATUTORY
from engine.domain.events.cases import Applied
from engine.domain.matter import Matter
from engine.domain.people import SYSTEM
from engine.domain.working_time import HOLIDAY, PUBLISHED, NoticedDay
from engine.kernel.errors import Invalid, Missing
from engine.kernel.now import FrozenNow, hall_moment
from engine.services import calendar, catalogue, clocks, intake
from engine.services.hall import Hall
from engine.settings import read_settings
from engine.storage import cases
from engine.storage.jobs import Job
from engine.storage.unit import Unit
from engine.worker.loop import Handlers, run_once
from engine.worker.tasks import HANDLERS

CLOCKS_EACH = 2
AT_ONCE = 1000
START, CHANGED = "2026-12-30T09:00", date(2027, 1, 4)
RECOMPUTE = "calendar.recompute"


def add_to(commands: Commands) -> None:
    """Add this measure to `hall bench`."""
    recomputing = commands.add_parser("calendar", help="derive all open clocks anew")
    recomputing.add_argument("--clocks", type=int, default=100_000, help="how many are open")
    recomputing.add_argument("--json", action="store_true", help="print the figures as JSON")
    recomputing.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    if asked.clocks < CLOCKS_EACH:
        raise Invalid("bench.calendar")
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'calendar.sqlite'}"
        settings = replace(read_settings(), data=Path(folder), database_url=url)
        hall = open_city(settings, now=FrozenNow(hall_moment(START)))
        _open_clocks(hall, asked.clocks // CLOCKS_EACH)
        figures = _recompute(hall, asked.clocks)
        hall.store.dispose()
    if asked.json:
        print(json.dumps(figures))
    else:
        print("  ".join(f"{name} {value}" for name, value in figures.items()))
    return 0


def _open_clocks(hall: Hall, number: int) -> None:
    """Enter one case by the services, then others like it as rows."""
    matter = _matter(hall)
    clerk = cast_of(hall).clerk(matter.unit_no)
    sample = intake.receive(hall, clerk, application_for(hall, matter)).case
    for first in range(1, number, AT_ONCE):
        with hall.unit(clerk) as unit:
            for place in range(first, min(first + AT_ONCE, number)):
                case = replace(sample, id=unit.ids(), case_no=f"{sample.case_no}-{place}")
                _insert(hall, unit, case, matter)


def _matter(hall: Hall) -> Matter:
    """The first matter of the type with the most steps, which has the longest promise."""
    page = 1
    with hall.reading() as unit:
        longest = max(hall.library.shelf(unit).matter_types.values(), key=lambda one: one.steps)
    while rows := catalogue.matters(hall, page=page).rows:
        for row in rows:
            if row.type.code == longest.code:
                return catalogue.matter(hall, row.no)
        page += 1
    raise Missing("bench.no_matter", process=longest.process)


def _insert(hall: Hall, unit: Unit, case: Case, matter: Matter) -> None:
    cases.insert(
        unit,
        case,
        matter_type=matter.type.code,
        applicant_id=b"",
        applicant_phone=b"",
        agent=None,
        answers={},
    )
    clocks.open_clock(hall, unit, case, PROMISED, matter.promised_days)
    clocks.open_clock(hall, unit, case, STATUTORY, matter.statutory_days)
    unit.record(
        Applied(
            case_id=case.id,
            case_no=case.case_no,
            matter_no=case.matter_no,
            window_no=None,
            ticket_id=None,
            form_version=case.form_version,
        )
    )


def _recompute(hall: Hall, number: int) -> dict[str, object]:
    before = dict(_dues(hall, number))
    changed = NoticedDay(CHANGED, HOLIDAY, "元旦", PUBLISHED)
    calendar.change(hall, SYSTEM, [changed], "bench")
    ran = 0

    def counted(hall: Hall, unit: Unit, job: Job) -> None:
        nonlocal ran
        ran += 1
        HANDLERS.inside[RECOMPUTE](hall, unit, job)

    handlers = Handlers({RECOMPUTE: counted}, HANDLERS.outside)
    cpu, began, jobs = time.process_time(), time.perf_counter(), -1
    while jobs != ran:
        jobs = ran
        run_once(hall, handlers)
    wall, spent = time.perf_counter() - began, time.process_time() - cpu
    after = dict(_dues(hall, number))
    return {
        "clocks": len(after),
        "moved": sum(after[clock] != due for clock, due in before.items()),
        "jobs": jobs,
        "cpu_s": round(spent, 2),
        "wall_s": round(wall, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _dues(hall: Hall, number: int) -> Iterator[tuple[int, date]]:
    for one in clocks.due_clocks(hall, date.max, number):
        yield one.clock.id, one.clock.due_on
