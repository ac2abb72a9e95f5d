"""From an error to the page that says it."""

import pytest

from engine.kernel.errors import Conflict, Forbidden, Invalid, Late, Missing, Unavailable
from webui.kit.errors import problems, sentence
from webui.kit.guard import public

KINDS = {
    404: Missing("unit.unknown", unit=99),
    422: Invalid("language.unknown"),
    403: Forbidden("page.permission", permission="x"),
    409: Conflict("no.sentence.for.this"),
    410: Late("sign_in.locked", minutes=30),
    503: Unavailable("no.sentence.either"),
}


def fail(error):
    def view():
        raise error

    return public(view)


@pytest.fixture
def failing(app):
    for status, error in KINDS.items():
        for method in ("GET", "POST"):
            app.add_url_rule(f"/{status}", f"{method}{status}", fail(error), methods=[method])
    app.add_url_rule("/broken", "broken", fail(ZeroDivisionError("secret of the house")))
    return app


@pytest.mark.parametrize("status", KINDS)
def test_each_kind_has_its_status_and_a_sentence(failing, visitor, status):
    answer = visitor.get(f"/{status}")
    assert answer.status_code == status
    assert KINDS[status].code not in answer.text
    assert "<h1>" in answer.text


@pytest.mark.parametrize("status", KINDS)
def test_htmx_gets_a_notice_and_keeps_its_page(failing, visitor, status):
    answer = visitor.get(f"/{status}", fragment=True)
    assert answer.status_code == status
    assert answer.headers["HX-Retarget"] == "#notices"
    assert "<html" not in answer.text


def test_the_sentence_mentions_what_the_error_knows(failing, visitor):
    assert "30" in visitor.get("/410").text


@pytest.mark.parametrize("status", [403, 409, 422])
def test_what_was_typed_can_be_copied_after_a_refusal(failing, visitor, status):
    typed = {"opinion": "同意，<b>材料齐全</b>", "password": "geheim", "seen": "7"}
    page = visitor.post(f"/{status}", typed).text
    assert "同意，&lt;b&gt;材料齐全&lt;/b&gt;" in page
    assert "geheim" not in page
    assert visitor.token() not in page.partition("<main")[2]


def test_a_fault_of_ours_shows_a_number_and_no_trace(failing, visitor):
    failing.testing = False
    answer = visitor.get("/broken")
    assert answer.status_code == 500
    assert "报修时请提供编号" in answer.text
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text


def test_503_says_when_to_come_back_without_asking_the_database(failing, visitor, monkeypatch):
    visitor.sign_in("clerk06")
    monkeypatch.setattr("webui.kit.session.sign_in.who", None)
    answer = visitor.get("/503")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("PUT", "/account/language", 403), ("DELETE", "/matters", 403)],
)
def test_http_errors_are_pages_too(visitor, method, path, status):
    answer = visitor.client.open(path, method=method)
    assert answer.status_code == status
    assert "雁城市政务服务中心" in answer.text


def test_a_wrong_method_names_the_right_ones(visitor):
    answer = visitor.get("/account/language")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_problems_are_sentences_by_field(app):
    wrong = Invalid(
        "form.answers",
        form="x",
        fields={
            "capital": {"code": "form.number", "params": {}},
            "name": {"code": "form.max_length", "params": {"most": 60, "length": 61}},
            "odd": {"code": "no.such.code"},
        },
    )
    with app.test_request_context():
        said = problems(wrong)
        assert set(said) == {"capital", "name", "odd"}
        assert "60" in said["name"]
        assert not any("form." in text or "no.such" in text for text in said.values())
        assert problems(Invalid("language.unknown")) == {}


def test_a_sentence_that_lacks_a_value_becomes_the_general_one(app):
    with app.test_request_context():
        assert sentence(Late("sign_in.locked")) == sentence(Late("no.such.code"))
