"""The projection says to durable-rules what the cells mean; no text of a user is in it."""

import json
from datetime import date
from decimal import Decimal

import pytest

from engine.decisions.dmn import read_model
from engine.decisions.durable import Matcher, rule_sets
from engine.decisions.index import Index
from engine.decisions.project import NotProjected, as_integer, project
from engine.decisions.rows import Names, compile_rows
from engine.feel.evaluation import Evaluation
from engine.feel.temporal import Date
from engine.feel.values import from_python

KINDS = ("string", "number", "boolean", "date")


@pytest.fixture
def projected(table):
    def make(rows, kinds=KINDS):
        names = [f"列{number}" for number in range(len(kinds))]
        inputs = list(zip(names, kinds, strict=True))
        xml = table(inputs, [("果", "string")], [[*row, '"x"'] for row in rows], "COLLECT")
        compiled = compile_rows(read_model(xml).decisions[0].logic, Names(frozenset(names), {}))
        index = Index(compiled)
        return compiled, index, project(compiled, index)

    return make


def differences(rnd, kinds, rows, pairs):
    """How often durable-rules and the closures find different rows, and how many were asked."""
    compiled, index, projection = rows
    matcher = Matcher(rule_sets(projection.rows))
    wrong = asked = 0
    for _ in range(pairs):
        values = [from_python(rnd.value(kind)) for kind in kinds]
        scope = {f"列{number}": value for number, value in enumerate(values)}
        judged = compiled.judge(scope, Evaluation())
        message = projection.message(index.key(judged, scope, Evaluation()), judged)
        if message is not None:
            asked += 1
            wrong += matcher.rows(message) != compiled.hits(judged, scope, Evaluation())
    matcher.close()
    return wrong, asked


def fuzz(projected, dice, seeds, pairs):
    wrong = asked = 0
    for seed in seeds:
        rnd = dice(seed)
        kinds = [rnd.choice(KINDS) for _ in range(rnd.randint(1, 6))]
        rows = projected(rnd.rows(kinds, rnd.choice([3, 20, 65, 130])), kinds)
        found = differences(rnd, kinds, rows, pairs)
        wrong, asked = wrong + found[0], asked + found[1]
    return wrong, asked


def test_durable_rules_and_closures_agree_on_random_tables(projected, dice):
    wrong, asked = fuzz(projected, dice, range(40), 160)
    assert wrong == 0
    assert asked >= 5000


@pytest.mark.nightly
def test_durable_rules_and_closures_agree_on_a_hundred_thousand_pairs(projected, dice):
    wrong, asked = fuzz(projected, dice, range(1000, 1500), 220)
    assert wrong == 0
    assert asked > 100_000


def test_no_text_of_a_user_reaches_the_library(projected):
    _, index, projection = projected([['"秘密", "甲"'], ['not("秘密")']], ["string"])
    assert "秘密" not in json.dumps(projection.rows, ensure_ascii=False)
    key = index.key(["张三"], {"列0": "张三"}, Evaluation())
    assert projection.message(key, ["张三"]) == {"c0": 0}


@pytest.mark.parametrize(
    ("cell", "condition"),
    [
        ("5", {"c0": 50000}),
        ("< 0.5", {"$lt": {"c0": 5000}}),
        ("[1..2)", {"$and": [{"$gte": {"c0": 10000}}, {"$lt": {"c0": 20000}}]}),
        ("1, 2", {"$or": [{"c0": 10000}, {"c0": 20000}]}),
        ("null", {"n_c0": 1}),
        ("not(1)", {"$or": [{"n_c0": 1}, {"$neq": {"c0": 10000}}]}),
        ("!= 1", {"$or": [{"n_c0": 1}, {"$neq": {"c0": 10000}}]}),
        ("not(< 1)", {"$gte": {"c0": 10000}}),
        ("not([1..2])", {"$or": [{"$lt": {"c0": 10000}}, {"$gt": {"c0": 20000}}]}),
        ("not(null)", {"e0": 1}),
        ("1, 2, 3, 4, 5, 6, 7, 8, 9", {"e0": 1}),
        ("? > 3 + 1", {"d0": 1}),
    ],
)
def test_a_cell_is_said_as_the_handbook_says(projected, cell, condition):
    assert projected([[cell]], ["number"])[2].rows == ((condition,),)


def test_a_number_the_library_cannot_hold_is_replaced_by_one_of_its_band(projected):
    _, index, projection = projected([["[1..2]"], ["> 3"]], ["number"])

    def message(text):
        value = Decimal(text)
        return projection.message(index.key([value], {}, Evaluation()), [value])

    assert message("1.5") == {"c0": 15000}
    assert message("1.23456789") == {"c0": 10001}
    assert message("1e30") == {"c0": 30001}
    assert message("-1e30") == {"c0": 9999}


def test_a_band_without_a_number_that_fits_is_not_asked_about(projected):
    _, index, projection = projected([["[1.0001..1.0002]"]], ["number"])
    value = Decimal("1.00015")
    assert projection.message(index.key([value], {}, Evaluation()), [value]) is None


@pytest.mark.parametrize(
    ("rows", "kinds", "reason"),
    [
        ([["0.00001"]], ["number"], "table.alone.decimals"),
        ([["< 1000000000000"]], ["number"], "table.alone.decimals"),
        ([["-"] * 99], ["number"] * 99, None),
        ([[f"? + {n} > 3" for n in range(90)]], ["number"] * 90, "table.alone.columns"),
    ],
    ids=["five decimals", "beyond 2^53", "many columns", "too many properties"],
)
def test_what_the_library_cannot_hold_is_left_to_the_closures(projected, rows, kinds, reason):
    if reason is None:
        assert projected(rows, kinds)[2].rows == ((),)
    else:
        with pytest.raises(NotProjected) as caught:
            projected(rows, kinds)
        assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("value", "integer"),
    [
        (True, 1),
        (Decimal("1.5"), 15000),
        (Decimal("-0.0001"), -1),
        (Decimal("0.00001"), None),
        (Decimal("1.0000000000000000000000000000001"), None),
        (Decimal("900719925474.0991"), 2**53 - 1),
        (Decimal("900719925474.0992"), None),
        (Decimal("1e6000"), None),
        (Date(1970, 1, 2), 1),
        (Date(2026, 11, 22), (date(2026, 11, 22) - date(1970, 1, 1)).days),
        ("text", None),
    ],
    ids=str,
)
def test_values_become_integers_or_nothing(value, integer):
    assert as_integer(value) == integer
