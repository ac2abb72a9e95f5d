"""The family of a joint matter: units side by side, the settling, the one answer."""

import re

import pytest

from tests.joint import children, do, give, is_waiting, open_matter, stands, sweep
from tests.webui.visitor import Visitor


@pytest.fixture
def parent(hall, cast):
    """A joint matter whose units are asked."""
    return open_matter(hall, cast)


@pytest.fixture
def lead(app, cast, parent):
    """The chief of the lead unit."""
    return Visitor(app, cast.holder(parent.unit_no, "chief").account)


def family(case):
    return f"/desk/cases/{case.id}/family"


def test_the_units_stand_side_by_side_with_what_they_said(lead, hall, cast, parent):
    unit_no = next(no for no in children(hall, parent) if no != parent.unit_no)
    give(hall, cast, parent, unit_no)
    page = lead.read(family(parent))
    assert len(re.findall(r'data-label="单位"', page)) == len(children(hall, parent))
    assert "等待意见" in page
    assert ">同意<" in page
    assert "目前意见汇总" in page
    assert "决定作出后才能出具答复" in page


def test_a_unit_that_takes_part_sees_the_whole_and_leads_nothing(app, hall, cast, parent):
    part = next(c for no, c in children(hall, parent).items() if no != parent.unit_no)
    page = Visitor(app, cast.holder(part.unit_no, "chief").account).read(family(part))
    assert "并联审批" in page
    assert "答复由牵头单位出具" in page
    assert "/family/issue" not in page


def test_a_stranger_sees_nothing(app, parent):
    assert Visitor(app, "clerk54").get(family(parent)).status_code == 403


def test_settling_what_is_not_held_keeps_the_text(lead, parent):
    seen = str(parent.rev)
    answer = lead.post(f"{family(parent)}/settle", seen=seen, choice="go_on", reason="<script>同意")
    assert answer.status_code == 409
    assert "没有暂缓办理的部分" in answer.text
    assert "&lt;script&gt;同意" in answer.text


def test_settling_needs_a_choice_and_a_reason(lead, parent):
    path = f"{family(parent)}/settle"
    assert "请选择" in lead.post(path, seen="0", reason="x").text
    answer = lead.post(path, seen="0", choice="stop", reason=" ")
    assert answer.status_code == 422
    assert "须写明理由" in answer.text


def test_no_answer_before_the_decision(lead, parent):
    assert lead.get(f"{family(parent)}/answer").status_code == 404
    answer = lead.post(f"{family(parent)}/issue")
    assert answer.status_code == 409
    assert "还没有决定" in answer.text


def test_the_answer_is_made_out_once_and_printed(lead, hall, cast, parent):
    for unit_no in children(hall, parent):
        give(hall, cast, parent, unit_no)
    while is_waiting(stands(hall, parent.id)):
        do(hall, cast, parent.id)
        sweep(hall)
    assert "/family/issue" in lead.read(family(parent))
    sent = lead.post(f"{family(parent)}/issue")
    assert sent.status_code == 303
    assert "联审〔2015〕" in lead.read(sent.location)
    assert "查看、打印答复" in lead.read(family(parent))


def test_a_forged_post_without_the_token_is_refused(lead, parent):
    assert lead.client.post(f"{family(parent)}/issue").status_code == 403
