"""Kinds: instance of, coercion, functions with typed parameters."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.feel.compile import expression
from engine.feel.evaluation import MOST_CALLS, Evaluation, NoValue
from engine.feel.kinds import (
    ANY,
    BASES,
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_TIME,
    DAYS,
    LIST,
    NULL,
    NUMBER,
    STRING,
    Function,
    Kind,
    Parameter,
    Signature,
    argument,
    coerce,
    conforms,
    fits,
    is_instance,
    resolve,
)
from engine.feel.parse import parse_type
from engine.feel.temporal import Date, DateTime, Time
from engine.kernel.errors import Invalid

NUMBERS = Kind("list", of=NUMBER)
PERSON = Kind("context", entries={"姓名": STRING, "年龄": NUMBER})
SMALL = replace(NUMBER, allowed=lambda value: value < 10)  # type: ignore[operator]  # a number
TYPES = {"tPerson": PERSON, "tSmall": SMALL, "办件 类型": STRING}
ONE = Decimal(1)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1 instance of number", True),
        ('"a" instance of string', True),
        ("true instance of boolean", True),
        ("true instance of number", False),
        ("1 instance of Any", True),
        ("null instance of Any", False),
        ("null instance of Null", True),
        ("null instance of number", False),
        ('@"2026-11-22" instance of date', True),
        ('@"2026-11-22" instance of date and time', False),
        ('@"P1D" instance of days and time duration', True),
        ('@"P1D" instance of years and months duration', False),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("[1, null] instance of list<number>", True),
        ("[] instance of list<string>", True),
        ("1 instance of list<number>", False),
        ("[1..2] instance of range<number>", True),
        ("[1..2] instance of range<string>", False),
        ("(< 2) instance of range<number>", True),
        ('{姓名: "甲", 年龄: 3} instance of tPerson', True),
        ('{姓名: "甲", 年龄: 3, 别: 1} instance of tPerson', True),
        ('{姓名: "甲"} instance of tPerson', False),
        ("{a: 1} instance of context<a: number>", True),
        ('{a: "x"} instance of context<a: number>', False),
        ("200 instance of tSmall", True),
        ('"a" instance of 办件 类型', True),
        ("count instance of function", True),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ("(function(a: number) a) instance of function<string> -> Any", False),
        ("(function(a, b) a) instance of function<number> -> Any", False),
        ("1 instance of tUnknown", None),
        ("1 instance of list<tUnknown>", None),
    ],
)
def test_instance_of(text: str, answer: bool | None) -> None:
    assert expression(text, (), types=TYPES)({}) is answer


@pytest.mark.parametrize(
    ("value", "kind", "result"),
    [
        (ONE, NUMBER, ONE),
        ([ONE], NUMBER, ONE),
        ([[ONE]], NUMBER, None),
        ([ONE, ONE], NUMBER, None),
        (ONE, NUMBERS, [ONE]),
        ("a", NUMBERS, None),
        (["a"], NUMBERS, None),
        ([], NUMBERS, []),
        (Date(2026, 11, 22), DATE_TIME, DateTime(Date(2026, 11, 22), Time(0))),
        (DateTime(Date(2026, 11, 22), Time(0)), DATE, None),
        (None, NUMBER, None),
        ("a", ANY, "a"),
        (Decimal(9), SMALL, Decimal(9)),
        (Decimal(10), SMALL, None),
        ([Decimal(10)], Kind("list", of=SMALL), None),
        ({"姓名": "甲", "年龄": None}, PERSON, {"姓名": "甲", "年龄": None}),
        ({"姓名": "甲"}, PERSON, None),
        (True, NUMBER, None),
    ],
)
def test_coercion(value: object, kind: Kind, result: object) -> None:
    assert coerce(value, kind) == result


def test_allowed_values_bind_names_and_not_kinds() -> None:
    assert is_instance(Decimal(10), SMALL)
    assert not conforms(Decimal(10), SMALL)
    assert conforms(None, SMALL)


@pytest.mark.parametrize(
    ("kind", "wanted", "answer"),
    [
        (NUMBER, ANY, True),
        (NULL, NUMBER, True),
        (NUMBER, STRING, False),
        (NUMBERS, LIST, True),
        (LIST, NUMBERS, False),
        (PERSON, Kind("context", entries={"姓名": STRING}), True),
        (Kind("context", entries={"姓名": STRING}), PERSON, False),
        (DAYS, BASES["duration"], True),
        (
            Kind("function", parameters=(ANY,), result=NUMBER),
            Kind("function", parameters=(NUMBER,), result=ANY),
            True,
        ),
        (
            Kind("function", parameters=(NUMBER,), result=ANY),
            Kind("function", parameters=(ANY,), result=NUMBER),
            False,
        ),
    ],
)
def test_one_kind_within_another(kind: Kind, wanted: Kind, answer: bool) -> None:
    assert fits(kind, wanted) is answer


@pytest.mark.parametrize(
    "text",
    ["number", "list<list<date>>", "context<a: number, b: string>", "function<number> -> string"],
)
def test_a_types_name_becomes_its_kind(text: str) -> None:
    assert str(resolve(parse_type(text), {})) == text


def test_names_of_the_schema_are_known() -> None:
    assert resolve(parse_type("dateTime"), {}) == DATE_TIME
    assert resolve(parse_type("tNone"), {}) is None
    assert resolve(parse_type("list<number, string>"), {}) is None


@pytest.fixture
def tax() -> Function:
    """Return a function as a business knowledge model gives it."""
    parameters = (Parameter("amount", (NUMBER,)), Parameter("rate", (NUMBER,)))
    body: Callable[..., object] = lambda _, amount, rate: amount and rate and amount * rate  # noqa: E731  # one line of a model
    return Function((Signature(parameters, body, NUMBER),), "tax")


def test_a_function_takes_arguments_by_position_and_by_name(tax: Function) -> None:
    call = expression("tax(100, 0.5)", ("tax",))
    assert call({"tax": tax}) == Decimal(50)
    assert expression("tax(rate: 0.5, amount: [100])", ("tax",))({"tax": tax}) == Decimal(50)
    assert tax(Evaluation(), (Decimal(100), Decimal(2))) == Decimal(200)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("tax(1)", "feel.cause.arguments"),
        ("tax(1, 2, 3)", "feel.cause.arguments"),
        ("tax(amount: 1, rat: 2)", "feel.cause.arguments"),
        ("tax(amount: 1)", "feel.cause.arguments"),
        ('tax(1, "a")', "feel.cause.argument"),
        ("rate(1)", "feel.cause.name"),
        ("(1)(2)", "feel.cause.function"),
    ],
)
def test_a_call_that_does_not_fit_is_null(tax: Function, text: str, cause: str) -> None:
    assert expression(text, ("tax",)).explain({"tax": tax}) == (None, cause)


def test_null_is_taken_by_a_user_function_and_not_by_a_built_in_one() -> None:
    assert argument(None, Parameter("a", (NUMBER,))) is None
    with pytest.raises(NoValue):
        argument(None, Parameter("a", (NUMBER,), nullable=False))


def test_a_result_of_another_kind_is_null() -> None:
    wrong = Function((Signature((), lambda _: "a", NUMBER),))
    assert wrong(Evaluation()) is None


def test_calls_within_calls_end() -> None:
    def recur(evaluation: Evaluation) -> object:
        return endless(evaluation)

    endless = Function((Signature((), recur),))
    evaluation = Evaluation()
    with pytest.raises(Invalid) as refusal:
        endless(evaluation)
    assert refusal.value.params == {"limit": "calls", "most": MOST_CALLS}
    assert evaluation.calls == 0


def test_kinds_are_written_as_types() -> None:
    assert str(Kind("list", of=PERSON)) == "list<context<姓名: string, 年龄: number>>"
    assert str(CONTEXT) == "context"
    assert str(Kind("function", parameters=(BOOLEAN,))) == "function<boolean> -> Any"
