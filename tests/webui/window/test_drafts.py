"""The sheet of the counter keeps a draft for its clerk and its visitor until it is handed in."""

import re

import pytest

from engine.services import tickets
from tests.story import application, walk_through_matter
from tests.webui.chromium import page as opened
from tests.webui.chromium import sign_in, until
from tests.webui.visitor import Visitor

RESTORED = "未提交的内容"
NAME = "晴雪𠮷㼆<script>"
SHOWN = "晴雪𠮷㼆&lt;script&gt;"


@pytest.fixture
def matter(hall):
    return walk_through_matter(hall)


@pytest.fixture
def fields(hall, matter):
    """The fields of a complete application as the page sends them."""
    given = application(hall)
    papers = {f"paper-{no}-state": paper.state for no, paper in given.materials.items()}
    return {
        "case-matter": str(matter.no),
        "applicant-kind": given.applicant.kind,
        "applicant-name": given.applicant.name,
        "applicant-id_number": given.applicant.id_number,
        "applicant-phone": given.applicant.phone,
        **papers,
        **{key: str(value) for key, value in given.answers.items()},
    }


def place_of(page):
    return re.search(r'data-unsent="([^"]+)"', page)[1]


def keep(visitor, **fields):
    """Keep fields as the page does it at every change."""
    page = visitor.read("/window/6")
    answer = visitor.post("/desk/unsent", {"unsent-place": place_of(page), **fields}, fragment=True)
    assert answer.status_code == 200
    return answer


def test_a_fresh_sheet_is_empty_and_says_nothing_of_a_draft(clerk):
    page = clerk.read("/window/6")
    assert place_of(page) == "window:6"
    assert RESTORED not in page


def test_what_was_typed_is_there_again_after_a_reload_and_in_a_second_tab(app, clerk, matter):
    keep(
        clerk,
        **{
            "case-matter": str(matter.no),
            "applicant-name": NAME,
            "paper-1-state": "received",
            "paper-1-remark": "原件已核",
        },
    )
    for visitor in (clerk, Visitor(app, "clerk06")):
        page = visitor.read("/window/6")
        assert RESTORED in page
        assert SHOWN in page
        assert "原件已核" in page
        assert matter.name in page
        assert re.search(r'name="paper-1-state" value="received" checked', page)


def test_a_colleague_at_the_same_window_sees_nothing_of_it(app, clerk):
    keep(clerk, **{"applicant-name": NAME})
    page = Visitor(app, "chief26").read("/window/6")
    assert SHOWN not in page
    assert RESTORED not in page


def test_choosing_the_matter_keeps_the_sheet_without_any_script(clerk, matter):
    clerk.post("/window/6/application", {"case-choose": str(matter.no), "applicant-name": NAME})
    page = clerk.read("/window/6")
    assert SHOWN in page
    assert f'name="case-matter" value="{matter.no}"' in page
    clerk.post(
        "/window/6/application",
        {"case-matter": str(matter.no), "case-change": "1", "applicant-name": NAME},
    )
    page = clerk.read("/window/6")
    assert SHOWN in page
    assert 'name="case-matter"' not in page


def test_a_sheet_that_is_handed_in_leaves_no_draft(clerk, fields):
    for path in ("receive", "apply"):
        keep(clerk, **fields)
        answer = clerk.post(f"/window/6/{path}", {**fields, "once": path})
        assert answer.status_code == 303, answer.text[-2000:]
        page = clerk.read("/window/6")
        assert RESTORED not in page
        assert fields["applicant-name"] not in page


def test_a_refused_sheet_is_kept_as_it_was_sent(clerk, fields):
    answer = clerk.post("/window/6/receive", fields | {"applicant-id_number": "12", "once": "a"})
    assert answer.status_code == 422
    page = clerk.read("/window/6")
    assert RESTORED in page
    assert 'value="12"' in page


def test_a_draft_is_given_up_by_its_button(clerk):
    keep(clerk, **{"applicant-name": NAME})
    gone = clerk.post("/desk/unsent/forget", {"unsent-place": "window:6", "back": "/window/6"})
    assert (gone.status_code, gone.location) == (303, "/window/6")
    assert SHOWN not in clerk.read("/window/6")


def test_the_next_visitor_is_not_shown_what_was_typed_for_the_last(hall, clerk):
    for _ in range(2):
        tickets.take(hall, zone_no=1, matter_no=walk_through_matter(hall).no)
    clerk.post("/window/6/next", seen="")
    first = place_of(clerk.read("/window/6"))
    assert re.fullmatch(r"window:6:\w+", first)
    keep(clerk, **{"applicant-name": NAME})
    assert SHOWN in clerk.read("/window/6")
    clerk.post("/window/6/next", seen=first.split(":")[2])
    page = clerk.read("/window/6")
    assert place_of(page) != first
    assert SHOWN not in page


@pytest.mark.parametrize("path", ["finish", "no-show"])
def test_a_visitor_who_left_leaves_no_draft(hall, now, clerk, path):
    tickets.take(hall, zone_no=1, matter_no=walk_through_matter(hall).no)
    clerk.post("/window/6/next", seen="")
    keep(clerk, **{"applicant-name": NAME})
    for _ in range(2):
        now.advance(minutes=2)
        clerk.post("/window/6/again")
    assert clerk.post(f"/window/6/{path}").status_code == 303
    assert SHOWN not in clerk.read("/window/6")


def test_a_draft_survives_the_end_of_the_session(clerk, now):
    keep(clerk, **{"applicant-name": NAME})
    now.advance(minutes=31)
    assert clerk.get("/window/6").status_code == 303
    clerk.sign_in("clerk06")
    assert SHOWN in clerk.read("/window/6")


def test_a_draft_of_nonsense_breaks_no_page(clerk):
    keep(clerk, **{"case-matter": "x", "paper-zz-state": "received", "paper-1-state": "dance"})
    assert RESTORED in clerk.read("/window/6")


@pytest.mark.browser
def test_a_reload_in_the_middle_loses_nothing(browser, place):
    with opened(browser) as tab:
        tab.on("dialog", lambda dialog: dialog.accept())
        sign_in(tab, place, "clerk06")
        tab.goto(f"{place}/window/6")
        tab.fill("#f-applicant-name", "林晓禾")
        tab.locator("#f-applicant-phone").focus()
        until(tab, "document.querySelector('[data-unsent-said]').textContent !== ''")
        tab.reload()
        until(tab, "document.documentElement.dataset.ready === 'app'")
        assert tab.input_value("#f-applicant-name") == "林晓禾"
