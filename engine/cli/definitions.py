"""Definitions at work: `hall decide` explains a decision row by row."""

import argparse
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from engine.bootstrap import open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.decisions.decide import Decision, Table, explain, read_table
from engine.kernel.errors import Invalid, Missing
from engine.kernel.now import hall_day
from engine.paths import stock_dir
from engine.settings import FILE, read_settings


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    decide = commands.add_parser("decide", help="decide by a table and explain every row")
    decide.add_argument("table", help="name of a published table, or a .dmn file")
    decide.add_argument("--facts", default="{}", help="facts as a JSON object, by either name")
    decide.add_argument("--on", type=date.fromisoformat, help="by the version of this day")
    decide.add_argument("--json", action="store_true", help="print the explanation as JSON")
    decide.set_defaults(run=_decide)


def _decide(asked: argparse.Namespace) -> int:
    decision = explain(_table(asked.table, asked.on), _facts(asked.facts))
    if asked.json:
        print(json.dumps(decision.plain(), ensure_ascii=False))
    else:
        _print(decision)
    return 0


def _facts(text: str) -> dict[str, object]:
    try:
        facts = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except json.JSONDecodeError as error:
        raise Invalid("decide.facts", line=error.lineno, column=error.colno) from error
    if not isinstance(facts, dict):
        raise Invalid("decide.facts", line=1, column=1)
    return facts


def _table(name: str, on: date | None) -> Table:
    path = Path(name)
    if path.suffix == ".dmn":
        if not path.is_file():
            raise Missing("definition.no_file", file=name)
        return read_table(path.read_bytes())
    settings = read_settings()
    if (settings.data / FILE).exists():
        hall = open_hall(settings)
        with hall.reading() as unit:
            version = hall.library.in_force(unit, "table", name, on or hall_day(unit.at))
            return hall.library.table(unit, name, version)
    stock = stock_dir("rules") / "tables" / f"{path.name}.dmn"
    if not stock.is_file():
        raise Missing("definition.none", kind="table", key=name, day=str(on or ""))
    return read_table(stock.read_bytes())


def _print(decision: Decision) -> None:
    print(sentence("decide.outcome", {"table": decision.table, "outcome": _spell(decision)}))
    for row in decision.trace:
        if row.matched:
            print(sentence("decide.hit", {"number": row.number, "basis": row.legal_basis}))
        else:
            cells = "; ".join(f"{cell.column} = {cell.value} ∉ {cell.text}" for cell in row.failed)
            print(sentence("decide.missed", {"number": row.number, "cells": cells}))


def _spell(decision: Decision) -> str:
    return ", ".join(f"{name} = {value}" for name, value in decision.outcome.items())
