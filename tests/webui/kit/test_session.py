"""Cookies of a session: names, flags, and what another host name changes."""

import pytest

from tests.webui.visitor import Visitor

FAR = {"base_url": "https://hall.example"}


def cookies(answer):
    return {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_on_this_machine_the_cookie_is_hidden_from_scripts(app):
    visitor = Visitor(app)
    line = cookies(visitor.post("/account/demo", account="clerk06"))["hall-session"]
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Expires" not in line
    assert "Max-Age" not in line


@pytest.mark.parametrize(
    "base",
    ["https://hall.example", "http://hall.example", "https://localhost"],
    ids=["far", "far without TLS", "near with TLS"],
)
def test_elsewhere_it_is_secure_and_bound_to_the_host(app, base):
    answer = app.test_client().get("/", base_url=base)
    line = cookies(answer)["__Host-visitor"]
    assert {"Secure", "HttpOnly", "Path=/"} <= set(line.split("; "))
    assert "Domain" not in line
    assert "Strict-Transport-Security" in answer.headers


def test_the_token_is_long_and_new_at_each_sign_in(app):
    visitor, tokens = Visitor(app), set()
    for _ in range(3):
        visitor.sign_in("clerk06")
        tokens.add(visitor.client.get_cookie("hall-session").value)
    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 22


def test_a_second_sign_in_ends_the_first_session(app):
    visitor = Visitor(app, "clerk06")
    old = visitor.client.get_cookie("hall-session").value
    visitor.sign_in("chief26")
    thief = Visitor(app)
    thief.client.set_cookie("hall-session", old)
    assert thief.get("/window/").status_code == 303


def test_a_made_up_token_is_nobody(app):
    stranger = Visitor(app)
    stranger.client.set_cookie("hall-session", "x" * 40)
    assert stranger.get("/window/").status_code == 303


def test_an_idle_session_ends(app, now):
    visitor = Visitor(app, "clerk06")
    now.advance(minutes=29)
    assert visitor.get("/window/").status_code == 200
    now.advance(minutes=31)
    assert visitor.get("/window/").status_code == 303


def test_no_name_of_a_demo_person_is_offered_to_another_machine(app):
    page = app.test_client().get("/account/sign-in", **FAR).text
    assert "clerk06" not in page


def test_signing_in_without_a_password_is_for_this_machine_only(app):
    client = app.test_client()
    token = Visitor(app).token()
    for options in (FAR, {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}):
        answer = client.post(
            "/account/demo", data={"account": "clerk06", "csrf_token": token}, **options
        )
        assert answer.status_code == 403
