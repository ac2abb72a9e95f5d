"""What a person finds in the menu."""

import re

import pytest

from tests.webui.visitor import Visitor

SIDE = re.compile(r'<nav class="side".*?</nav>', re.DOTALL)


def side(page):
    found = SIDE.search(page)
    return set(re.findall(r'href="([^"]+)"', found[0])) if found else set()


@pytest.mark.parametrize(
    ("account", "has", "has_not"),
    [
        ("clerk06", {"/window/", "/desk/"}, set()),
        ("chief26", {"/desk/"}, {"/window/tickets"}),
    ],
)
def test_the_menu_holds_what_the_permissions_open(app, account, has, has_not):
    found = side(Visitor(app, account).read("/desk/"))
    assert has <= found
    assert not has_not & found


def test_a_stranger_has_no_side_column_and_the_public_pages(visitor):
    page = visitor.read("/")
    assert side(page) == set()
    assert {"/matters", "/licences/check", "/screens/"} <= set(re.findall(r'href="([^"]+)"', page))


def test_the_page_that_is_open_is_marked(visitor):
    assert re.search(r'href="/matters" aria-current="page"', visitor.read("/matters"))
