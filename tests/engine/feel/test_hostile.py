"""Expressions that want out, want time or want memory: refused or null, and never Python."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from engine.feel.check import check
from engine.feel.compile import expression, unary_tests
from engine.feel.evaluation import MOST_ITEMS, MOST_TEXT
from engine.feel.kinds import Function
from engine.feel.temporal import Date, DateTime, DaysDuration, Time, YearsDuration
from engine.feel.values import Range
from engine.feel.write import write
from engine.kernel.errors import Invalid

CORPUS = Path(__file__).with_name("hostile.txt").read_text("utf-8").splitlines()
PLAIN = (bool, str, Decimal, Date, Time, DateTime, DaysDuration, YearsDuration, Function)
SECONDS = 2.0  # a shared machine is slow; each takes some milliseconds on a quiet one
DEEP = {
    "round brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "round brackets within the source limit": "(" * 7_000 + "1" + ")" * 7_000,
    "square brackets": "[" * 5_000,
    "braces": "{a:" * 4_000,
    "closed lists": "[" * 65 + "]" * 65,
    "minus signs": "-" * 10_000 + "1",
    "not": "not(" * 3_000 + "true" + ")" * 3_000,
    "if in then": "if true then " * 1_000 + "1" + " else 2" * 1_000,
    "if in else": "if false then 1 else " * 700 + "2",
    "filters": "[1]" + "[1]" * 4_000,
    "paths": "a" + ".a" * 8_000,
    "calls": "f" + "()" * 8_000,
    "comparisons": "1" + " = 1" * 4_000,
    "additions": "1" + "+1" * 8_000,
    "powers": "1" + "**1" * 5_000,
    "conjunctions": "true" + " and true" * 1_800,
    "mixed operators": "1" + " + 1 * 2 = 3 and 1" * 800,
    "for in for": "for i in [1] return " * 800 + "1",
    "functions": "function(x) " * 1_300 + "1",
    "types": "1 instance of " + "list<" * 3_000 + "number" + ">" * 3_000,
    "tests": "1 in (" * 2_500 + "1" + ")" * 2_500,
    "ranges": "[1.." * 4_000,
    "a megabyte": "1 + " * 250_000 + "1",
    "a long name": "a" * 16_000,
    "many words": "a " * 8_000,
    "an open string": '"' + "a" * 16_000,
    "a comment without end": "1 /*" + "*" * 16_000,
    "colons": "f(" + "a:" * 8_000,
    "names before a colon": "f(" + "a " * 8_000 + ":",
    "brackets and dots": "(1.." * 4_000,
    "unary brackets": "((((((((((((<" * 1_000,
}


def is_plain(value: object) -> bool:
    """Return whether the value is FEEL all through, and of a size that is allowed."""
    waiting, seen = [value], 0
    while waiting and seen < 50_000:
        part, seen = waiting.pop(), seen + 1
        if isinstance(part, list):
            assert len(part) <= MOST_ITEMS
            waiting.extend(part)
        elif isinstance(part, dict):
            assert all(type(name) is str for name in part)
            waiting.extend(part.values())
        elif isinstance(part, Range):
            waiting.extend((part.low, part.high))
        elif part is not None and not isinstance(part, PLAIN):
            return False
        elif isinstance(part, str):
            assert len(part) <= MOST_TEXT
    return True


def attempt(text: str) -> object:
    try:
        value = expression(text, ())({})
    except Invalid as refusal:
        assert refusal.code.startswith("feel.")  # noqa: PT017  # a refusal or a value, both do
        return None
    return value


def test_the_corpus_holds_at_least_two_hundred_expressions() -> None:
    assert len(set(CORPUS)) >= 200


@pytest.mark.parametrize("text", CORPUS)
def test_a_hostile_expression_is_refused_or_gives_plain_data_in_time(text: str) -> None:
    began = time.process_time()
    assert is_plain(attempt(text))
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_deep_or_long_text_is_read_or_refused_in_time(text: str) -> None:
    began = time.process_time()
    assert is_plain(attempt(text))
    try:
        unary_tests(text, ())(Decimal(1), {})
    except Invalid as refusal:
        assert refusal.code.startswith("feel.")  # noqa: PT017  # a refusal or an answer, both do
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    "text",
    [line for line in CORPUS if line.startswith(("__", "eval", "exec", "open(", "os.", "sys."))],
)
def test_a_python_name_is_unknown_and_null(text: str) -> None:
    assert attempt(text) is None


@pytest.mark.parametrize("text", CORPUS)
def test_a_hostile_expression_is_checked_and_written_without_an_error(text: str) -> None:
    try:
        compiled = expression(text, ())
    except Invalid:
        return
    for problem in check(compiled, {}):
        assert 0 <= problem.start <= problem.end <= len(text)
    assert expression(write(compiled.tree), ()).text


def test_a_refused_expression_is_refused_again() -> None:
    for _ in range(2):
        with pytest.raises(Invalid, match=r"feel\.too_deep"):
            expression("(" * 100 + "1" + ")" * 100, ())
