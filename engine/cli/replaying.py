"""`hall replay`: past cases of some days run again under a draft, before it is published."""

import argparse
import json
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from engine.analysis.tally import Tally
from engine.bootstrap import open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.domain.people import SYSTEM
from engine.kernel.errors import Invalid, Missing
from engine.services import catalogue, replays
from engine.services.hall import Hall
from engine.services.replays import PROMISE, Question

PROCESSES = 2
SHOWN = 20
LATE = ("late_before", "late_after")


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    asked = commands.add_parser("replay", help="run past cases again under a draft")
    draft = asked.add_mutually_exclusive_group(required=True)
    draft.add_argument("--table", type=Path, metavar="FILE.dmn", help="a decision table")
    draft.add_argument("--process", type=Path, metavar="FILE.bpmn", help="a process")
    draft.add_argument("--promised", metavar="TYPE=DAYS", help="other promised working days")
    asked.add_argument("--from", dest="first", type=_day, required=True, help="first acceptance")
    asked.add_argument("--to", dest="last", type=_day, required=True, help="last acceptance")
    asked.add_argument("--processes", type=int, default=PROCESSES, help="how many share the work")
    asked.add_argument("--json", action="store_true", help="print the figures as JSON")
    asked.set_defaults(run=_replay)


def _replay(asked: argparse.Namespace) -> int:
    hall = open_hall()
    question = _question(hall, asked)
    began = time.perf_counter()
    tally = replays.replay_all(hall, question, asked.processes)
    figures: dict[str, Any] = {**tally.plain(), "seconds": round(time.perf_counter() - began, 2)}
    if question.kind != PROMISE:
        _untimed(figures)
    if asked.json:
        print(json.dumps({"kind": question.kind, "key": question.key, **figures}))
        return 0
    for line in _told(hall, question, tally, figures):
        print(line)
    return 0


def _question(hall: Hall, asked: argparse.Namespace) -> Question:
    first, last = asked.first, asked.last
    if asked.table is not None:
        return replays.of_table(SYSTEM, _read(asked.table), first, last)
    if asked.process is not None:
        return replays.of_process(hall, SYSTEM, _read(asked.process), first, last)
    code, sign, days = asked.promised.partition("=")
    if not sign or not days.isascii() or not days.isdigit() or len(days) > 4:
        raise Invalid("replay.promised", said=asked.promised)
    return replays.of_promise(hall, SYSTEM, code, int(days), first, last)


def _told(
    hall: Hall, question: Question, tally: Tally, figures: Mapping[str, Any]
) -> Iterator[str]:
    said = {**figures, "key": question.key, "untold": tally.untold.total()}
    if question.kind == PROMISE:
        said |= {"before": question.days_before, "after": question.days_after}
    yield sentence(f"replay.told.{question.kind}", said)
    for code, number in sorted(tally.untold.items()):
        yield "  " + sentence("replay.untold", {"number": number, "because": sentence(code, {})})
    for matter_no, (cases, changed, *_) in _largest(tally.by_matter):
        name = catalogue.matter(hall, matter_no).name
        yield "  " + sentence("replay.matter", {"matter": name, "changed": changed, "cases": cases})


def _untimed(figures: dict[str, Any]) -> None:
    """Say nothing of late cases where none was timed again."""
    for name in LATE:
        figures[name] = None
        for groups in (figures["by_matter"], figures["by_unit"]):
            for group in groups.values():
                del group[name]


def _largest(groups: Mapping[int, list[int]]) -> list[tuple[int, list[int]]]:
    touched = [(no, numbers) for no, numbers in groups.items() if numbers[1]]
    return sorted(touched, key=lambda one: (-one[1][1], one[0]))[:SHOWN]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(text) from error


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise Missing("definition.no_file", file=str(path))
    return path.read_bytes()
