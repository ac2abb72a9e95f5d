"""The life of a case from a terminal."""

import json

import pytest

from engine.cli.main import main
from engine.demo.carry import carry
from engine.domain.telling import DAYS
from tests.story import walk_through_matter


@pytest.fixture
def case(city, hall, cast, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(city.data))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return carry(hall, cast, walk_through_matter(hall).no).case


def test_a_life_is_told_in_sentences_with_names_days_and_rows(case, capsys):
    assert main(["case", "show", case.case_no]) == 0
    told = capsys.readouterr().out
    assert case.case_no in told.splitlines()[0]
    assert "已决定" in told.splitlines()[0]
    assert "2015-10-26 09:00" in told
    assert "办理权限" in told
    assert "event." not in told
    assert "None" not in told


def test_a_terminal_in_english_is_told_in_english(case, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert main(["case", "show", case.case_no]) == 0
    assert "applicant" in capsys.readouterr().out


def test_the_same_as_json_keeps_what_the_sentences_were_made_of(case, capsys):
    assert main(["case", "show", case.case_no, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["case_no"] == case.case_no
    assert [line["seq"] for line in told["history"]] == list(range(1, len(told["history"]) + 1))
    assert all(line["said"] for line in told["history"])
    assert any(DAYS & set(line["params"]) for line in told["history"])


def test_nobody_is_named_by_number(case, capsys):
    main(["case", "show", case.case_no])
    assert "11010519491231002X" not in capsys.readouterr().out


def test_a_number_of_no_case_is_an_error(case, capsys):
    assert main(["case", "show", "NO-SUCH-CASE"]) == 1
    assert "case.unknown" in capsys.readouterr().err
