"""Hit policies: what the rows that hit add up to."""

from decimal import Decimal

import pytest

from engine.decisions.hits import Hit, aggregate, choose
from engine.decisions.model import Aggregation, HitPolicy
from engine.kernel.errors import Conflict

A, B, C = Hit(0, "r1", ("low",)), Hit(1, "r2", ("high",)), Hit(2, "r3", ("low",))
ORDER = (("high", "middle", "low"),)


def numbers(*values):
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("policy", "hits", "rows"),
    [
        (HitPolicy.UNIQUE, [A], [A]),
        (HitPolicy.ANY, [A, C], [A, C]),
        (HitPolicy.FIRST, [A, B], [A]),
        (HitPolicy.PRIORITY, [A, B, C], [B]),
        (HitPolicy.OUTPUT_ORDER, [A, B, C], [B, A, C]),
        (HitPolicy.RULE_ORDER, [A, B], [A, B]),
        (HitPolicy.COLLECT, [A, B, C], [A, B, C]),
    ],
    ids=lambda value: value.value if isinstance(value, HitPolicy) else None,
)
def test_each_policy_chooses_its_rows(policy, hits, rows):
    assert choose(policy, hits, ORDER) == tuple(rows)


@pytest.mark.parametrize("policy", HitPolicy)
def test_no_row_is_no_error(policy):
    assert choose(policy, [], ORDER) == ()


def test_two_rows_under_unique_are_an_error_that_names_both():
    with pytest.raises(Conflict) as caught:
        choose(HitPolicy.UNIQUE, [A, B])
    assert (caught.value.code, caught.value.params) == (
        "decision.not_unique",
        {"rows": ["r1", "r2"]},
    )


def test_different_outputs_under_any_are_an_error_that_names_the_two():
    with pytest.raises(Conflict) as caught:
        choose(HitPolicy.ANY, [A, C, B])
    assert (caught.value.code, caught.value.params) == (
        "decision.not_common",
        {"rows": ["r1", "r2"]},
    )


def test_an_output_that_is_not_listed_comes_last():
    stranger = Hit(3, "r4", ("unheard of",))
    assert choose(HitPolicy.PRIORITY, [stranger, A], ORDER) == (A,)
    assert choose(HitPolicy.OUTPUT_ORDER, [stranger, A, B], ORDER) == (B, A, stranger)


def test_priority_goes_output_by_output():
    first, second = Hit(0, "r1", ("x", "b")), Hit(1, "r2", ("x", "a"))
    assert choose(HitPolicy.PRIORITY, [first, second], ((), ("a", "b"))) == (second,)


@pytest.mark.parametrize(
    ("aggregation", "values", "expected"),
    [
        (Aggregation.SUM, numbers("0.1", "0.2"), Decimal("0.3")),
        (Aggregation.MIN, numbers(3, 1, 2), Decimal(1)),
        (Aggregation.MAX, numbers(3, 1, 4), Decimal(4)),
        (Aggregation.MAX, ["a", "c", "b"], "c"),
        (Aggregation.COUNT, ["a", None], Decimal(2)),
        (Aggregation.SUM, ["a"], None),
        (Aggregation.SUM, [Decimal(1), None], None),
        (Aggregation.MIN, [Decimal(1), "a"], None),
        (Aggregation.MAX, [None], None),
    ],
    ids=str,
)
def test_collect_makes_one_value_or_null(aggregation, values, expected):
    found = aggregate(aggregation, values)
    assert found == expected
    assert type(found) is type(expected)
