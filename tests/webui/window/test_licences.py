"""Handing out results, and the licence as it is printed."""

import re

import pytest

from engine.demo.carry import carry, cast_of
from engine.services import audit, cases, licences, people
from tests.story import walk_through_matter
from tests.webui.visitor import Visitor

GRANTED = {"review_outcome": "pass", "decision_outcome": "grant"}
REFUSED = {
    "review_outcome": "pass",
    "decision_outcome": "refuse",
    "refuse_reason": "住所证明与实际不符",
    "refuse_law": "公司登记管理条例第二十条",
    "refuse_remedy": "六十日内可以申请行政复议，六个月内可以提起诉讼。",
}


@pytest.fixture
def hander(app):
    """The clerk of window 01."""
    return Visitor(app, "clerk01")


@pytest.fixture
def by(hall):
    """The official behind `hander`."""
    return next(one for one in people.everybody(hall) if one.account == "clerk01")


@pytest.fixture
def decided(hall):
    """A granted case of the walk-through's matter."""
    return carry(hall, cast_of(hall), walk_through_matter(hall).no, GRANTED).case


def seen(page, case_id):
    return re.search(rf'/window/licences/{case_id}"[\s\S]*?name="seen" value="(\d+)"', page)[1]


def test_nothing_to_hand_out_is_said(hander):
    assert "没有待发放的结果" in hander.read("/window/licences")


def test_a_decided_case_waits_with_its_licence_number(hander, hall, by, decided):
    number = cases.case(hall, by, decided.id).licence.no
    page = hander.read("/window/licences")
    assert number in page
    assert "林晓禾" in page


def test_handing_out_closes_the_case_and_says_who_took_it(hander, hall, by, decided):
    page = hander.read("/window/licences")
    answer = hander.post(
        f"/window/licences/{decided.id}", seen=seen(page, decided.id), taken_by="林晓禾"
    )
    assert answer.status_code == 303
    view = cases.case(hall, by, decided.id)
    assert view.case.state.value == "closed"
    assert view.licence.taken_by == "林晓禾"
    assert view.history[-1].params["window_no"] == 1
    assert "结果已发放" in hander.read(answer.location)
    assert audit.verify_trail(hall).intact


def test_without_a_name_nothing_is_handed_out(hander, hall, by, decided):
    page = hander.read("/window/licences")
    answer = hander.post(
        f"/window/licences/{decided.id}", seen=seen(page, decided.id), taken_by=" "
    )
    assert answer.status_code == 422
    assert "请填写领取人" in answer.text
    assert cases.case(hall, by, decided.id).case.state.value == "decided"


def test_a_stale_page_hands_nothing_out_and_keeps_the_name(hander, hall, by, decided):
    answer = hander.post(f"/window/licences/{decided.id}", seen="0", taken_by="林晓禾")
    assert answer.status_code == 409
    assert 'value="林晓禾"' in answer.text
    assert cases.case(hall, by, decided.id).case.state.value == "decided"


def test_a_second_handing_out_is_refused(hander, decided):
    revision = seen(hander.read("/window/licences"), decided.id)
    fields = {"seen": revision, "taken_by": "林晓禾"}
    hander.post(f"/window/licences/{decided.id}", fields)
    assert hander.post(f"/window/licences/{decided.id}", fields).status_code == 409


def test_a_refusal_is_handed_out_as_a_written_decision(hander, hall):
    carry(hall, cast_of(hall), walk_through_matter(hall).no, REFUSED)
    page = hander.read("/window/licences")
    assert "不予许可" in page
    assert "决定书" in page


def test_the_list_is_searched(hander, decided):
    assert decided.id in hander.read("/window/licences", query_string={"q": "林晓禾"})
    assert decided.id not in hander.read("/window/licences", query_string={"q": "别人"})


def test_another_unit_neither_sees_nor_hands_out(app, decided):
    stranger = Visitor(app, "clerk54")
    assert decided.id not in stranger.read("/window/licences")
    answer = stranger.post(f"/window/licences/{decided.id}", seen="3", taken_by="林晓禾")
    assert answer.status_code == 403


def test_the_printed_licence_says_all_and_names_its_seal(hander, hall, by, decided):
    licence = cases.case(hall, by, decided.id).licence
    page = hander.read(f"/window/licences/{licence.no}/print")
    for text in (
        licence.no,
        licence.name,
        licence.holder,
        licence.digest,
        "演示印章",
        "无法律效力",
    ):
        assert text in page


def test_another_unit_cannot_print_it(app, hall, by, decided):
    number = cases.case(hall, by, decided.id).licence.no
    assert Visitor(app, "clerk54").get(f"/window/licences/{number}/print").status_code == 403


def test_an_unknown_licence_is_not_found(hander):
    assert hander.get("/window/licences/none/print").status_code == 404
    assert licences.check(hander.app.extensions["hall"], "none").state == "unknown"
