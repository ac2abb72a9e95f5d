"""The public door: expressions and unary tests, safe under threads, quick, never raising."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType

import pytest

from engine.feel.compile import expression, unary_tests
from engine.feel.evaluation import Evaluation
from engine.feel.values import from_python
from engine.kernel.errors import Invalid


def test_an_expression_keeps_its_text_and_tree() -> None:
    compiled = expression("金额 > 1", ("金额",))
    assert compiled.text == "金额 > 1"
    assert compiled.tree.end == 6
    assert compiled(MappingProxyType({"金额": Decimal(2)})) is True


def test_why_a_value_is_null() -> None:
    compiled = expression("金额 / 天数", ("金额", "天数"))
    facts = {"金额": Decimal(1), "天数": Decimal(0)}
    assert compiled.explain(facts) == (None, "feel.cause.division")
    assert compiled.explain({"金额": Decimal(1)}) == (None, "feel.cause.null")
    assert compiled.explain({"金额": Decimal(1), "天数": Decimal(2)}) == (Decimal("0.5"), None)


def test_the_moment_is_handed_in() -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    compiled = expression("today().year", ())
    assert compiled({}, moment=moment) == Decimal(2026)
    assert compiled({}, evaluation=Evaluation(moment)) == Decimal(2026)
    assert compiled({}) is None


@pytest.mark.parametrize(
    ("cell", "value", "answer"),
    [
        ("-", 5, True),
        ("-", None, True),
        ("", 5, True),
        ("5", 5, True),
        ("-5", -5, True),
        ("1, 2", 2, True),
        ("< 5", 4, True),
        ("< 5", None, None),
        ("!= 5", 4, True),
        ("= 5", 5, True),
        ("[1..5]", 5, True),
        ("[1..5)", 5, False),
        ("[1..5]", None, None),
        ('"甲", "乙"', "乙", True),
        ('"甲"', None, False),
        ("null", None, True),
        ("null", 1, False),
        ('not("甲")', "乙", True),
        ('not("甲")', None, True),
        ("not(1, 2)", 2, False),
        ("not(< 5)", None, None),
        ("not([1..5])", 9, True),
        ("true", True, True),
        ("true", False, False),
        ("not(true)", False, True),
        ("? > 5", 6, True),
        ("? > 5 and ? < 8", 9, False),
        ("not(? > 5)", 6, False),
        ("not(? > 5) or ? = 6", 6, True),
        ("[1, 2, 3]", 2, True),
        ("[1, 2, 3]", [1, 2, 3], True),
        ('contains(?, "证")', "许可证", True),
        ("count(?) > 1", [1, 2], True),
        ("limit", 5, True),
        ("< limit", 4, True),
        ("limit + 1", 6, True),
        ("1", "a", None),
        ("1 in ?", [1, 2], True),
        ('date("2026-11-22")', None, False),
        ('> @"2026-11-22"', "2026", None),
        ("every x in ? satisfies x > 0", [1, 2], True),
    ],
)
def test_cells(
    passes: Callable[..., bool | None], cell: str, value: object, answer: bool | None
) -> None:
    assert passes(cell, value, limit=5) is answer


def test_why_a_cell_cannot_be_answered() -> None:
    cell = unary_tests("> 5", ())
    assert cell.explain(None, {}) == (None, "feel.cause.null")
    assert cell.explain(Decimal(6), {}) == (True, None)


def test_one_expression_serves_many_threads() -> None:
    text = "{f: function(x) if x = 0 then 0 else x + f(x - 1), v: for i in 1..20 return f(n)}.v[-1]"
    compiled = expression(text, ("n",))

    def run(number: int) -> bool:
        return compiled({"n": Decimal(number % 10)}) == sum(range(number % 10 + 1))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(run, range(200)))


def test_facts_are_never_changed() -> None:
    facts = {"l": from_python([3, 1, {"a": [1]}])}
    before = repr(facts)
    for text in ("append(l, 1)", "l[1]", "remove(l, 1)", "reverse(l)", 'context put(l[3], "a", 2)'):
        expression(text, ("l",))(facts)
    assert repr(facts) == before


def test_an_error_of_python_does_not_reach_the_caller() -> None:
    nested: object = Decimal(1)
    for _ in range(3000):
        nested = [nested]
    with pytest.raises(Invalid, match=r"feel\.budget"):
        expression("l = m", ("l", "m"))({"l": nested, "m": [nested][0:1][0]})
    with pytest.raises(Invalid, match=r"feel\.budget"):
        unary_tests("string(?)", ())(nested, {})


def test_a_small_condition_is_quick() -> None:
    compiled = expression("金额 > 1000 and 环节数 = 2", ("金额", "环节数"))
    facts = {"金额": Decimal(3000), "环节数": Decimal(2)}
    began = time.process_time()
    for _ in range(20_000):
        compiled(facts)
    each = (time.process_time() - began) / 20_000
    assert each < 15e-6  # 0.8 µs on a quiet machine; ten times as much is a regression


def test_the_parts_of_a_type_are_found_by_name() -> None:
    with pytest.raises(Invalid, match=r"feel\.syntax"):
        unary_tests("1 2", ())
