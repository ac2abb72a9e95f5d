"""No page without a guard; no guard without its way back."""

import pytest

from tests.webui.visitor import Visitor
from webui.kit.guard import needs, once_key, public


@pytest.fixture
def guarded(app):
    app.add_url_rule("/in", "inside", needs("window.serve")(lambda: "in"))
    app.add_url_rule("/deed", "deed", needs("window.serve")(lambda: "done"), methods=["POST"])
    app.add_url_rule("/out", "outside", public(lambda: "out"))
    return app


def test_a_public_page_opens_for_everybody(guarded):
    assert Visitor(guarded).read("/out") == "out"


def test_a_closed_page_opens_for_the_permission(guarded):
    assert Visitor(guarded, "clerk06").read("/in") == "in"


def test_an_official_without_the_permission_is_told_so_in_words(guarded):
    answer = Visitor(guarded, "auditor1").get("/in")
    assert answer.status_code == 403
    assert "没有打开此页的权限" in answer.text
    assert "window.serve" not in answer.text


def test_a_stranger_signs_in_and_comes_back(guarded):
    stranger = Visitor(guarded)
    answer = stranger.get("/in?tab=mine")
    assert (answer.status_code, answer.location) == (303, "/account/sign-in?next=/in%3Ftab%3Dmine")
    page = stranger.read(answer.location)
    assert 'value="/in?tab=mine"' in page
    back = stranger.post("/account/demo", account="clerk06", next="/in?tab=mine")
    assert back.location == "/in?tab=mine"


def test_a_deed_of_a_stranger_is_not_repeated_after_sign_in(guarded):
    assert Visitor(guarded).post("/deed").location == "/account/sign-in"


def test_a_part_of_a_page_is_refused_and_the_page_stays(guarded):
    """htmx follows a redirect and would put the sign-in page into a table cell."""
    answer = Visitor(guarded).get("/in", fragment=True)
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#notices"
    assert 'href="/account/sign-in" target="_blank"' in answer.text


def test_what_was_typed_outlives_the_session(guarded, now):
    official = Visitor(guarded, "clerk06")
    form = {"csrf_token": official.token(), "opinion": "同意，材料齐全"}
    now.advance(hours=11)
    refused = official.client.post("/deed", data=form)
    assert refused.status_code == 401
    assert "同意，材料齐全" in refused.text
    official.sign_in("clerk06")
    assert official.client.post("/deed", data=form).text == "done"


def test_a_page_of_one_official_is_not_sent_by_the_next(guarded):
    visitor = Visitor(guarded, "clerk06")
    form = {"csrf_token": visitor.token()}
    visitor.sign_in("clerk01")
    assert visitor.client.post("/deed", data=form).status_code == 403


def test_keys_for_doing_once_are_never_the_same():
    assert len({once_key() for _ in range(100)}) == 100
