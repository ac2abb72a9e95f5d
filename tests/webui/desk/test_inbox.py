"""The inbox: tabs with their counts, both clocks in words, search, the live fragment."""

import re

import pytest

from engine.kernel.now import hall_moment
from engine.services import intake, people, work
from tests.story import application, walk_through_matter
from tests.webui.visitor import Visitor

CURRENT = re.compile(r'<a href="/desk/\?tab=(\w+)[^"]*" aria-current="page"')


def official(hall, account):
    return next(one for one in people.everybody(hall) if one.account == account)


@pytest.fixture
def received(hall):
    """A case of the walk-through's matter whose review waits in unit 26."""
    return intake.receive(hall, official(hall, "clerk06"), application(hall))


@pytest.fixture
def claimed(hall, received):
    """The same, claimed by the clerk of window 06."""
    return work.claim(hall, official(hall, "clerk06"), received.opened[0].id)


def tabs(page):
    text = r'<a href="/desk/\?tab=(\w+)[^"]*"[^>]*>[^<]*<span class="num[^"]*">(\d+)</span>'
    return {name: int(count) for name, count in re.findall(text, page)}


def test_every_tab_counts(clerk, claimed):
    assert tabs(clerk.read("/desk/")) == {
        "mine": 1,
        "offered": 0,
        "today": 0,
        "soon": 1,
        "overdue": 0,
        "done": 0,
    }


def test_a_waiting_task_is_offered_to_the_post(clerk, received):
    page = clerk.read("/desk/?tab=offered")
    assert received.case.case_no in page
    assert f"/desk/tasks/{received.opened[0].id}/claim" in page
    assert "签收" in page


def test_an_empty_tab_leads_to_the_next_that_holds_something(clerk, received):
    page = clerk.read("/desk/")
    assert "没有待办" in page
    assert "待领取 1 件" in page
    assert 'href="/desk/?tab=offered"' in page


def test_a_line_shows_the_columns_of_the_handbook_and_both_clocks(clerk, hall, claimed):
    page = clerk.read("/desk/")
    matter = walk_through_matter(hall)
    for text in (matter.name, matter.type.name_zh, "审查", "剩 3 个工作日", "法定剩 20 个工作日"):
        assert text in page, text
    assert "林**" in page
    assert "林晓禾" not in page


@pytest.mark.parametrize(
    ("day", "tab", "said"),
    [
        ("2015-10-26", "soon", "本环节剩 1 个工作日"),
        ("2015-10-27", "soon", "本环节今天到期"),
        ("2015-10-27", "today", "本环节今天到期"),
        ("2015-10-28", "overdue", "本环节已超 1 个工作日"),
        ("2015-10-30", "overdue", "已超 1 个工作日"),
    ],
    ids=[
        "step nearly due",
        "step due today",
        "step in the tab of today",
        "step overdue",
        "promise overdue",
    ],
)
def test_danger_has_its_tab_and_its_words(clerk, now, claimed, day, tab, said):
    now.move_to(hall_moment(f"{day}T09:00"))
    page = clerk.sign_in("clerk06").read(f"/desk/?tab={tab}")
    assert tabs(page)[tab] == 1
    assert said in page


def test_who_is_of_another_unit_sees_nothing_of_it(app, received):
    stranger = Visitor(app, "clerk54")
    for tab in work.TABS:
        assert received.case.case_no not in stranger.read(f"/desk/?tab={tab}")


def test_the_search_keeps_its_tab_and_says_when_nothing_fits(clerk, claimed):
    assert "三证合一" in clerk.read("/desk/", query_string={"q": "企业设立"})
    page = clerk.read("/desk/", query_string={"q": "<i>x"})
    assert "没有与“&lt;i&gt;x”相符的办件" in page


@pytest.mark.parametrize("tab", ["nonsense", "", "MINE"])
def test_an_unknown_tab_is_the_first(clerk, tab):
    page = clerk.read("/desk/", query_string={"tab": tab})
    assert CURRENT.search(page)[1] == "mine"


def test_the_live_page_fetches_the_list_alone(clerk, claimed):
    page = clerk.read("/desk/?tab=mine", fragment=True)
    assert claimed.id in page
    assert "<html" not in page
    whole = clerk.read("/desk/?tab=mine")
    assert 'hx-trigger="inbox from:body, all from:body, every 60s"' in whole


@pytest.mark.parametrize("account", ["designer1", "auditor1", "supervisor1"])
def test_who_has_no_work_at_the_desk_has_no_inbox(app, account):
    assert Visitor(app, account).get("/desk/").status_code == 403
