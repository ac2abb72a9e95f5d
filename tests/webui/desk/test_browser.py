"""The desk in a real Chromium: the live inbox, the diagram, a decision by keyboard."""

import pytest

from engine.services import cases, intake, people, work
from tests.story import answers, application
from tests.webui.chromium import DESKTOP, PHONE, READY, page, sign_in, until

pytestmark = pytest.mark.browser


def official(hall, account):
    return next(one for one in people.everybody(hall) if one.account == account)


@pytest.fixture
def approval(hall):
    """The task 核准 of a case that clerk06 reviewed."""
    clerk = official(hall, "clerk06")
    received = intake.receive(hall, clerk, application(hall))
    review = received.opened[0]
    done = work.complete_task(hall, clerk, review.id, answers(hall, review), received.case.rev)
    return done.opened[0]


def test_the_chief_decides_by_keyboard(place, browser, hall, approval):
    with page(browser) as opened:
        sign_in(opened, place, "chief26")
        opened.goto(f"{place}/desk/tasks/{approval.id}")
        until(opened, "document.activeElement.name === 'decision_outcome'")
        until(opened, "document.querySelector('.diagram').dataset.ready === 'yes'")
        assert opened.evaluate("document.querySelectorAll('.step-done').length") == 1
        assert opened.evaluate("document.querySelectorAll('.step-open').length") == 1
        assert opened.is_hidden("#f-refuse_reason")
        opened.keyboard.press("Space")
        opened.keyboard.press("F8")
        opened.wait_for_url(lambda url: "/desk/?" in url or "done=" in url)
    view = cases.case(hall, official(hall, "chief26"), approval.case_id)
    assert view.case.outcome == "granted"


def test_a_refusal_opens_its_questions_and_they_are_asked_for(place, browser, approval):
    with page(browser, forgiven=("422",)) as opened:
        sign_in(opened, place, "chief26")
        opened.goto(f"{place}/desk/tasks/{approval.id}")
        until(opened, "document.activeElement.name === 'decision_outcome'")
        opened.keyboard.press("ArrowRight")
        assert opened.is_visible("#f-refuse_reason")
        opened.keyboard.press("F8")
        until(opened, "document.activeElement.id === 'problems'")
        assert opened.is_visible("#f-refuse_law-error")


def test_a_new_task_appears_by_itself_and_keeps_the_focus(place, browser, hall):
    with page(browser) as opened:
        sign_in(opened, place, "clerk06")
        opened.goto(f"{place}/desk/?tab=offered")
        until(opened, READY)
        opened.wait_for_timeout(1200)
        opened.focus("#f-q")
        received = intake.receive(hall, official(hall, "clerk08"), application(hall))
        row = f"document.getElementById('task-{received.opened[0].id}') !== null"
        until(opened, row, 3)
        assert opened.evaluate("document.activeElement.id") == "f-q"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_of_the_desk_break_no_rule_and_need_no_sideways_scroll(
    place, browser, hall, size, approval
):
    view = cases.case(hall, official(hall, "chief26"), approval.case_id)
    paths = ["/desk/?tab=offered", f"/desk/tasks/{approval.id}", "/desk/cases"]
    paths += [f"/desk/cases/{approval.case_id}", f"/desk/decisions/{view.decisions[0].id}"]
    with page(browser, size) as opened:
        sign_in(opened, place, "chief26")
        for path in paths:
            opened.goto(place + path)
            until(opened, READY)
            assert opened.evaluate("document.documentElement.scrollWidth") <= size[0], path


def test_the_main_button_is_in_sight_at_1366_by_768(place, browser, approval):
    with page(browser) as opened:
        sign_in(opened, place, "chief26")
        opened.goto(f"{place}/desk/tasks/{approval.id}")
        until(opened, READY)
        box = opened.locator(".act .btn-primary").bounding_box()
        assert box["y"] + box["height"] <= 768
