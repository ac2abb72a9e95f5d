"""Values that make conditions come true: found by trying what the texts compare with."""

from datetime import date
from decimal import Decimal

import pytest

from tests.engine.processes.choosing import Wish, candidates, put, values_for
from tests.engine.processes.drawing import NOW, chain, end, flow, gateway, read, script, steps
from tests.engine.processes.drawing import start as begin

BODY = begin() + steps("t") + script("m", "1", "x") + script("n", "2", "y") + chain("s", "t", "m")


def formulas(*texts):
    body = BODY + gateway("exclusive", "g", "f_g_no") + end("no") + chain("m", "n", "g")
    for number, text in enumerate(texts):
        body += end(f"e{number}") + flow("g", f"e{number}", text, name=f"c{number}")
    definition = read(body + flow("g", "no"))
    return [definition.formulas.conditions[f"flow:c{number}"] for number in range(len(texts))]


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        '审批决定 = "grant"',
        "金额 > 10000",
        "金额 between 5 and 7",
        "金额 in [1..3]",
        "not(现场勘查)",
        "现场勘查 and 金额 <= 5",
        "现场勘查 or 金额 < 5",
        'x in ("a", "b")',
        'x.kind = "late"',
        "x.allowed",
        'contains(x, "b")',
        'x = @"2026-01-05"',
        "if 现场勘查 then 金额 > 1 else 金额 > 9",
        "count(x) > 2 or 金额 > 3",
    ],
)
def test_a_condition_is_made_to_hold_and_not_to_hold(text, wanted):
    (formula,) = formulas(text)
    found = values_for([Wish(formula, wanted)], candidates([formula]), {}, {"x": [1]}, NOW)
    assert found is not None
    assert formula.holds(put(found, {"x": [1]}), NOW) is wanted


def test_several_wishes_are_met_together_and_what_is_fixed_stays():
    first, second = formulas("金额 > 5", '金额 < 7 and x = "b"')
    tried = candidates([first, second])
    found = values_for([Wish(first, True), Wish(second, True)], tried, {}, {}, NOW)
    assert found == {("amount",): 6, ("x",): "b"}
    fixed = {("amount",): Decimal(9)}
    assert values_for([Wish(second, False)], tried, fixed, {}, NOW)[("amount",)] == 9
    assert values_for([Wish(second, True)], tried, fixed, {}, NOW) is None


@pytest.mark.parametrize("text", ["金额 > 5 and 金额 < 5", "x = x + 1"])
def test_nothing_is_found_for_what_never_holds(text):
    (formula,) = formulas(text)
    assert values_for([Wish(formula, True)], candidates([formula]), {}, {}, NOW) is None


def test_values_are_put_into_contexts_without_touching_what_was_there():
    base = {"verdict": {"because": "ok"}, "amount": 3}
    found = put({("verdict", "allowed"): True, ("day",): date(2026, 1, 5)}, base)
    assert found["verdict"] == {"because": "ok", "allowed": True}
    assert found["day"] == date(2026, 1, 5)
    assert base == {"verdict": {"because": "ok"}, "amount": 3}
