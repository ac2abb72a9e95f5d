"""`hall replay` from a terminal."""

import json
import re
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.demo.carry import carry
from engine.paths import stock_dir
from engine.services import catalogue
from tests.story import first_matter

DAYS = ("--from", "2015-10-01", "--to", "2015-12-31")
AUTHORITY = str(stock_dir("rules") / "tables" / "authority.dmn")
INSTANT = str(stock_dir("bpmn") / "matters" / "instant.bpmn")


@pytest.fixture
def past(hall, cast, city, monkeypatch):
    """One decided case, in the hall that the command opens."""
    monkeypatch.setenv("HALL_DATA", str(city.data))
    monkeypatch.delenv("HALL_DATABASE_URL", raising=False)
    return carry(hall, cast, first_matter(hall, "instant").no).case


@pytest.mark.parametrize(
    ("what", "kind", "timed"),
    [
        (("--table", AUTHORITY), "table", False),
        (("--process", INSTANT), "process", False),
        (("--promised", "instant=2"), "promise", True),
    ],
)
def test_figures_are_told_as_json(past, capsys, what, kind, timed):
    assert main(["replay", *what, *DAYS, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["cases"], told["changed"]) == (kind, 1, 0)
    assert (told["late_before"], told["late_after"]) == ((0, 0) if timed else (None, None))
    assert told["by_matter"][str(past.matter_no)]["cases"] == 1
    assert told["seconds"] >= 0


@pytest.mark.parametrize(
    "what",
    [("--table", AUTHORITY), ("--process", INSTANT), ("--promised", "instant=2")],
    ids=["table", "process", "promise"],
)
def test_figures_are_told_in_a_sentence(past, capsys, what):
    assert main(["replay", *what, *DAYS]) == 0
    assert "1 件" in capsys.readouterr().out


def test_what_changes_is_told_by_matter(hall, past, capsys, tmp_path):
    file, drawn = tmp_path / "turned.bpmn", Path(INSTANT).read_text(encoding="utf-8")
    for old, new in (('"grant"', '"x"'), ('"refuse"', '"grant"'), ('"x"', '"refuse"')):
        drawn = drawn.replace(old, new)
    file.write_text(drawn, encoding="utf-8")
    assert main(["replay", "--process", str(file), *DAYS]) == 0
    assert catalogue.matter(hall, past.matter_no).name + "：1 / 1" in capsys.readouterr().out


def test_what_cannot_be_told_is_said_with_its_reason(past, capsys, tmp_path):
    file, drawn = tmp_path / "longer.bpmn", Path(INSTANT).read_text(encoding="utf-8")
    file.write_text(re.sub(r'((?:id|Ref)=)"decide"', r'\1"decide_anew"', drawn), encoding="utf-8")
    assert main(["replay", "--process", str(file), *DAYS]) == 0
    assert "无法判断 1：走到了当时没有人办理过的环节" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (("--promised", "instant"), "replay.promised"),
        (("--promised", "instant=many"), "replay.promised"),
        (("--promised", "nothing=3"), "what_if.no_type"),
        (("--table", "none.dmn"), "definition.no_file"),
    ],
)
def test_a_question_that_is_none_is_refused(past, capsys, what, said):
    assert main(["replay", *what, *DAYS]) == 1
    assert said in capsys.readouterr().err


def test_a_day_that_is_none_is_a_wrong_call(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["replay", "--table", AUTHORITY, "--from", "yesterday", "--to", "2015-12-31"])
    assert ended.value.code == 2
