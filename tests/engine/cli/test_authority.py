"""`hall authority --who-can` answers from the mandates of a day."""

import json
from datetime import date

import pytest

from engine.cli.main import main
from engine.domain.people import SYSTEM
from engine.services import people
from tests.story import first_matter


@pytest.fixture
def matter(city, hall, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(city.data))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return first_matter(hall, "one_review")


def asked(capsys, matter, *words):
    assert main(["authority", "--matter", str(matter.no), *words]) == 0
    return capsys.readouterr().out


def test_m_grant_2_name_post_document_and_row_are_told(capsys, matter, cast):
    chief = cast.holder(matter.unit_no, "chief")
    told = asked(capsys, matter, "--who-can", "decide", "--on", "2015-03-03")
    (line,) = told.splitlines()
    for word in (chief.name, "首席代表", f"雁政授〔2015〕{matter.unit_no}号", "authority-15"):
        assert word in line


def test_the_same_as_json_with_amount_and_region(capsys, hall, matter, cast):
    chief, deputy = (cast.holder(matter.unit_no, post) for post in ("chief", "stand_in"))
    people.cover_absence(
        hall, SYSTEM, deputy.account, chief.account, *[date(2015, 3, 3)] * 2, "外出学习"
    )
    words = ["--who-can", "decide", "--on", "2015-03-03", "--amount", "12.5", "--region", "城东"]
    found = json.loads(asked(capsys, matter, *words, "--json"))
    assert [(one["account"], one["stand_in_for"]) for one in found] == [
        (chief.account, None),
        (deputy.account, chief.account),
    ]
    assert all(one["mandate"] and one["row"] and not one["by_post"] for one in found)
    assert f"替{chief.name}" in asked(capsys, matter, *words)


def test_the_head_extends_by_his_post(capsys, matter):
    words = ["--who-can", "extend", "--on", "2015-03-03"]
    (one,) = json.loads(asked(capsys, matter, *words, "--json"))
    assert (one["post"], one["mandate"], one["by_post"]) == ("head", None, True)
    assert "依岗位" in asked(capsys, matter, *words)


def test_before_the_first_mandate_nobody_could(capsys, matter):
    assert "没有人" in asked(capsys, matter, "--who-can", "decide", "--on", "2014-12-31")


@pytest.mark.parametrize("amount", ["many", "-1", "NaN", "Infinity"])
def test_an_amount_that_is_none_is_a_wrong_call(matter, amount):
    with pytest.raises(SystemExit) as ended:
        main(["authority", "--who-can", "decide", "--matter", "1", f"--amount={amount}"])
    assert ended.value.code == 2


def test_an_unknown_matter_is_refused(capsys, matter):
    assert main(["authority", "--who-can", "decide", "--matter", "99999"]) == 1
    assert capsys.readouterr().err
