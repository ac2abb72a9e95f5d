"""`hall due` counts a limit, `hall clocks` lists what is due, `hall calendar` changes the days."""

import json
from datetime import date

import pytest

from engine.cli.main import main
from engine.kernel.now import hall_moment
from engine.services import catalogue, intake
from engine.storage import jobs
from tests.story import application, first_matter

NOTICE = ["--notice", "国办发明电〔2026〕9号"]


@pytest.fixture
def case(hall, cast, now, monkeypatch):
    """A case accepted on the first of June, in the hall that the shell opens."""
    monkeypatch.setattr("engine.cli.clocks.open_hall", lambda *_: hall)
    now.move_to(hall_moment("2026-06-01T09:00"))
    matter = first_matter(hall, "commitment")
    return intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case


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


def test_the_clocks_that_are_due_by_a_day_are_listed_with_what_is_left(capsys, case):
    assert main(["clocks", "--due", "2026-06-15", "--json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert line == {
        "case": case.case_no,
        "clock": "promised",
        "started": "2026-06-01",
        "days": 10,
        "due": "2026-06-15",
        "provisional": False,
        "left": 10,
        "light": "ok",
        "stopped": False,
    }


def test_without_a_day_it_is_what_is_due_today(capsys, case, now):
    assert main(["clocks", "--due"]) == 0
    assert case.case_no not in capsys.readouterr().out
    now.move_to(hall_moment("2026-06-15T17:31"))
    assert main(["clocks", "--due"]) == 0
    out = capsys.readouterr().out
    assert case.case_no in out
    assert "已超时" in out
    assert "-1" in out


def test_no_longer_list_than_asked_for(capsys, case):
    assert main(["clocks", "--due", "2027-01-01", "--limit", "1", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def notice_of(tmp_path, *rows):
    file = tmp_path / "2027.csv"
    file.write_text("\n".join(["day,kind,name", *rows]), encoding="utf-8-sig")
    return str(file)


def test_the_notice_of_a_year_is_put_in_force_and_its_clocks_follow(capsys, case, hall, tmp_path):
    file = notice_of(tmp_path, "2027-01-01,holiday,元旦", "2027-01-03,worked_weekend,元旦调休")
    assert main(["calendar", "2027", file, *NOTICE]) == 0
    assert "国办发明电〔2026〕9号" in capsys.readouterr().out
    known = catalogue.calendar(hall)
    assert {day for day in known.holidays if day.year == 2027} == {date(2027, 1, 1)}
    assert 2027 not in known.provisional_years
    with hall.unit() as unit:
        assert jobs.claim(unit).kind == "calendar.recompute"
    assert main(["calendar", "2027", file, *NOTICE]) == 0
    assert "没有变化" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2027-13-01,holiday,元旦", "calendar.file"),
        ("2027-01-01", "calendar.file"),
        ("2026-01-01,holiday,元旦", "calendar.day"),
        ("2027-01-01,feast,元旦", "calendar.day"),
    ],
    ids=["no day", "no name", "another year", "no kind"],
)
def test_a_file_that_is_no_notice_is_refused_by_its_line(capsys, case, tmp_path, row, code):
    assert main(["calendar", "2027", notice_of(tmp_path, row), *NOTICE]) == 1
    assert code in capsys.readouterr().err


def test_a_file_that_is_not_there_is_refused(capsys, case, tmp_path):
    assert main(["calendar", "2027", str(tmp_path / "nowhere.csv"), *NOTICE]) == 1
    assert "calendar.no_file" in capsys.readouterr().err
