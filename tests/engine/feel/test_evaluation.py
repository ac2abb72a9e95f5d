"""Budgets: taken from, hit, shared; and the first cause of a null."""

import pytest

from engine.feel.compile import expression
from engine.feel.evaluation import (
    MOST_ITEMS,
    MOST_STEPS,
    MOST_TEXT,
    SILENT,
    Evaluation,
    cost,
    fits_list,
    fits_text,
    over,
)
from engine.kernel.errors import Invalid


def test_the_first_cause_wins() -> None:
    evaluation = Evaluation()
    evaluation.fail("feel.cause.null")
    evaluation.fail("feel.cause.kinds")
    assert evaluation.cause == "feel.cause.null"


def test_the_silent_evaluation_keeps_nothing() -> None:
    SILENT.fail("feel.cause.null")
    assert SILENT.cause is None


def test_steps_end() -> None:
    evaluation = Evaluation(steps=2)
    evaluation.spend(2)
    with pytest.raises(Invalid) as refusal:
        evaluation.spend()
    assert refusal.value.code == "feel.budget"
    assert refusal.value.params == {"limit": "steps", "most": MOST_STEPS}


@pytest.mark.parametrize(("check", "most"), [(fits_list, MOST_ITEMS), (fits_text, MOST_TEXT)])
def test_sizes_are_checked_before_anything_is_made(check, most: int) -> None:  # type: ignore[no-untyped-def]  # two functions
    assert check(most) == most
    with pytest.raises(Invalid, match=r"feel\.budget"):
        check(most + 1)


def test_an_error_names_its_limit() -> None:
    assert over("items", 5).params == {"limit": "items", "most": 5}


def test_longer_data_costs_more() -> None:
    assert cost([]) < cost([0] * 1000)
    assert cost("") < cost("a" * 10_000)


def test_one_budget_serves_all_expressions_of_a_decision() -> None:
    loop = expression("for i in 1..9000 return i", ())
    shared = Evaluation(steps=20_000)
    loop({}, evaluation=shared)
    loop({}, evaluation=shared)
    with pytest.raises(Invalid, match=r"feel\.budget"):
        loop({}, evaluation=shared)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("for i in 1..10001 return i", "items"),
        ("some i in 1..10**12 satisfies false", "steps"),
        ("{f: function(x) f(x), y: f(1)}.y", "calls"),
        ("{a: 长, b: a + a}.b", "text"),
        ('matches(string join([长]), "a")', "pattern"),
    ],
)
def test_a_limit_that_is_hit_is_an_error_and_never_null(text: str, limit: str) -> None:
    with pytest.raises(Invalid) as refusal:
        expression(text, ("长",))({"长": "a" * 600_000})
    assert refusal.value.code == "feel.budget"
    assert refusal.value.params["limit"] == limit
