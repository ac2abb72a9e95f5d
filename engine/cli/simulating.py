"""A year of the hall: `hall simulate` plays drawn cases through the services of a demo city."""

import argparse
import json
import tempfile
import time
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.demo.carry import cast_of
from engine.demo.lives import draw
from engine.demo.opening import open_city
from engine.demo.year import SHORT, kinds, play
from engine.kernel.errors import Invalid
from engine.kernel.now import FrozenNow, hall_moment
from engine.services import catalogue, statistics, warnings
from engine.services.hall import Hall
from engine.settings import FILE, Settings, read_settings
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS

FIRST_DAY = date(2015, 1, 5)
DAYS = 360


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    year = commands.add_parser("simulate", help="play a year of invented cases")
    year.add_argument("--cases", type=int, default=24_000, help="how many")
    year.add_argument("--seed", type=int, default=1, help="the same seed, the same year")
    year.add_argument("--data", type=Path, help="a new folder to keep the hall in, for `serve`")
    year.add_argument("--json", action="store_true", help="print the figures as JSON")
    year.set_defaults(run=_simulate)


def _simulate(asked: argparse.Namespace) -> int:
    if asked.cases < 1:
        raise Invalid("simulate.cases", cases=asked.cases)
    if asked.data is not None and (asked.data / FILE).exists():
        raise Invalid("simulate.not_empty", folder=str(asked.data))
    with tempfile.TemporaryDirectory(prefix="hall-year-") as folder:
        data = asked.data.absolute() if asked.data else Path(folder)
        settings = replace(
            read_settings({}), data=data, database_url=f"sqlite:///{data / 'hall.sqlite'}"
        )
        began = time.perf_counter()
        totals = asdict(_year(settings, asked.cases, asked.seed))
        seconds = round(time.perf_counter() - began, 1)
    if asked.json:
        print(json.dumps({"seed": asked.seed, **totals, "seconds": seconds}, ensure_ascii=False))
        return 0
    for name, value in totals.items():
        print(f"{sentence(f'totals.{name}', {})}: {_told(value)}")
    return 0


def _year(settings: Settings, number: int, seed: int) -> statistics.Totals:
    now = FrozenNow(hall_moment(f"{FIRST_DAY.isoformat()}T08:00"))
    hall = open_city(settings, now=now)
    try:
        days = catalogue.calendar(hall)
        lives = draw(kinds(hall), SHORT, days, FIRST_DAY, DAYS, number, seed)
        warnings.keep_watch(hall)
        play(hall, cast_of(hall), now, lives, lambda: _work_off(hall), days)
        return statistics.totals(hall)
    finally:
        hall.store.dispose()


def _work_off(hall: Hall) -> None:
    while run_once(hall, HANDLERS):
        pass


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return str(value)
