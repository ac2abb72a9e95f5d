"""Sets of characters: united, turned round, compared; categories and blocks."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.characters import (
    LAST,
    Intervals,
    category,
    complement,
    escape,
    overlap,
    pattern_class,
    united,
)
from engine.feel.evaluation import NoValue

SETS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair)))
).map(united)


def members(intervals: Intervals) -> set[int]:
    return {code for low, high in intervals for code in range(low, min(high, 70) + 1)}


@given(one=SETS, other=SETS)
@settings(max_examples=80, deadline=None)
def test_sets_behave_as_sets(one: Intervals, other: Intervals) -> None:
    assert members(united((*one, *other))) == members(one) | members(other)
    assert members(complement(one)) == set(range(71)) - members(one)
    assert complement(complement(one)) == one
    assert overlap(one, other) == bool(members(one) & members(other))


def test_categories_and_blocks() -> None:
    assert overlap(category("L"), ((ord("政"), ord("政")),))
    assert not overlap(category("Lu"), ((ord("a"), ord("a")),))
    assert category("IsBasicLatin") == ((0, 127),)
    for name in ("", "X", "Lxx", "IsNothing", "isBasicLatin"):
        with pytest.raises(NoValue):
            category(name)


@pytest.mark.parametrize("letter", "sdwic")
def test_a_capital_means_all_others(letter: str) -> None:
    assert escape(letter.upper()) == complement(escape(letter))


def test_a_set_is_written_for_python() -> None:
    some = united(((ord("a"), ord("c")), (ord("]"), ord("]"))))
    assert re.findall(pattern_class(some), "abd]-") == ["a", "b", "]"]
    assert re.findall(pattern_class(some, negated=True), "abd]-") == ["d", "-"]
    assert re.findall(pattern_class(()), "a") == []
    assert re.findall(pattern_class((), negated=True), "a") == ["a"]
    assert pattern_class(((0, LAST),))
