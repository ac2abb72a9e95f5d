"""Cases from the shell: `hall case show` tells the life of one in sentences."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from engine.bootstrap import open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import SECOND, known, sentence, spoken
from engine.decisions.trace import plain
from engine.domain.people import SYSTEM, Official
from engine.domain.telling import Telling
from engine.kernel.now import HALL_ZONE
from engine.services import cases
from engine.services.cases import CaseView

# Whoever has the machine has the database: he reads all cases, and no number of any applicant.
READER: Official = replace(SYSTEM, permissions=frozenset({"case.read_all"}))


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    family = commands.add_parser("case", help="tell what happened to a case")
    acts = family.add_subparsers(dest="act", required=True, metavar="ACT")
    show = acts.add_parser("show", help="print the life of a case in sentences")
    show.add_argument("number", help="the case number")
    show.add_argument("--json", action="store_true", help="print it as JSON")
    show.set_defaults(run=_show)


def _show(asked: argparse.Namespace) -> int:
    hall = open_hall()
    view = cases.case_by_no(hall, READER, asked.number)
    if asked.json:
        print(json.dumps(_figures(view), ensure_ascii=False))
        return 0
    for line in _lines(view):
        print(line)
    return 0


def _lines(view: CaseView) -> list[str]:
    case = view.case
    head = {
        "number": case.case_no,
        "matter": view.matter.name,
        "unit": view.unit.name,
        "applicant": view.applicant.name,
        "state": sentence(f"case.state.{case.state.value}", {}),
    }
    lines = [sentence("case.told.head", head)]
    for clock in view.clocks:
        words = {"kind": sentence(f"clock.{clock.kind}", {}), "due": clock.due_on.isoformat()}
        left = "closed" if clock.left is None else "running"
        lines.append(sentence(f"case.told.clock.{left}", {**words, "left": clock.left}))
    return [*lines, *(f"{_moment(at)}  {by}  {said}" for at, by, said in _history(view))]


def _figures(view: CaseView) -> dict[str, object]:
    return {
        "case_no": view.case.case_no,
        "matter": view.matter.name,
        "unit": view.unit.name,
        "state": view.case.state.value,
        "outcome": view.case.outcome,
        "clocks": [plain(vars(clock)) for clock in view.clocks],
        "history": [
            {
                "seq": line.seq,
                "at": line.at.isoformat(),
                "by": line.by_name,
                "kind": line.kind,
                "params": plain(line.params),
                "said": said,
            }
            for line, (_at, _by, said) in zip(view.history, _history(view), strict=True)
        ],
    }


def _history(view: CaseView) -> list[tuple[datetime, str, str]]:
    telling = Telling(_say, known, spoken() == SECOND)
    steps = {line.task.step: line.task.name for line in view.tasks}
    return [
        (line.at, line.by_name, telling.event(line.kind, line.params, steps))
        for line in view.history
    ]


def _say(code: str, params: Mapping[str, object]) -> str:
    return sentence(code, {name: _word(value) for name, value in params.items()})


def _word(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _word([f"{key} {_word(item)}" for key, item in value.items()])
    if isinstance(value, list | tuple):
        return sentence("list.separator", {}).join(str(_word(item)) for item in value)
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(HALL_ZONE).strftime("%Y-%m-%d %H:%M")
