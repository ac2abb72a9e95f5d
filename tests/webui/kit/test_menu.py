"""What a person finds in the menu."""

import re

import pytest

from tests.webui.visitor import Visitor

SIDE = re.compile(r'<nav class="side".*?</nav>', re.DOTALL)


def side(page):
    found = SIDE.search(page)
    return set(re.findall(r'href="([^"]+)"', found[0])) if found else set()


READ = {"/desk/cases", "/desk/surveys", "/admin/authority"}
RULES = {"/admin/calendar", "/policy/what-if"}
WORK = {"/window/", "/window/tickets", "/window/licences", "/desk/", *READ}
WORK |= {"/window/inquiries", "/window/appointments"}


@pytest.mark.parametrize(
    ("account", "opened"),
    [("clerk06", WORK), ("chief26", WORK | RULES), ("reviewer01", {"/desk/", *READ})],
)
def test_the_menu_holds_what_the_permissions_open(app, account, opened):
    assert side(Visitor(app, account).read("/desk/")) == opened


def test_the_menu_of_an_auditor_has_cases_and_no_inbox(app):
    assert side(Visitor(app, "auditor1").read("/desk/cases")) == READ | RULES


def test_a_stranger_has_no_side_column_and_the_public_pages(visitor):
    page = visitor.read("/")
    assert side(page) == set()
    assert {"/matters", "/licences/check", "/screens/"} <= set(re.findall(r'href="([^"]+)"', page))


def test_the_page_that_is_open_is_marked(visitor):
    assert re.search(r'href="/matters" aria-current="page"', visitor.read("/matters"))
