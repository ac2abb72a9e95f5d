"""Definitions at work: `hall decide` explains a decision row by row."""

import argparse
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from engine.bootstrap import open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import SECOND, sentence, spoken
from engine.decisions.decide import Table, explain, read_table
from engine.decisions.reasons import reasons
from engine.decisions.speech import Speech
from engine.kernel.errors import Invalid, Missing
from engine.kernel.now import hall_day
from engine.paths import stock_dir
from engine.settings import FILE, read_settings
from engine.stock import read_catalogue

LANGUAGES = {"zh": "zh_Hans", "en": "en"}
MARKS = {"explain.hit": "✓ ", "explain.missed": "· "}
INDENTED = (
    "explain.held",
    "explain.failed",
    "explain.unknown_cell",
    "explain.basis",
    "explain.note",
)


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    decide = commands.add_parser("decide", help="decide by a table and explain every row")
    decide.add_argument("table", help="name of a published table, or a .dmn file")
    decide.add_argument("--facts", default="{}", help="facts as a JSON object, by either name")
    decide.add_argument("--on", type=date.fromisoformat, help="by the version of this day")
    decide.add_argument("--json", action="store_true", help="print the explanation as JSON")
    decide.add_argument("--lang", choices=LANGUAGES, help="language of the explanation")
    decide.set_defaults(run=_decide)


def _decide(asked: argparse.Namespace) -> int:
    decision = explain(_table(asked.table, asked.on), _facts(asked.facts))
    language = LANGUAGES[asked.lang] if asked.lang else spoken()
    speech = _speech(language)
    told = [(line, speech.line(line)) for line in reasons(decision, asked.on)]
    if asked.json:
        explanation = [line.plain() | {"text": text} for line, text in told]
        print(json.dumps(decision.plain() | {"explanation": explanation}, ensure_ascii=False))
        return 0
    for line, text in told:
        print(f"{MARKS.get(line.code, '')}{'    ' if line.code in INDENTED else ''}{text}")
    return 0


def _speech(language: str) -> Speech:
    """How facts are spoken of here; types of matter by their names in the catalogue."""

    def say(code: str, params: Mapping[str, object]) -> str:
        return sentence(code, params, language)

    name = "name_en" if language == SECOND else "name_zh"
    types = {row["code"]: row[name] for row in read_catalogue()["matter_types"]}
    return Speech(say, language == SECOND, types)


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
