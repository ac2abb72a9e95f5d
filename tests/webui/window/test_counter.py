"""The counter: the queue, the keys of its buttons and what stays when something goes wrong."""

import re

import pytest

from engine.kernel.now import hall_moment
from engine.services import tickets
from tests.story import walk_through_matter
from tests.webui.visitor import Visitor

SEEN = re.compile(r'name="seen" value="(\w*)"')


@pytest.fixture
def matter(hall):
    """The matter of the walk-through."""
    return walk_through_matter(hall)


@pytest.fixture
def waiting(hall, now, matter):
    """Two visitors of the same matter took a number at 9:30 and 9:40."""
    taken = []
    for time in ("09:30", "09:40"):
        now.move_to(hall_moment(f"2015-10-26T{time}"))
        taken.append(tickets.take(hall, zone_no=1, matter_no=matter.no))
    now.move_to(hall_moment("2015-10-26T09:50"))
    return taken


def seen(page):
    return SEEN.search(page)[1]


def test_the_queue_says_who_waits_and_how_long(waiting, clerk):
    page = clerk.read("/window/")
    assert waiting[0].number in page
    assert "最长等候 20 分钟" in page
    assert "窗口空闲" in page


def test_calling_shows_number_waiting_time_and_the_matter_that_was_named(waiting, clerk, matter):
    answer = clerk.post("/window/6/next", seen="")
    assert answer.status_code == 303
    page = clerk.read(answer.location)
    assert waiting[0].number in page
    assert "等候 20 分钟" in page
    assert matter.name in page
    assert f'name="case-ticket" value="{waiting[0].id}"' in page


def test_a_second_press_of_the_key_calls_nobody(waiting, hall, clerk):
    first = seen(clerk.read("/window/6"))
    clerk.post("/window/6/next", seen=first)
    clerk.post("/window/6/next", seen=first)
    assert tickets.at_window(hall, 6).current.number == waiting[0].number


def test_the_next_number_ends_the_visit_before(waiting, hall, clerk):
    clerk.post("/window/6/next", seen="")
    clerk.post("/window/6/next", seen=seen(clerk.read("/window/6")))
    at_window = tickets.at_window(hall, 6)
    assert at_window.current.number == waiting[1].number
    assert at_window.waiting == []


def test_calling_again_gives_the_queue_alone_so_that_nothing_typed_is_lost(waiting, clerk):
    clerk.post("/window/6/next", seen="")
    answer = clerk.post("/window/6/again", fragment=True)
    assert answer.status_code == 200
    assert "已呼 2 次" in answer.text
    assert '<form class="sheet"' not in answer.text


def test_a_no_show_needs_a_second_call_and_then_goes_to_the_end(waiting, hall, clerk):
    clerk.post("/window/6/next", seen="")
    early = clerk.post("/window/6/no-show")
    assert early.status_code == 409
    assert waiting[0].number in early.text
    clerk.post("/window/6/again")
    assert clerk.post("/window/6/no-show").status_code == 303
    again = tickets.at_window(hall, 6).waiting
    assert [ticket.number for ticket in again] == [waiting[1].number, waiting[0].number]
    assert "过号" in clerk.read("/window/6/queue", fragment=True)


def test_a_served_visitor_leaves_the_window(waiting, hall, clerk):
    clerk.post("/window/6/next", seen="")
    assert clerk.post("/window/6/finish").status_code == 303
    assert tickets.at_window(hall, 6).current is None


def test_nobody_at_the_window_can_be_called_again(clerk):
    assert clerk.post("/window/6/again").status_code == 409


@pytest.mark.parametrize("path", ["/window/54", "/window/54/queue", "/window/54/matters"])
def test_a_window_of_another_unit_stays_closed(clerk, path):
    assert clerk.get(path).status_code == 403


def test_a_window_that_does_not_exist_is_not_found(clerk):
    assert clerk.get("/window/999").status_code == 404


def test_a_person_without_a_window_chooses_one_of_the_unit(app):
    page = Visitor(app, "standin26").read("/window/")
    assert re.findall(r'href="/window/(\d+)"', page) == [str(no) for no in range(1, 9)]


def test_the_handing_out_window_sees_how_many_results_wait(app):
    page = Visitor(app, "clerk01").read("/window/")
    assert '/window/licences">' in page
    assert "counter-links" in page


@pytest.mark.parametrize("account", ["reviewer01", "head26", "designer1", "auditor1"])
def test_who_does_not_sit_at_a_window_has_no_counter(hall, app, account):
    assert Visitor(app, account).get("/window/").status_code == 403


def test_a_stranger_is_asked_to_sign_in(visitor):
    answer = visitor.get("/window/")
    assert answer.status_code == 303
    assert "/account/sign-in" in answer.location


@pytest.mark.parametrize(
    "key", ["F2", "F4", "F7", "F8 Ctrl+Enter", "Alt+a Alt+A"], ids=lambda key: key.split()[0]
)
def test_the_keys_stand_on_the_buttons(waiting, clerk, key):
    clerk.post("/window/6/next", seen="")
    assert f'data-key="{key}"' in clerk.read("/window/6")
