"""Data in and out: `hall init`, `hall demo`, `hall ledger`."""

import argparse
import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.bootstrap import make_hall, open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.demo.opening import load_stock, open_city
from engine.demo.story import OPENING, Story, walk_through
from engine.domain.codes import check_uscc
from engine.kernel.ids import counted_ids
from engine.kernel.now import FrozenNow, hall_moment
from engine.services import reform
from engine.settings import read_settings


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    init = commands.add_parser("init", help="make the database, load catalogue and definitions")
    init.add_argument("--demo", action="store_true", help="with the people of the demo city")
    init.set_defaults(run=_init)
    demo = commands.add_parser("demo", help="replay the walk-through of 9:30 to 11:00")
    demo.add_argument("--json", action="store_true", help="print the figures as JSON")
    demo.set_defaults(run=_demo)
    ledger = commands.add_parser("ledger", help="the reform ledger, counted from the database")
    ledger.add_argument("--json", action="store_true", help="print the figures as JSON")
    ledger.set_defaults(run=_ledger)


def _say(code: str, params: Mapping[str, object]) -> None:
    print(sentence(code, params), flush=True)


def _init(asked: argparse.Namespace) -> int:
    settings = read_settings()
    if asked.demo:
        open_city(settings, say=_say)
    else:
        load_stock(make_hall(settings, demo=False), _say)
    _say("init.done", {"data": str(settings.data)})
    return 0


def _demo(asked: argparse.Namespace) -> int:
    settings = read_settings()
    now = FrozenNow(hall_moment(OPENING))
    with tempfile.TemporaryDirectory(prefix="hall-demo-") as folder:
        data = Path(folder)
        # A database of its own: the walk-through of 2015 has no place in the history of today.
        own = replace(settings, data=data, database_url=f"sqlite:///{data / 'hall.sqlite'}")
        hall = open_city(own, now=now, ids=counted_ids())
        story = walk_through(hall, now, _silent if asked.json else _tell)
        hall.store.dispose()
    if asked.json:
        print(json.dumps(_figures(story), ensure_ascii=False))
    else:
        _say("story.figures", _figures(story))
    return 0


def _tell(time: str, code: str, params: Mapping[str, object]) -> None:
    print(time, sentence(code, params), flush=True)


def _silent(_time: str, _code: str, _params: Mapping[str, object]) -> None:
    """Print nothing: the figures alone were asked for."""


def _figures(story: Story) -> dict[str, object]:
    check_uscc(story.licence_no)
    promised_due, statutory_due = story.due_days
    return {
        "waiting_min": story.times.waiting,
        "receipt_min": story.times.receipt,
        "review_min": story.times.review,
        "handling_min": story.times.handling,
        "total_min": story.times.total,
        "decided_by_role": story.decided_by.post,
        "uscc": story.licence_no,
        "case_no": story.case_no,
        "promised_due": promised_due,
        "statutory_due": statutory_due,
        "trail": "intact" if story.trail.intact else "broken",
        "events": story.trail.events,
    }


def _ledger(asked: argparse.Namespace) -> int:
    figures = reform.ledger(open_hall()).plain()
    if asked.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        _say("ledger.figures", figures)
    return 0
