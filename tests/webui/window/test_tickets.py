"""Taking a number for a visitor."""

import re

import pytest

from engine.kernel.now import hall_moment
from engine.services import tickets
from tests.story import walk_through_matter
from tests.webui.visitor import Visitor

NUMBER = re.compile(r'class="number">(\w+)<')


def test_all_zones_and_units_can_be_chosen(clerk):
    page = clerk.read("/window/tickets")
    assert re.findall(r'value="zone\.(\d)"', page) == list("123456")
    assert len(re.findall(r'value="unit\.\d+"', page)) == 50


@pytest.mark.parametrize("of", ["zone.1", "unit.26", "matter.342"])
def test_a_number_is_given_for_a_zone_a_unit_or_a_matter(clerk, of):
    answer = clerk.post("/window/tickets", of=of, once="k")
    assert answer.status_code == 200
    assert NUMBER.search(answer.text)[1] == "B001"


def test_the_number_goes_to_the_windows_of_the_matter_and_says_who_is_before(clerk, hall, now):
    matter = walk_through_matter(hall)
    clerk.post("/window/tickets", of=f"matter.{matter.no}", once="a")
    now.move_to(hall_moment("2015-10-26T09:01"))
    page = clerk.post("/window/tickets", of=f"matter.{matter.no}", once="b").text
    assert "前面还有 1 人" in page
    assert matter.name in page
    assert [ticket.matter_no for ticket in tickets.at_window(hall, 6).waiting] == [matter.no] * 2


def test_a_reloaded_answer_gives_the_same_number(clerk):
    first, second = (clerk.post("/window/tickets", of="zone.1", once="k") for _ in range(2))
    assert NUMBER.search(first.text)[1] == NUMBER.search(second.text)[1]


def test_matters_are_found_by_initials(clerk, hall):
    page = clerk.read("/window/tickets", query_string={"q": "qysldj"})
    assert f'value="matter.{walk_through_matter(hall).no}"' in page


@pytest.mark.parametrize(
    ("of", "status"),
    [
        ("", 422),
        ("zone.x", 422),
        ("city.1", 422),
        ("zone.99", 404),
        ("unit.99", 404),
        ("matter.99999", 404),
    ],
)
def test_what_does_not_exist_gets_no_number(clerk, hall, of, status):
    answer = clerk.post("/window/tickets", of=of, once="k")
    assert answer.status_code == status
    assert not NUMBER.search(answer.text)
    assert "notice" in answer.text


def test_who_may_not_take_numbers_is_told_so(app):
    assert Visitor(app, "reviewer01").get("/window/tickets").status_code == 403
