"""`hall init`, `hall demo` and `hall ledger` from a terminal."""

import json
import sqlite3

import pytest

from engine.cli.main import main
from engine.domain.codes import check_uscc


@pytest.fixture
def data(city, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(city.data))
    return city.data


def test_the_demo_prints_the_figures_of_the_walk_through(capsys):
    assert main(["demo", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    check_uscc(figures["uscc"])
    assert {
        "waiting_min": 20,
        "receipt_min": 30,
        "review_min": 40,
        "handling_min": 70,
        "total_min": 90,
        "decided_by_role": "chief",
        "trail": "intact",
    }.items() <= figures.items()


def test_the_demo_tells_the_morning_in_sentences(capsys):
    assert main(["demo"]) == 0
    told = capsys.readouterr().out
    assert [time in told for time in ("09:30", "09:50", "10:20", "11:00")] == [True] * 4


def test_the_ledger_is_counted_from_the_database(data, capsys):
    assert main(["ledger", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == 408
    with sqlite3.connect(data / "hall.sqlite") as database:
        database.execute(
            "UPDATE matters SET steps = steps + 1 WHERE no IN "
            "(SELECT no FROM matters WHERE base = 'licence' LIMIT 1)"
        )
    database.close()
    assert main(["ledger", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == 409


def test_a_real_hall_has_the_catalogue_and_no_people(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HALL_DATA", str(tmp_path / "real"))
    assert main(["init"]) == 0
    with sqlite3.connect(tmp_path / "real" / "hall.sqlite") as database:
        assert database.execute("SELECT count(*) FROM matters").fetchone() == (494,)
        assert database.execute("SELECT count(*) FROM officials").fetchone() == (0,)
    database.close()
