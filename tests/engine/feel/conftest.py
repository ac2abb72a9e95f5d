"""What the tests of FEEL share: evaluate a text, write the value as FEEL does."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from engine.feel.compile import expression, unary_tests
from engine.feel.values import from_python, literal

MOMENT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@pytest.fixture
def feel() -> Callable[..., object]:
    """Return the value of an expression for facts given as plain Python data."""

    def evaluate(text: str, **facts: object) -> object:
        context = {name: from_python(value) for name, value in facts.items()}
        return expression(text, context)(context, moment=MOMENT)

    return evaluate


@pytest.fixture
def written(feel: Callable[..., object]) -> Callable[..., str]:
    """Return the value of an expression, written as FEEL writes it."""
    return lambda text, **facts: literal(feel(text, **facts))


@pytest.fixture
def why() -> Callable[..., str | None]:
    """Return the first cause of an expression's null."""

    def explain(text: str, **facts: object) -> str | None:
        context = {name: from_python(value) for name, value in facts.items()}
        return expression(text, context).explain(context, moment=MOMENT)[1]

    return explain


@pytest.fixture
def passes() -> Callable[..., bool | None]:
    """Return whether a value passes the unary tests of a cell."""

    def test(cell: str, value: object, **facts: object) -> bool | None:
        context = {name: from_python(fact) for name, fact in facts.items()}
        return unary_tests(cell, context)(from_python(value), context)

    return test
