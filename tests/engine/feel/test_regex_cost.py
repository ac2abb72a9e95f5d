"""Patterns that may explode are refused; the others run in time on the longest text allowed."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.evaluation import NoValue
from engine.feel.regex import compiled
from engine.feel.regex_cost import MOST_INPUT

EXPLODING = [
    *("(a+)+$", "(a|aa)+$", "(a|a)*$", "(a*)*b", "((a+)+)+b", "(a|b|ab)*c", "(.*)*x", "(x+x+)+y"),
    *("([a-zA-Z]+)*$", "(a?){30}a{30}", "(a?a?)*b", "(a+){2,30}b", "((ab)*)*c", "(a*a*)*b"),
    *("(\\w|\\d)+$", "(a|[a-b])*c", "(.|\\s)*x", "(a)(\\1+)+b", "(a{1,9}){1,9}b"),
]
HARMLESS = [
    *("[0-9]{17}[0-9X]", "^[^@\\s]+@[^@\\s]+\\.[a-z]+$", "(ab|cd)+e", "([0-9]{3}-)*[0-9]+"),
    *(
        "(a|b)*c",
        "(a,)*b",
        "^(.*?)d(.*)$",
        "\\d+-\\d+",
        "(\\w+\\s)*x",
        "a.*b",
        "(\\p{L}+、)*\\p{L}+",
    ),
    *("((a|b)c)*d", "(?:[1-9][0-9]*,)+", "a{2,5}b", "(a?b)*c", "(a|b?)*c", "^\\s*(\\S.*)?$"),
]


@pytest.mark.parametrize("pattern", EXPLODING)
def test_a_pattern_that_may_explode_is_refused(pattern: str) -> None:
    with pytest.raises(NoValue) as refusal:
        compiled(pattern)
    assert refusal.value.code == "feel.cause.pattern_unsafe"


@pytest.mark.parametrize("pattern", HARMLESS)
def test_a_pattern_of_daily_life_is_taken(pattern: str) -> None:
    assert compiled(pattern).longest >= 200


@pytest.mark.parametrize("pattern", [*HARMLESS, ".*.*x", ".*.*.*x", "a*a*a*b", "\\s*\\s*x"])
@pytest.mark.parametrize("letter", ["a", "1", " ", "ab", "1-", "a,", "a "])
def test_the_longest_text_allowed_is_searched_in_time(pattern: str, letter: str) -> None:
    found = compiled(pattern)
    text = (letter * MOST_INPUT)[: found.longest - 1] + "!"
    began = time.process_time()
    found.search(text)
    assert time.process_time() - began < 2


ATOM = st.sampled_from(["a", "b", "[ab]", ".", "(a)", "(?:ab)"])
PATTERN = st.recursive(
    ATOM,
    lambda part: st.one_of(
        st.builds("{}{}".format, part, part),
        st.builds("({}|{})".format, part, part),
        st.builds("({}){}".format, part, st.sampled_from(["*", "+", "?", "{2,3}", "{4}"])),
    ),
    max_leaves=6,
)


@given(pattern=PATTERN, text=st.text("ab", min_size=18, max_size=24))
@settings(max_examples=120, deadline=None)
def test_whatever_is_taken_runs_in_time(pattern: str, text: str) -> None:
    try:
        found = compiled(pattern + "c")
    except NoValue:
        return
    began = time.process_time()
    found.search(text)
    assert time.process_time() - began < 0.5


def test_the_more_repetitions_share_a_text_the_shorter_it_may_be() -> None:
    lengths = [compiled(f"{'.*' * count}x").longest for count in (1, 2, 3, 4)]
    assert lengths == sorted(lengths, reverse=True)
    assert compiled("^.*x").longest > compiled(".*x").longest
    assert compiled("a*b*").longest == compiled("a*c*").longest


def test_case_is_ignored_in_the_judgement_too() -> None:
    with pytest.raises(NoValue):
        compiled("(a|A)*x", "i")
    assert compiled("(a|A)*x").search("aAx")
