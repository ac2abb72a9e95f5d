"""The clerk's part of the walk-through in a real Chromium, without touching the mouse."""

import pytest

from engine.kernel.now import hall_moment
from engine.services import cases, people, tickets
from tests.story import walk_through_matter
from tests.webui.chromium import DESKTOP, PHONE, READY, page, sign_in, until

pytestmark = pytest.mark.browser
FOCUS = "(document.activeElement.name || '') + ' ' + (document.activeElement.id || '')"


@pytest.fixture
def ticket(hall, now):
    """Taken at 9:30 for the matter of the walk-through; it is 9:50 now."""
    now.move_to(hall_moment("2015-10-26T09:30"))
    taken = tickets.take(hall, zone_no=1, matter_no=walk_through_matter(hall).no)
    now.move_to(hall_moment("2015-10-26T09:50"))
    return taken


class Hands:
    """Ten fingers: counts the keys; Chinese text and scans come in one go and are not counted."""

    def __init__(self, opened):
        self.opened, self.keys = opened, 0

    def press(self, *keys):
        for key in keys:
            self.opened.keyboard.press(key)
            self.keys += 1

    def type(self, digits):
        self.opened.keyboard.type(digits)
        self.keys += len(digits)

    def enter_text(self, text):
        self.opened.keyboard.insert_text(text)


def focused(opened):
    return opened.evaluate(FOCUS)


def fill_in(hands):
    """From the first field of the applicant to the last required answer."""
    hands.press("Space", "Enter")
    hands.enter_text("林晓禾")
    hands.press("Enter")
    hands.enter_text("11010519491231002X")
    hands.press("Enter")
    hands.type("13900000000")
    hands.press("Enter", "Enter")
    hands.enter_text("雁城禾木文化传播有限公司")
    hands.press("Enter", "ArrowDown", "Tab")
    hands.enter_text("雁城市解放路128号3栋501室")
    hands.press("Enter")
    hands.enter_text("林晓禾")
    hands.press("Enter")
    hands.type("50")
    hands.press("Enter")
    hands.enter_text("组织文化艺术交流活动；会议及展览服务。")
    hands.press("Tab", "Space")


def test_the_clerks_part_takes_under_40_keys_and_no_mouse(place, browser, hall, ticket):
    """M-WALK-3: call, receive, accept, review and free the window."""
    with page(browser) as opened:
        sign_in(opened, place, "clerk06")
        hands = Hands(opened)
        hands.press("F2")
        until(opened, "document.querySelector('#now-serving.busy') !== null")
        until(opened, "document.activeElement.name === 'applicant-kind'")
        fill_in(hands)
        until(opened, "document.querySelector('.number-right') !== null")
        hands.press("Alt+a")
        assert opened.evaluate("document.querySelector('[data-verdict] .yes').hidden") is False
        hands.press("F8")
        until(opened, "document.querySelector('.receipt') !== null")
        until(opened, "document.activeElement.name === 'review_outcome'")
        hands.press("Space", "Control+Enter")
        until(opened, "document.querySelector('.passed') !== null")
        hands.press("F2")
        until(opened, "document.querySelector('#now-serving.busy') === null")
        assert hands.keys < 40
    clerk = next(one for one in people.everybody(hall) if one.account == "clerk06")
    view = cases.case(hall, clerk, cases.find(hall, clerk, "").rows[0].id)
    assert view.case.ticket_id == ticket.id
    assert {line.task.step for line in view.tasks} == {"review", "approve"}
    assert tickets.at_window(hall, 6).current is None


def test_a_matter_is_chosen_by_initials_and_enter(place, browser, hall):
    with page(browser) as opened:
        sign_in(opened, place, "clerk06")
        until(opened, "document.activeElement.name === 'case-query'")
        opened.keyboard.type("qysldjs")
        opened.keyboard.press("Enter")
        until(opened, "document.querySelector('.matter.chosen') !== null")
        assert walk_through_matter(hall).name in opened.inner_text(".matter-line")
        until(opened, "document.activeElement.name === 'applicant-kind'")


def test_a_scanners_enter_goes_on_and_accepts_nothing(place, browser, hall):
    matter = walk_through_matter(hall)
    with page(browser) as opened:
        sign_in(opened, place, "clerk06")
        opened.goto(f"{place}/window/6?matter={matter.no}")
        until(opened, READY)
        opened.focus("#f-applicant-id_number")
        opened.keyboard.insert_text("110105194912310021")
        opened.keyboard.press("Enter")
        assert focused(opened).startswith("applicant-phone")
        until(opened, "document.querySelector('.number-wrong') !== null")
        assert "/window/6" in opened.url
    assert cases.find(hall, next(iter(people.everybody(hall))), "").total == 0


def test_a_refused_application_shows_its_mistakes_first_and_loses_nothing(place, browser, hall):
    matter = walk_through_matter(hall)
    with page(browser, forgiven=("422",)) as opened:
        sign_in(opened, place, "clerk06")
        opened.goto(f"{place}/window/6?matter={matter.no}")
        until(opened, READY)
        opened.fill("#f-domicile", "雁城市解放路128号")
        opened.keyboard.press("F8")
        until(opened, "document.activeElement.id === 'problems'")
        assert opened.input_value("#f-domicile") == "雁城市解放路128号"
        opened.keyboard.press("Tab")
        opened.keyboard.press("Enter")
        assert opened.evaluate("location.hash").startswith("#f-")


def test_a_key_of_the_queue_asks_before_typed_text_is_left(place, browser, hall, ticket):
    with page(browser) as opened:
        sign_in(opened, place, "clerk06")
        opened.keyboard.press("F2")
        until(opened, "document.activeElement.name === 'applicant-kind'")
        opened.fill("#f-applicant-name", "林晓禾")
        opened.keyboard.press("F2")
        until(opened, "document.getElementById('ask').open")
        opened.keyboard.press("Escape")
        assert opened.input_value("#f-applicant-name") == "林晓禾"
        assert tickets.at_window(hall, 6).current.id == ticket.id
        opened.keyboard.press("F4")
        until(opened, "document.getElementById('now-serving').textContent.includes('2 次')")
        assert opened.input_value("#f-applicant-name") == "林晓禾"
        opened.keyboard.press("F2")
        until(opened, "document.getElementById('ask').open")
        opened.click("#ask button[value=yes]")
        until(opened, "document.querySelector('#now-serving.busy') === null")


def test_a_new_number_appears_by_itself(place, browser, hall):
    with page(browser) as opened:
        sign_in(opened, place, "clerk06")
        opened.wait_for_timeout(1200)
        taken = tickets.take(hall, 1, unit_no=26)
        until(
            opened, f"document.getElementById('waiting').textContent.includes('{taken.number}')", 3
        )


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_of_the_window_break_no_rule_and_need_no_sideways_scroll(place, browser, hall, size):
    matter = walk_through_matter(hall)
    paths = (
        "/window/",
        f"/window/6?matter={matter.no}",
        "/window/6?matter=1",
        "/window/tickets?q=qysl",
    )
    with page(browser, size) as opened:
        sign_in(opened, place, "clerk06")
        for path in (*paths, "/window/licences"):
            opened.goto(place + path)
            until(opened, READY)
            assert opened.evaluate("document.documentElement.scrollWidth") <= size[0], path


def test_the_main_button_is_in_sight_at_1366_by_768(place, browser, hall):
    with page(browser) as opened:
        sign_in(opened, place, "clerk06")
        opened.goto(f"{place}/window/6?matter={walk_through_matter(hall).no}")
        until(opened, READY)
        box = opened.locator(".sheet-act .btn-primary").bounding_box()
        assert box["y"] + box["height"] <= 768
        assert opened.evaluate("document.documentElement.scrollHeight") <= 768
