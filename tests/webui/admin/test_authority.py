"""Who could do it, on any day: by which mandate, until when; who could not, and by which row."""

import re
from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.services import people
from tests.story import first_matter
from tests.webui.visitor import Visitor

PAGE = "/admin/authority"


@pytest.fixture
def matter(hall):
    return first_matter(hall, "one_review")


@pytest.fixture
def head(app, cast, matter):
    return Visitor(app, cast.holder(matter.unit_no, "head").account)


def ask(matter, /, **words):
    asked = {"power": "decide", "unit": matter.unit_no, "matter": matter.no} | words
    return f"{PAGE}?" + "&".join(f"{name}={value}" for name, value in asked.items())


def part(page, name):
    return re.search(rf'<section class="card [^>]*id="{name}">.*?</section>', page, re.DOTALL)[0]


def test_who_could_is_told_with_document_and_row_and_who_could_not_with_the_reason(
    head, cast, matter
):
    page = head.read(ask(matter))
    chief = cast.holder(matter.unit_no, "chief")
    able, unable = part(page, "able"), part(page, "unable")
    for word in (chief.name, f"雁政授〔2015〕{matter.unit_no}号", "authority-15", "长期"):
        assert word in able, word
    assert cast.clerk(matter.unit_no).name in unable
    assert "AB 岗现在不能代行" in unable
    assert re.search(r"规则 .*authority-\d+", unable)


def test_an_absence_of_a_day_to_come_brings_in_the_stand_in_with_his_last_day(
    hall, head, cast, matter
):
    chief, deputy = (cast.holder(matter.unit_no, post) for post in ("chief", "stand_in"))
    day = date(2015, 11, 3)
    people.cover_absence(hall, SYSTEM, deputy.account, chief.account, day, day, "学习")
    able = part(head.read(ask(matter, on="2015-11-03")), "able")
    assert f"代行{chief.name}" in able
    assert "2015-11-03 周二" in able
    assert deputy.name in part(head.read(ask(matter, on="2015-11-04")), "unable")


def test_a_day_before_all_mandates_has_nobody(head, matter):
    assert "2014-12-31 周三 没有人能办" in head.read(ask(matter, on="2014-12-31"))


def test_without_a_matter_the_page_asks_for_one_of_the_own_unit(head, matter):
    page = head.read(PAGE)
    assert "请选择事项" in page
    assert f'<option value="{matter.unit_no}" selected>' in page
    assert matter.name in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"on": "31.12.2015"}, "请填写日期"),
        ({"on": "2015-02-30"}, "请填写日期"),
        ({"amount": "许多"}, "金额须为"),
        ({"amount": "-1"}, "金额须为"),
        ({"amount": "NaN"}, "金额须为"),
        ({"power": "dance"}, "请选择权力"),
    ],
)
def test_nonsense_is_said_and_the_rest_is_kept(head, matter, words, said):
    answer = head.get(ask(matter, region="城东", **words))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="城东"' in answer.text


def test_a_matter_of_another_unit_or_none_is_asked_for_again(head, matter):
    assert "请选择事项" in head.read(ask(matter, matter=999999))
    assert "请选择事项" in head.read(ask(matter, unit=matter.unit_no % 50 + 1))


def test_a_script_in_the_region_is_text(head, matter):
    page = head.read(ask(matter, region="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page


def test_who_reads_no_cases_finds_no_page(app):
    assert Visitor(app, "security1").get(PAGE).status_code == 403


def test_the_page_is_complete_in_english(head, matter):
    head.client.set_cookie("language", "en")
    page = head.read(ask(matter))
    assert "Who could not and why" in page
    assert "authority." not in re.sub(r"/admin/authority|admin\.authority", "", page)
