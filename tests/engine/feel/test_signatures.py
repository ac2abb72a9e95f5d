"""Declared functions: names, kinds, optional, many and several signatures."""

from decimal import Decimal

import pytest

from engine.feel.evaluation import Evaluation
from engine.feel.kinds import NUMBER, STRING
from engine.feel.signatures import Table, declare


@pytest.fixture
def table() -> Table:
    functions: Table = {}
    declare(functions, "twice(value: number)")(lambda value: value * 2)
    declare(functions, "twice(value: string)")(lambda value: value + value)
    declare(functions, "given(first: any, rest...: number)")(lambda first, *rest: list(rest))
    declare(functions, "left(text: string, length?: number)", evaluation=True)(
        lambda evaluation, text, length=None: (evaluation.steps > 0, text, length)
    )
    return functions


def test_the_text_gives_names_and_kinds(table: Table) -> None:
    assert [one.name for one in table["left"].parameters] == ["text", "length"]
    assert table["left"].parameters[0].kinds == (STRING,)
    assert table["left"].parameters[1].optional
    assert table["given"].parameters[1].many
    assert table["given"].parameters[0].nullable


def test_the_first_signature_that_fits_is_called(table: Table) -> None:
    twice = table["twice"]
    assert [one.parameters[0].kinds for one in twice.signatures] == [(NUMBER,), (STRING,)]
    assert twice(Evaluation(), (Decimal(2),)) == Decimal(4)
    assert twice(Evaluation(), ("a",)) == "aa"


def test_the_last_parameter_may_take_all_that_follow(table: Table) -> None:
    assert table["given"](Evaluation(), (None, Decimal(1), Decimal(2))) == [1, 2]
    evaluation = Evaluation()
    assert table["given"](evaluation, (None, "a")) is None
    assert evaluation.cause == "feel.cause.argument"


def test_an_optional_parameter_may_be_left_out_or_null(table: Table) -> None:
    assert table["left"](Evaluation(), ("a",)) == (True, "a", None)
    assert table["left"](Evaluation(), (), {"text": "a"}) == (True, "a", None)
