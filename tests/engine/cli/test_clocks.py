"""`hall due` says when a limit ends and why each day on the way was not counted."""

import json

import pytest

from engine.cli.main import main


@pytest.fixture(autouse=True)
def no_hall(tmp_path, monkeypatch):
    """No hall was opened: the calendar of the files is used."""
    monkeypatch.setenv("HALL_DATA", str(tmp_path))
    monkeypatch.delenv("HALL_DATABASE_URL", raising=False)


def due(capsys, *words):
    assert main(["due", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_days_of_the_national_holiday_are_named(capsys):
    told = due(capsys, "--accepted", "2026-09-30", "--days", "3")
    assert told["due"] == "2026-10-10"
    assert told["counted"] == ["2026-10-08", "2026-10-09", "2026-10-10"]
    assert told["skipped"][0] == {"day": "2026-09-30", "why": "first_day", "name": ""}
    assert {one["why"] for one in told["skipped"][1:]} == {"holiday", "weekend"}
    assert all("国庆" in one["name"] for one in told["skipped"] if one["why"] == "holiday")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        pytest.param([], "2026-06-15", id="M-CLK-5"),
        pytest.param(
            ["--suspend", "2026-06-08:2026-06-12:hearing"], "2026-06-23", id="five days of hearing"
        ),
        pytest.param(
            [
                "--suspend",
                "2026-06-08:2026-06-10:hearing",
                "--suspend",
                "2026-06-11:2026-06-12:appraisal",
            ],
            "2026-06-23",
            id="two adjacent procedures",
        ),
        pytest.param(["--extend", "10"], "2026-06-30", id="extended"),
        pytest.param(["--count-first-day"], "2026-06-12", id="the first day counts"),
    ],
)
def test_ten_days_from_the_first_of_june(capsys, words, day):
    assert due(capsys, "--accepted", "2026-06-01", "--days", "10", *words)["due"] == day


def test_a_suspended_day_names_its_procedure(capsys):
    words = [
        "--accepted",
        "2026-06-01",
        "--days",
        "10",
        "--suspend",
        "2026-06-08:2026-06-08:hearing",
    ]
    skipped = due(capsys, *words)["skipped"]
    assert {"day": "2026-06-08", "why": "hearing", "name": ""} in skipped


def test_a_year_without_a_notice_is_provisional(capsys):
    assert due(capsys, "--accepted", "2027-03-01", "--days", "3")["provisional"] is True


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--days", "0"], "clock.days"),
        (["--days", "1000000"], "clock.days"),
        (["--days", "3", "--extend", "-1"], "clock.days"),
        (["--days", "3", "--suspend", "2026-06-09:2026-06-08:hearing"], "clock.suspension"),
        (["--days", "3", "--suspend", "2026-06-09:2026-06-10:survey"], "clock.no_stop"),
        (["--days", "3", "--suspend", "tomorrow"], "clock.suspend"),
    ],
)
def test_what_cannot_be_counted_is_refused(capsys, words, code):
    assert main(["due", "--accepted", "2026-06-01", *words]) == 1
    assert code in capsys.readouterr().err


def test_the_words_say_the_same(capsys):
    assert main(["due", "--accepted", "2026-09-30", "--days", "3"]) == 0
    out = capsys.readouterr().out
    assert "2026-10-10" in out
    assert "法定节假日 国庆节" in out
