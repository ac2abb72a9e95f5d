"""Mandates: weighed, given by a document, taken back with a reason."""

import re
from datetime import date
from decimal import Decimal

import pytest

from engine.services import intake, people, work
from engine.storage import authority
from tests.story import application
from tests.webui.visitor import Visitor

CHIEF = "/admin/people/of/chief26/grants"
CLERK = "/admin/people/of/clerk06/grants"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def keeper(app):
    return Visitor(app, "security1")


def wanted(**changes):
    made = {
        "power": "urgent",
        "holder": "person",
        "mandate_no": "雁政授〔2015〕88号",
        "valid_from": "2015-10-26",
        "valid_to": "2015-12-31",
        "amount_limit": "",
        "matters": "",
        "region": "",
    }
    return made | changes


def grants_of(hall, account):
    one = next(one for one in people.everybody(hall) if one.account == account)
    with hall.reading() as unit:
        return authority.grants_of(unit, one.id)


def part(page, name):
    found = re.search(rf'<section class="card [^>]*id="{name}">.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_what_a_mandate_would_do_is_read_before_it_is_given(hall, keeper):
    before = len(grants_of(hall, "chief26"))
    seen = keeper.post(
        f"{CHIEF}/look", wanted(amount_limit="5,000.50", matters="1，2", region="城东")
    )
    assert seen.status_code == 200
    card = part(seen.text, "preview")
    assert "能办" in card
    assert card.index("能办") < card.index("<button")
    assert len(grants_of(hall, "chief26")) == before
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', card))
    answer = keeper.post(CHIEF, {name: text for name, text in sent.items() if name != "csrf_token"})
    page = keeper.read(answer.location)
    assert "授权已登记" in page
    assert "雁政授〔2015〕88号" in page
    assert "5000.50 元以内" in page
    made = grants_of(hall, "chief26")[-1]
    assert (made.amount_limit, made.matters, made.region) == (Decimal("5000.50"), (1, 2), "城东")
    assert (made.valid_from, made.valid_to) == (date(2015, 10, 26), date(2015, 12, 31))


def test_a_mandate_without_effect_says_so_with_the_row(keeper):
    page = keeper.post(f"{CLERK}/look", wanted(power="extend")).text
    card = part(page, "preview")
    assert "这项授权不起作用" in card
    assert re.search(r"规则 .*authority-\d+", card)


def test_mandates_for_the_same_power_are_shown_beside(keeper):
    card = part(keeper.post(f"{CHIEF}/look", wanted(power="decide")).text, "preview")
    assert "同一权力的现有授权" in card
    assert "雁政授〔2015〕26号" in card


def test_a_mandate_of_the_post_reaches_everybody_in_it(hall, keeper, staff):
    card = part(keeper.post(f"{CLERK}/look", wanted(power="decide", holder="post")).text, "preview")
    others = [one for one in staff.values() if (one.unit_no, one.post) == (26, "clerk")]
    assert all(one.name in card for one in others)
    keeper.post(CLERK, wanted(holder="post"))
    assert {grants_of(hall, one.account)[-1].post for one in others} == {"clerk"}
    assert "岗位授权" in keeper.read("/admin/people/of/clerk06")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("mandate_no", " ", "缺少授权文件号"),
        ("power", "dance", "没有“dance”这项权力"),
        ("valid_from", "昨天", "请填写日期"),
        ("valid_to", "2015-10-25", "早于第一天"),
        ("amount_limit", "-5", "金额须为"),
        ("amount_limit", "1.005", "金额须为"),
        ("amount_limit", "1e999999", "金额须为"),
        ("matters", "一二", "事项编号须为数字"),
        ("matters", "99999", "没有"),
    ],
)
def test_a_wrong_field_is_said_and_the_rest_is_kept(hall, keeper, field, typed, said):
    before = len(grants_of(hall, "chief26"))
    for path in (f"{CHIEF}/look", CHIEF):
        answer = keeper.post(path, wanted(**{"region": SCRIPT, field: typed}))
        assert answer.status_code == 422
        assert said in answer.text
        assert f'href="#f-grant-{field}"' in answer.text
        assert SCRIPT not in answer.text
        assert "&lt;script&gt;" in answer.text
    assert len(grants_of(hall, "chief26")) == before


def test_an_account_without_a_unit_or_the_own_one_gets_no_mandate(hall, keeper):
    page = keeper.read("/admin/people/of/policy1/grants")
    assert "不属于任何单位的账号不能授权" in page
    assert not part(page, "new")
    assert keeper.post("/admin/people/of/policy1/grants", wanted()).status_code == 422
    own = "/admin/people/of/security1/grants"
    assert "不能变更自己的账号和授权" in keeper.read(own)
    assert keeper.post(own, wanted()).status_code in (403, 422)
    assert grants_of(hall, "security1") == []


def test_what_rests_on_a_mandate_is_read_before_it_is_revoked(hall, keeper, staff):
    received = intake.receive(hall, staff[6], application(hall))
    work.claim(hall, staff[6], received.opened[0].id)
    power = received.opened[0].power
    (grant,) = [one for one in grants_of(hall, "clerk06") if one.power == power]
    page = keeper.read(f"{CLERK}/{grant.id}")
    assert received.opened[0].name in part(page, "rests")
    assert grant.mandate_no in page
    blank = keeper.post(f"{CLERK}/{grant.id}", day="2015-10-26", reason=" ")
    assert blank.status_code == 422
    assert "收回授权须写明理由" in blank.text
    past = keeper.post(f"{CLERK}/{grant.id}", day="2015-10-25", reason="机构改革")
    assert past.status_code == 422
    assert "只能从今天" in past.text
    assert "机构改革" in past.text
    answer = keeper.post(f"{CLERK}/{grant.id}", day="2015-10-26", reason="机构改革")
    page = keeper.read(answer.location)
    assert "授权已收回" in page
    assert "已收回" in part(page, "grants")
    assert "手中没有在办任务" in part(page, "tasks")
    again = keeper.post(f"{CLERK}/{grant.id}", day="2015-10-26", reason="再收一次")
    assert again.status_code == 409
    assert "授权已于" in again.text


def test_a_mandate_that_is_none_or_of_somebody_else_is_not_found(hall, keeper):
    assert keeper.get(f"{CHIEF}/nothing").status_code == 404
    other = grants_of(hall, "clerk06")[0]
    assert keeper.get(f"{CHIEF}/{other.id}").status_code == 404
    assert keeper.post(f"{CHIEF}/{other.id}", day="2015-10-26", reason="误").status_code == 404
    assert grants_of(hall, "clerk06")[0] == other
