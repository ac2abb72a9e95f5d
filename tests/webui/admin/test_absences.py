"""Absences: the head of a unit names who acts for whom, and ends it earlier."""

from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.services import people
from engine.storage import authority
from tests.webui.visitor import Visitor

PAGE = "/admin/absences"
WORDS = {
    "absent": "chief26",
    "account": "standin26",
    "first": "2015-10-26",
    "last": "2015-10-30",
    "ground": "外出学习",
}


@pytest.fixture
def head(app):
    return Visitor(app, "head26")


def absences(hall):
    with hall.reading() as unit:
        return authority.stand_ins_from(unit, date(2015, 10, 26))


def test_nobody_is_away_at_first(head):
    page = head.read(PAGE)
    assert "现在没有人离岗" in page
    assert page.index('class="verdict yes"') < page.index(f'action="{PAGE}"')


def test_the_head_names_a_stand_in_and_ends_it_earlier(hall, head, app):
    answer = head.post(PAGE, WORDS)
    page = head.read(answer.location)
    assert "离岗代行已登记" in page
    assert "外出学习" in page
    key = {name: WORDS[name] for name in ("absent", "account", "first")}
    blank = head.post(f"{PAGE}/end", key, last_day="2015-10-27", reason=" ")
    assert blank.status_code == 422
    late = head.post(f"{PAGE}/end", key, last_day="2015-11-27", reason="提前返岗")
    assert "早于原定的 2015-10-30" in late.text
    assert "提前返岗" in late.text
    ended = head.post(f"{PAGE}/end", key, last_day="2015-10-27", reason="提前返岗")
    assert "代行已提前结束" in head.read(ended.location)
    assert [one.last_day for one in absences(hall)] == [date(2015, 10, 27)]
    gone = head.post(
        f"{PAGE}/end", key | {"first": "2015-10-20"}, last_day="2015-10-26", reason="x"
    )
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "said", "status"),
    [
        ("absent", "nobody99", "没有账号", 422),
        ("absent", "chief27", "只能安排本单位人员的离岗代行", 403),
        ("account", "standin27", "不在同一单位", 422),
        ("account", "clerk06", "不是AB岗", 422),
        ("first", "", "请填写日期", 422),
        ("first", "2015-10-25", "已经过去", 422),
        ("last", "2015-10-25", "起止日期有误", 422),
        ("ground", " ", "请写明代行职责的事由", 422),
        ("ground", "长" * 201, "请写明代行职责的事由", 422),
    ],
)
def test_what_cannot_be_is_refused_and_the_rest_is_kept(hall, head, field, typed, said, status):
    answer = head.post(PAGE, WORDS | {field: typed})
    assert answer.status_code == status
    assert said in answer.text
    if field != "last":
        assert 'value="2015-10-30"' in answer.text
    assert absences(hall) == []


def test_the_same_absence_twice_is_told(head):
    head.post(PAGE, WORDS)
    assert head.post(PAGE, WORDS).status_code == 409


def test_a_head_sees_the_own_unit_and_the_manager_every_unit_but_changes_none(hall, app, head):
    day = date(2015, 10, 28)
    people.cover_absence(hall, SYSTEM, "standin27", "chief27", day, day, "病假")
    assert "病假" not in head.read(PAGE)
    manager = Visitor(app, "manager1")
    page = manager.read(PAGE)
    assert "病假" in page
    assert "由单位负责人安排" in page
    assert f'action="{PAGE}' not in page
    forged = manager.post(PAGE, WORDS)
    assert forged.status_code == 403
    assert len(absences(hall)) == 1


def test_a_script_in_the_ground_is_text(head):
    head.post(PAGE, WORDS | {"ground": "<script>alert(1)</script>"})
    page = head.read(PAGE)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_a_clerk_finds_no_page(clerk):
    assert clerk.get(PAGE).status_code == 403
    assert clerk.post(PAGE, WORDS).status_code == 403


def test_the_page_is_complete_in_english(head):
    head.client.set_cookie("language", "en")
    assert "Name a stand-in" in head.read(PAGE)
