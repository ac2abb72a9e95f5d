"""`hall migrate` tells what would happen, and then does just that."""

import json
from dataclasses import replace

import pytest

from engine.bootstrap import open_hall
from engine.cli.main import main
from engine.demo.carry import application_for, cast_of
from engine.domain.people import SYSTEM
from engine.services import intake, publishing
from engine.stock import read_definitions
from tests.story import first_matter


@pytest.fixture
def running(city, monkeypatch):
    """A case of the first version, with a second one in force that only says more."""
    monkeypatch.setenv("HALL_DATA", str(city.data))
    monkeypatch.delenv("HALL_DATABASE_URL", raising=False)
    hall = open_hall(city)
    matter = first_matter(hall, "commitment")
    clerk = cast_of(hall).clerk(matter.unit_no)
    case = intake.receive(hall, clerk, application_for(hall, matter)).case
    stock = read_definitions()
    changed = stock.processes["commitment"] + b"<!-- 2 -->"
    publishing.publish(hall, SYSTEM, replace(stock, processes={"commitment": changed}))
    hall.store.dispose()
    return case


def told(capsys):
    return json.loads(capsys.readouterr().out)


def test_a_dry_run_changes_nothing_and_the_act_does_what_it_said(running, capsys):
    assert main(["migrate", "commitment", "--dry-run", "--json"]) == 0
    planned = told(capsys)
    assert (planned["carried"], planned["refused"]) == (1, 0)
    assert planned["cases"][0]["case_no"] == running.case_no
    assert main(["migrate", "commitment", "--json"]) == 0
    assert told(capsys) == planned
    assert main(["migrate", "commitment", "--json"]) == 0
    assert told(capsys)["cases"] == []


def test_the_words_name_the_case(running, capsys):
    assert main(["migrate", "commitment", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert running.case_no in out
    assert "试运行" in out


def test_an_unknown_process_is_refused(running, capsys):
    assert main(["migrate", "nowhere"]) == 1
    assert "definition.none" in capsys.readouterr().err
