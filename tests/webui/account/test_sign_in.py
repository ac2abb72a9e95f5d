"""Signing in and out."""

from dataclasses import replace

from engine.domain.people import SYSTEM
from engine.services import people
from tests.webui.visitor import Visitor
from webui.app import create_app


def attempt(visitor, account, password):
    return visitor.post("/account/sign-in", account=account, password=password)


def test_the_right_password_opens_the_place_of_work(visitor, hall):
    password = people.new_password(hall, SYSTEM, "clerk06")
    answer = attempt(visitor, " clerk06 ", password)
    assert answer.status_code == 303
    assert visitor.get(answer.location).location == "/window/"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(visitor):
    wrong_name = attempt(visitor, "nobody", "x")
    wrong_word = attempt(visitor, "clerk06", "x")
    assert wrong_name.status_code == wrong_word.status_code == 403
    assert said(wrong_name.text) == said(wrong_word.text) != ""


def said(page):
    return page.partition('class="notice')[2].partition("</div>")[0]


def test_the_name_stays_and_the_password_does_not(visitor):
    page = attempt(visitor, "clerk06", "geheim").text
    assert 'value="clerk06"' in page
    assert "geheim" not in page


def test_after_five_failures_the_minutes_to_wait_are_said(visitor):
    for _ in range(5):
        assert attempt(visitor, "clerk06", "x").status_code == 403
    answer = attempt(visitor, "clerk06", "x")
    assert answer.status_code == 410
    assert "30" in said(answer.text)


def test_signing_out_ends_the_session_itself(app):
    visitor = Visitor(app, "clerk06")
    held = visitor.client.get_cookie("hall-session").value
    answer = visitor.post("/account/sign-out")
    assert answer.location == "/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.client.get_cookie("hall-session") is None
    thief = Visitor(app)
    thief.client.set_cookie("hall-session", held)
    assert thief.get("/window/").status_code == 303


def test_the_people_of_the_story_come_first(visitor):
    page = visitor.read("/account/sign-in")
    places = [page.index(f'value="{account}"') for account in ("clerk06", "chief26", "clerk01")]
    assert places == sorted(places)
    assert page.index("<summary") > places[2]


def test_everybody_of_the_demo_can_be_chosen_by_account(app, visitor):
    page = visitor.read("/account/sign-in")
    assert page.count("<option") > 300
    assert Visitor(app, "reviewer01").get("/desk/").status_code == 200


def test_an_unknown_demo_account_is_said(visitor):
    answer = visitor.post("/account/demo", account="mallory")
    assert answer.status_code == 404
    assert "account.unknown" not in answer.text


def test_a_hall_without_demo_data_offers_nobody(hall):
    visitor = Visitor(create_app(replace(hall, demo=False)))
    page = visitor.read("/account/sign-in")
    assert "clerk06" not in page
    assert "演示" not in page
    assert visitor.post("/account/demo", account="clerk06").status_code == 403


def test_who_is_signed_in_needs_no_sign_in(clerk):
    assert clerk.get("/account/sign-in").location == "/window/"
