"""The people of the hall: found, added, given a password, covered, shut out, leaving."""

import re
from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.services import intake, people, sign_in, work
from tests.story import application
from tests.webui.visitor import Visitor

CLERK = "/admin/people/of/clerk06"
CHIEF = "/admin/people/of/chief26"
SCRIPT = "<script>alert(1)</script>"
TODAY = date(2015, 10, 26)


@pytest.fixture
def keeper(app):
    """The security administrator."""
    return Visitor(app, "security1")


@pytest.fixture
def held(hall, staff):
    """The clerk of window 6 has a task in hand."""
    received = intake.receive(hall, staff[6], application(hall))
    work.claim(hall, staff[6], received.opened[0].id)
    return received


def part(page, name):
    found = re.search(rf'<section class="card [^>]*id="{name}">.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def official(hall, account):
    return next(one for one in people.everybody(hall) if one.account == account)


# The list


def test_people_are_found_by_account_name_unit_post_and_state(hall, keeper):
    chief = official(hall, "chief26")
    by_name = keeper.read(f"/admin/people?q={chief.name}")
    assert 'href="/admin/people/of/chief26"' in by_name
    by_all = keeper.read("/admin/people?q=CHIEF26&unit=26&post=chief&state=working")
    assert by_all.count('class="row-link"') == 1
    assert "没有符合条件的人员" in keeper.read("/admin/people?q=chief26&unit=27")
    assert "没有符合条件的人员" in keeper.read("/admin/people?q=%25")
    assert "没有符合条件的人员" in keeper.read("/admin/people?state=left")


def test_fifty_a_page_and_the_filters_stay(keeper):
    page = keeper.read("/admin/people?post=clerk")
    assert page.count('class="row-link"') == 50
    assert "post=clerk&amp;page=2" in page
    assert keeper.read("/admin/people?post=clerk&page=6").count('class="row-link"') == 8


def test_an_absent_one_is_listed_with_his_stand_in_and_last_day(hall, keeper):
    people.cover_absence(hall, SYSTEM, "standin26", "chief26", TODAY, date(2015, 10, 30), "学习")
    page = keeper.read("/admin/people?state=absent")
    assert page.count('class="row-link"') == 1
    assert f"至 2015-10-30 周五，{official(hall, 'standin26').name}代行" in page
    assert "没有符合条件的人员" in keeper.read("/admin/people?q=chief26&state=working")


def test_only_the_security_administrator_opens_the_pages(app, clerk):
    for visitor in (clerk, Visitor(app, "head26"), Visitor(app, "sysadmin1")):
        for path in ("/admin/people", "/admin/people/new", CLERK, f"{CLERK}/leave"):
            assert visitor.get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["password", "disable", "absence", "absence/end", "leave", "grants", "grants/look", "grants/x"],
)
def test_a_forged_post_changes_nothing(hall, clerk, path):
    before = official(hall, "chief26")
    assert clerk.post(f"{CHIEF}/{path}", reason="我来", day="2015-10-26").status_code == 403
    assert official(hall, "chief26") == before


# A new account


def new(**changes):
    made = {"account": "zhou.qm", "name": "周启明", "post": "clerk", "unit_no": "26"}
    return {**made, "window_no": "6", **changes}


def test_an_account_is_opened_and_its_first_password_is_shown_once(hall, keeper):
    answer = keeper.post("/admin/people/new", new())
    assert answer.status_code == 303
    page = keeper.read(answer.location)
    assert "账号已开" in page
    assert "周启明" in page
    shown = keeper.post("/admin/people/of/zhou.qm/password")
    secret = re.search(r"<code>([^<]+)</code>", shown.text)[1]
    assert sign_in.sign_in(hall, "zhou.qm", secret, "127.0.0.1").official.name == "周启明"
    assert secret not in keeper.read("/admin/people/of/zhou.qm")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("account", "", "账号须为2至64位"),
        ("account", "Zhou Qiming", "账号须为2至64位"),
        ("account", "clerk06", "账号 clerk06 已被使用"),
        ("account", SCRIPT, "账号须为2至64位"),
        ("name", " ", "请填写姓名"),
        ("name", "长" * 101, "请填写姓名"),
        ("post", "king", "没有“king”这个岗位"),
        ("unit_no", "", "这个岗位必须属于一个单位"),
        ("unit_no", "99", "没有"),
        ("window_no", "500", "不是这个单位的窗口"),
        ("window_no", "258", "不是这个单位的窗口"),
    ],
)
def test_a_wrong_field_is_said_at_the_field_and_the_rest_is_kept(hall, keeper, field, typed, said):
    answer = keeper.post("/admin/people/new", new(**{field: typed}))
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert f'href="#f-add-{field}"' in answer.text
    assert 'value="zhou.qm"' in answer.text or field == "account"
    assert SCRIPT not in answer.text
    assert "zhou.qm" not in {one.account for one in people.everybody(hall)}


def test_rare_characters_are_a_name(keeper):
    answer = keeper.post("/admin/people/new", new(name="𠮷㼆"))
    assert "𠮷㼆" in keeper.read(answer.location)


# One person


def test_a_person_shows_mandates_tasks_and_absences(hall, keeper, held, staff):
    page = keeper.read(CLERK)
    assert "受理审核权" in part(page, "grants")
    assert "雁政授〔2015〕" in part(page, "grants")
    assert held.opened[0].name in part(page, "tasks")
    assert held.case.case_no in part(page, "tasks")
    assert application(hall).applicant.name not in page
    assert "没有“由谁代行”的记录" in part(page, "absences")


def test_nobody_is_not_found(keeper):
    assert keeper.get("/admin/people/of/nobody99").status_code == 404


def test_the_own_account_is_shown_and_stays_as_it_is(hall, keeper):
    page = keeper.read("/admin/people/of/security1")
    assert "不能变更自己的账号和授权" in page
    assert not part(page, "disable")
    forged = keeper.post("/admin/people/of/security1/disable", reason="误")
    assert forged.status_code == 403
    assert "不能变更自己的账号和授权" in forged.text
    assert keeper.get("/admin/people").status_code == 200


def test_disabling_tells_what_moves_before_the_button_and_shuts_out_at_once(
    hall, app, keeper, held
):
    clerk = Visitor(app, "clerk06")
    card = part(keeper.read(CLERK), "disable")
    assert "手中 1 项任务退回岗位" in card
    assert card.index("手中 1 项") < card.index("<button")
    blank = keeper.post(f"{CLERK}/disable", reason=" ")
    assert blank.status_code == 422
    assert "须写明移交理由" in blank.text
    answer = keeper.post(f"{CLERK}/disable", reason="账号外借")
    page = keeper.read(answer.location)
    assert "账号已停用" in page
    assert "手中没有在办任务" in page
    assert not part(page, "disable")
    assert clerk.get("/desk/").status_code == 303
    twice = keeper.post(f"{CLERK}/disable", reason="再来一次")
    assert twice.status_code == 409
    assert keeper.post(f"{CLERK}/password").status_code == 409
    assert "已停用" in keeper.read("/admin/people?state=left")


def test_a_stand_in_is_named_with_days_and_ground(keeper):
    card = part(keeper.read(CHIEF), "cover")
    assert card.index('class="verdict yes"') < card.index("<form")
    words = {"account": "standin26", "first": "2015-10-26", "last": "2015-10-30"}
    wrong = keeper.post(f"{CHIEF}/absence", words, ground="")
    assert wrong.status_code == 422
    assert "请写明代行职责的事由" in wrong.text
    assert 'value="2015-10-30"' in wrong.text
    answer = keeper.post(f"{CHIEF}/absence", words, ground="外出学习")
    page = keeper.read(answer.location)
    assert "离岗代行已登记" in page
    assert "外出学习" in part(page, "absences")
    key = {"account": "standin26", "first": "2015-10-26", "last_day": "2015-10-26"}
    blank = keeper.post(f"{CHIEF}/absence/end", key, reason="")
    assert blank.status_code == 422
    assert "须写明移交理由" in blank.text
    ended = keeper.read(keeper.post(f"{CHIEF}/absence/end", key, reason="提前返岗").location)
    assert "代行已提前结束" in ended
    assert "2015-10-30" not in part(ended, "absences")


# Leaving


def test_what_goes_to_whom_and_what_ends_is_read_before_the_leaving(hall, keeper, held, staff):
    heir = next(
        one
        for no, one in sorted(staff.items())
        if one.unit_no == staff[6].unit_no and one.post == "clerk" and no != 6
    )
    page = keeper.read(f"{CLERK}/leave?to={heir.account}&last_day=2015-10-26")
    assert heir.name in part(page, "tasks").split("<tbody>")[1]
    assert "受理审核权" in part(page, "ends")
    assert page.index('id="tasks"') < page.index('id="leave"')
    bare = keeper.read(f"{CLERK}/leave?last_day=nonsense")
    assert "退回岗位" in part(bare, "tasks").split("<tbody>")[1]
    answer = keeper.post(
        f"{CLERK}/leave", to=heir.account, last_day="2015-10-26", reason="调离", mandate_no=""
    )
    page = keeper.read(answer.location)
    assert "手中任务已交出" in page
    assert "手中没有在办任务" in page
    assert work.task(hall, heir, held.opened[0].id).task.holder_id == heir.id
    again = keeper.post(f"{CLERK}/leave", to="", last_day="2015-10-27", reason="调离")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("reason", " ", "须写明移交理由"),
        ("last_day", "2015-10-25", "已经过去"),
        ("last_day", "", "请填写日期"),
        ("to", "clerk06", "移交方和接收方相同"),
        ("to", "nobody99", "没有账号"),
    ],
)
def test_a_leaving_that_cannot_be_is_refused_with_its_words(hall, keeper, held, field, typed, said):
    fields = {"to": "", "last_day": "2015-10-26", "reason": SCRIPT} | {field: typed}
    answer = keeper.post(f"{CLERK}/leave", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert SCRIPT not in answer.text
    assert official(hall, "clerk06").left_on is None


def test_the_pages_are_complete_in_english(keeper):
    keeper.client.set_cookie("language", "en")
    for path, word in (
        ("/admin/people", "People and mandates"),
        ("/admin/people/new", "Open the account"),
        (CHIEF, "Name a stand-in"),
        (f"{CHIEF}/leave", "Tasks in hand"),
        (f"{CHIEF}/grants", "The mandate"),
    ):
        assert word in keeper.read(path)
