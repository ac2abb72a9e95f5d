"""Ring and voice of a screen, and the machine's way back to its start, in a real Chromium."""

import pytest

from engine.services import tickets
from tests.webui.chromium import DESKTOP, PHONE, page, until

pytestmark = pytest.mark.browser
UNIT = 26
# No machine of ours has a voice: what would be heard is written down, and each line ends at once.
EAR = """window.heard = []; window.rings = 0;
Object.defineProperty(SpeechSynthesis.prototype, 'getVoices', {value: () => window.voices ?? []});
SpeechSynthesis.prototype.speak = (line) => {
  window.heard.push([line.lang, line.text]);
  setTimeout(() => line.dispatchEvent(new Event('end')));
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  window.rings += 1;
  return start.call(this, at);
};"""
FIRST = ["zh-CN", "请 B 零 零 一 号，到 零 六 号窗口"]


@pytest.mark.parametrize("path", ["/screens/6", "/screens/zones/1"])
def test_a_call_is_heard_once_and_once_more_when_it_is_repeated(place, browser, hall, staff, path):
    with page(browser) as opened:
        opened.add_init_script(EAR)
        opened.goto(place + path)
        opened.click("#voice button")
        until(opened, "document.querySelector('#voice button').ariaPressed === 'true'")
        tickets.take(hall, 1, UNIT)
        tickets.call_next(hall, staff[6], 6)
        until(opened, "window.heard.length === 1")
        assert opened.evaluate("window.heard") == [FIRST]
        assert opened.evaluate("window.rings") == 2
        # The page looks again by itself; what was said is not said again.
        opened.wait_for_timeout(6000)
        assert opened.evaluate("window.heard.length") == 1
        tickets.call_again(hall, staff[6], 6)
        until(opened, "window.heard.length === 2")
        assert opened.evaluate("window.heard") == [FIRST, FIRST]


def test_nothing_is_heard_before_the_switch_nor_after_it_is_off(place, browser, hall, staff):
    with page(browser) as opened:
        opened.add_init_script(EAR)
        opened.goto(f"{place}/screens/6")
        tickets.take(hall, 1, UNIT)
        tickets.call_next(hall, staff[6], 6)
        until(opened, "document.querySelectorAll('[data-call]').length === 1")
        opened.click("#voice button")
        until(opened, "document.querySelector('#voice button').ariaPressed === 'true'")
        assert opened.inner_text("#voice button") == "关闭语音"
        assert "只响铃" in opened.inner_text("#voice [role=status]")
        opened.click("#voice button")
        until(opened, "document.querySelector('#voice button').ariaPressed === 'false'")
        tickets.call_again(hall, staff[6], 6)
        until(opened, "document.querySelector('[data-call]').dataset.call.endsWith('.2')")
        opened.wait_for_timeout(1500)
        assert opened.evaluate("window.heard") == []
        assert opened.evaluate("window.rings") == 0


def test_calls_made_while_the_screen_was_cut_off_are_shown_but_not_shouted(
    place, browser, hall, staff
):
    with page(
        browser, forgiven=("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to fetch")
    ) as opened:
        opened.add_init_script(EAR)
        opened.goto(f"{place}/screens/6")
        opened.click("#voice button")
        until(opened, "document.querySelector('#voice button').ariaPressed === 'true'")
        opened.clock.install()
        opened.context.set_offline(True)
        opened.clock.run_for(20_000)
        until(opened, "!document.getElementById('cut-off').hidden")
        tickets.take(hall, 1, UNIT)
        tickets.call_next(hall, staff[6], 6)
        opened.context.set_offline(False)
        opened.clock.run_for(6_000)
        until(opened, "document.querySelectorAll('[data-call]').length === 1")
        opened.clock.run_for(3_000)
        assert opened.evaluate("window.heard") == []
        tickets.call_again(hall, staff[6], 6)
        opened.clock.run_for(6_000)
        until(opened, "document.querySelector('[data-call]').dataset.call.endsWith('.2')")
        until(opened, "window.rings === 2")


def test_the_slip_is_printed_once_and_the_next_visitor_finds_the_start(place, browser):
    with page(browser) as opened:
        opened.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
        opened.goto(f"{place}/screens/kiosk")
        opened.click(".machine-grid a >> nth=0")
        opened.click(f"button[value='unit.{UNIT}']")
        until(opened, "window.printed === 1")
        assert "B001" in opened.inner_text("h1")
        opened.clock.install()
        opened.reload()
        until(opened, "document.documentElement.dataset.ready === 'app'")
        assert opened.evaluate("window.printed") == 0
        opened.clock.run_for(21_000)
        until(opened, "location.pathname === '/screens/kiosk'")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_machine_and_overview_need_no_sideways_scroll_and_have_big_targets(
    place, browser, hall, size
):
    ticket = tickets.take(hall, 1, UNIT)
    kiosk = "/screens/kiosk"
    for path in (kiosk, f"{kiosk}?zone=1&low=1", f"{kiosk}?q=QY", f"{kiosk}/{ticket.id}"):
        with page(browser, size) as opened:
            opened.goto(place + path)
            until(opened, "document.documentElement.dataset.ready === 'app'")
            assert opened.evaluate("document.documentElement.scrollWidth") <= size[0], path
            lowest = opened.evaluate(
                "Math.min(...[...document.querySelectorAll('.touch')].map(e => e.offsetHeight))"
            )
            assert lowest >= 64, path
    with page(browser, size) as opened:
        opened.goto(f"{place}/screens/hall")
        until(opened, "document.documentElement.dataset.ready === 'app'")
        assert opened.evaluate("document.documentElement.scrollWidth") <= size[0]
