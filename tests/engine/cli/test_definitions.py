"""`hall decide` explains itself."""

import json

import pytest

from engine.cli.main import main

FACTS = {
    "power": "decide",
    "post": "chief",
    "matter_type": "one_review",
    "steps": 2,
    "holds_grant": True,
    "same_person": False,
    "over_amount": False,
    "outside_region": False,
}


@pytest.fixture(autouse=True)
def data(city, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(city.data))


def decide(capsys, facts, *more):
    assert main(["decide", "authority", "--facts", json.dumps(facts), "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_row_that_hit_and_why_each_other_row_did_not(capsys):
    told = decide(capsys, FACTS)
    assert told["outcome"]["allowed"] is True
    assert len(told["rows"]) == 1
    missed = [row for row in told["trace"] if not row["matched"]]
    assert missed
    for row in missed:
        assert row["failed"]
        assert {"column", "text", "value"} <= set(row["failed"][0])
    assert all(row["legal_basis"] for row in told["trace"])
    assert told["version"]


def test_facts_may_be_given_by_their_chinese_names(capsys):
    chinese = {"权力" if key == "power" else key: value for key, value in FACTS.items()}
    assert decide(capsys, chinese)["rows"] == decide(capsys, FACTS)["rows"]


def test_the_same_person_is_refused_by_a_row(capsys):
    told = decide(capsys, FACTS | {"same_person": True})
    assert told["outcome"] == {"allowed": False, "because": "four_eyes"}


def test_without_json_it_is_told_in_sentences(capsys):
    assert main(["decide", "authority", "--facts", json.dumps(FACTS)]) == 0
    assert "✓" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "code"),
    [
        pytest.param(["decide", "nowhere"], "definition.none", id="no such table"),
        pytest.param(["decide", "nowhere.dmn"], "definition.no_file", id="no such file"),
        pytest.param(["decide", "authority", "--facts", "{"], "decide.facts", id="broken JSON"),
        pytest.param(["decide", "authority", "--facts", "[]"], "decide.facts", id="no object"),
        pytest.param(
            ["decide", "authority", "--facts", '{"shoe_size": 42}'],
            "decision.unknown_fact",
            id="a fact nobody knows",
        ),
    ],
)
def test_a_wrong_question_is_named(capsys, call, code):
    assert main(call) == 1
    assert code in capsys.readouterr().err


def test_the_explanation_is_codes_with_params_and_a_sentence_in_the_language_asked_for(capsys):
    chinese = decide(capsys, FACTS)["explanation"]
    english = decide(capsys, FACTS, "--lang", "en")["explanation"]
    assert [one["code"] for one in chinese] == [one["code"] for one in english]
    for one, other in zip(chinese, english, strict=True):
        assert one["params"] == other["params"]
        assert one["text"] != other["text"]
    codes = {one["code"] for one in chinese}
    assert {"explain.outcome", "explain.policy.first", "explain.hit", "explain.held"} <= codes
    assert {"explain.missed", "explain.failed", "explain.basis", "explain.instead"} <= codes


def test_types_of_matter_are_called_by_their_names(capsys):
    assert main(["decide", "authority", "--facts", json.dumps(FACTS)]) == 0
    told = capsys.readouterr().out
    assert "一审一核件" in told
    assert "one_review" not in told
