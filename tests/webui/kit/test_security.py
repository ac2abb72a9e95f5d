"""Headers, the token against forged forms, and the size of what is read."""

import re

import pytest

from tests.webui.visitor import Visitor

SIGN_IN = {"account": "clerk06"}


def forged(app, token=None, **headers):
    """Send a sign-in that no page of ours has made."""
    client = app.test_client()
    client.get("/")
    data = SIGN_IN if token is None else {**SIGN_IN, "csrf_token": token}
    return client.post("/account/demo", data=data, headers=headers)


def test_a_forged_post_changes_nothing(app):
    answer = forged(app)
    assert answer.status_code == 403
    assert "页面已过期或请求并非来自本站" in answer.text
    assert not any("session" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_the_token_of_somebody_else_is_no_token(app):
    assert forged(app, token=Visitor(app).token()).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 64], ids=["empty", "short", "odd", "zeros"])
def test_a_made_up_token_is_refused(app, token):
    assert forged(app, token=token).status_code == 403


def test_a_request_from_another_site_is_refused_even_with_the_token(app):
    visitor = Visitor(app)
    answer = visitor.client.post(
        "/account/demo",
        data={**SIGN_IN, "csrf_token": visitor.token()},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


def test_the_token_may_come_as_a_header(app):
    visitor = Visitor(app)
    headers = {"X-CSRFToken": visitor.token()}
    answer = visitor.client.post("/account/demo", data=SIGN_IN, headers=headers)
    assert answer.status_code == 303


def test_a_session_has_a_token_of_its_own(app):
    visitor = Visitor(app)
    before = visitor.token()
    visitor.sign_in("clerk06")
    assert visitor.token() != before
    assert visitor.token() == visitor.token()


def test_the_policy_names_no_foreign_host_and_no_inline_script(visitor):
    policy = visitor.get("/").headers["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == "'self'"
    assert parts["frame-ancestors"] == "'none'"
    assert re.fullmatch(r"'self' 'nonce-[\w-]{20,}'", parts["style-src"])
    assert "http" not in policy


def test_the_nonce_is_new_for_every_answer_and_stands_in_the_page(visitor):
    seen = set()
    for _ in range(3):
        answer = visitor.get("/")
        nonce = re.search(r"nonce-([\w-]+)", answer.headers["Content-Security-Policy"])[1]
        assert f'name="csp-nonce" content="{nonce}"' in answer.text
        seen.add(nonce)
    assert len(seen) == 3


def test_every_answer_carries_the_headers(visitor):
    for path in ("/", "/nothing", "/healthz"):
        headers = visitor.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"


def test_only_bundles_are_kept_by_browsers(visitor):
    bundle = re.search(r"/static/dist/app-\w+\.js", visitor.read("/"))[0]
    assert "immutable" in visitor.get(bundle).headers["Cache-Control"]
    assert "immutable" not in visitor.get("/static/mark.svg").headers["Cache-Control"]


def test_too_much_is_refused_before_it_is_read(visitor):
    answer = visitor.post("/account/language", language="zh" * 600_000)
    assert answer.status_code == 413
    assert "内容过大" in answer.text


def test_too_many_fields_are_refused(visitor):
    # Parts are counted in multipart bodies; the other kind is bounded by its size.
    data = {f"f{n}": (b"", "") for n in range(1200)}
    answer = visitor.client.post(
        "/account/language", data=dict.fromkeys(data, "x"), content_type="multipart/form-data"
    )
    assert answer.status_code == 413
