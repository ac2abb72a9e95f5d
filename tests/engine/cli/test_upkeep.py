"""Upkeep from a terminal."""

import json
import os
import sqlite3

import pytest

from engine.cli.main import main
from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.services import sign_in
from tests.story import drop_guards, walk_through_matter


@pytest.fixture(autouse=True)
def data(city, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(city.data))
    return city.data


def test_an_honest_trail_is_intact(capsys):
    assert main(["verify-trail", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trail"] == "intact"


def test_a_forged_trail_is_an_error_and_is_named(data, capsys):
    with sqlite3.connect(data / "hall.sqlite") as database:
        drop_guards(database)
        database.execute(
            "UPDATE events SET body = replace(body, 'chief', 'clerk') WHERE kind = 'OfficialAdded'"
            " AND chain = 'account:chief26'"
        )
    database.close()
    assert main(["verify-trail"]) == 1
    assert "account:chief26" in capsys.readouterr().out


def test_a_new_password_is_printed_once_and_works(hall, capsys):
    assert main(["password", "clerk06"]) == 0
    password = capsys.readouterr().out.strip().rsplit(" ", 1)[-1].rsplit("：", 1)[-1]
    assert sign_in.sign_in(hall, "clerk06", password, "127.0.0.1").official.account == "clerk06"


def test_an_altered_decision_is_named_and_is_an_error(data, hall, cast, capsys):
    carry(hall, cast, walk_through_matter(hall).no, ANSWERS)
    assert main(["recompute", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["differing"] == []
    with sqlite3.connect(data / "hall.sqlite") as database:
        drop_guards(database)
        (name,) = database.execute("SELECT min(id) FROM decisions").fetchone()
        database.execute("UPDATE decisions SET outcome = '{}' WHERE id = ?", (name,))
    database.close()
    assert main(["recompute", "--json"]) == 1
    (one,) = json.loads(capsys.readouterr().out)["differing"]
    assert (one["id"], one["because"]) == (name, "outcome")
    assert main(["recompute"]) == 1
    assert name in capsys.readouterr().out


def test_files_that_nobody_speaks_of_are_swept(data, capsys):
    (data / "files").mkdir()
    left = data / "files/incoming-left"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert main(["sweep-files"]) == 0
    assert "1" in capsys.readouterr().out
    assert not left.exists()
