"""The public pages and the screens in a real Chromium."""

import time

import pytest

from engine.services import tickets
from tests.story import walk_through_matter
from tests.webui.chromium import DESKTOP, PHONE, page, until

pytestmark = pytest.mark.browser
PAGES = ("/", "/matters", "/matters/1", "/zones/1", "/licences/check?no=x", "/account/sign-in")
NUMBER = "document.querySelector('.call-number').textContent"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_public_pages_break_no_rule_and_need_no_sideways_scroll(place, browser, size):
    for path in (*PAGES, "/screens/"):
        with page(browser, size) as opened:
            opened.goto(place + path)
            until(opened, "document.documentElement.dataset.ready === 'app'")
            width = opened.evaluate("document.documentElement.scrollWidth")
            assert width <= size[0], path


def test_the_process_of_a_guide_is_drawn(place, browser, hall):
    with page(browser) as opened:
        opened.goto(f"{place}/matters/{walk_through_matter(hall).no}")
        until(opened, "document.querySelector('.diagram').dataset.ready === 'yes'")
        drawn = opened.evaluate("document.querySelector('.diagram svg').textContent")
        assert "审查" in drawn
        assert "核准" in drawn


def test_matters_are_suggested_while_one_types(place, browser):
    with page(browser) as opened:
        opened.goto(place)
        opened.type("#search", "企业设立")
        until(opened, "document.querySelectorAll('#found li').length > 0")
        opened.click("#found li a >> text=企业设立登记")
        assert "企业设立登记" in opened.inner_text("h1")


def test_a_call_is_on_the_screen_within_two_seconds(place, browser, hall, staff):
    """M-SCREEN-1; the stream tells it, not the poll of every five seconds."""
    matter_no = walk_through_matter(hall).no
    with page(browser) as opened:
        opened.goto(f"{place}/screens/6")
        opened.wait_for_timeout(1500)
        for _ in range(2):
            tickets.take(hall, 1, matter_no=matter_no)
            called = tickets.call_next(hall, staff[6], 6)
            began = time.monotonic()
            until(opened, f"{NUMBER} === '{called.number}'", 2.0)
            assert time.monotonic() - began < 2.0
            tickets.finish(hall, staff[6], 6)
            until(opened, f"{NUMBER} !== '{called.number}'", 2.0)


def test_a_screen_that_is_cut_off_says_so_and_recovers(place, browser):
    with page(browser, forgiven=("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")) as opened:
        opened.goto(f"{place}/screens/6")
        opened.clock.install()
        opened.wait_for_timeout(300)
        assert opened.is_hidden("#cut-off")
        opened.context.set_offline(True)
        opened.clock.run_for(25_000)
        until(opened, "!document.getElementById('cut-off').hidden")
        assert "数据截至" in opened.inner_text("#cut-off")
        opened.context.set_offline(False)
        opened.clock.run_for(6_000)
        until(opened, "document.getElementById('cut-off').hidden || null", 8.0)


def test_signing_in_as_a_demo_person_takes_one_click(place, browser):
    with page(browser) as opened:
        opened.goto(f"{place}/account/sign-in")
        opened.click("button[value=clerk06]")
        assert opened.url.startswith(f"{place}/window/")


def test_the_language_is_switched_by_a_button(place, browser):
    with page(browser) as opened:
        opened.goto(f"{place}/matters")
        opened.click("button[name=language]")
        assert opened.inner_text("h1") == "Matters"
