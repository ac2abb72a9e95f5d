"""Where a page may lead: never off this server."""

import pytest

from webui.kit.pages import own_page

FOREIGN = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "evil",
    "",
    None,
    "/a\nb",
    "/\t/evil.example",
    " /desk",
]


@pytest.mark.parametrize("wanted", FOREIGN)
def test_a_way_off_this_server_is_no_way(wanted):
    assert own_page(wanted) is None


@pytest.mark.parametrize("wanted", ["/", "/desk/?tab=mine&page=2", "/matters?q=%E4%BC%81"])
def test_our_own_pages_are(wanted):
    assert own_page(wanted) == wanted


@pytest.mark.parametrize("wanted", FOREIGN[:4])
def test_sign_in_leads_to_no_foreign_page(app, visitor, wanted):
    answer = visitor.post("/account/demo", account="clerk06", next=wanted)
    assert answer.location.startswith("/")
    assert "evil" not in answer.location
