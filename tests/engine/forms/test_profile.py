"""The patterns that browser and server read alike, and quickly."""

import re
import time

import pytest

from engine.forms import profile


@pytest.mark.parametrize(
    "pattern",
    [
        "^[0-9A-HJ-NPQRTUWXY]{18}$",
        "^1[3-9][0-9]{9}$",
        r"^[0-9]{3,4}\-[0-9]{7,8}$",
        "^[A-Z]?[0-9]+$",
    ],
)
def test_simple_anchored_patterns_are_taken(pattern):
    assert profile.PATTERN.fullmatch(pattern)
    re.compile(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]",
        "^(a+)+$",
        "^a++$",
        r"^\d{4}$",
        "^a|b$",
        "^(?=a)b$",
        "^.*$",
        r"^\w+$",
        "^a$\n",
        "^a{9999}$",
        "^[^a]$",
        "^$",
        "",
    ],
)
def test_patterns_that_could_differ_or_hang_are_not(pattern):
    assert not profile.PATTERN.fullmatch(pattern)


def test_the_worst_pattern_of_the_profile_ends_soon():
    worst = "^[a-z]+[a-z]+$"
    assert profile.PATTERN.fullmatch(worst)
    assert len(profile.UNBOUNDED.findall(worst)) == profile.MAX_UNBOUNDED
    before = time.process_time()
    assert not re.fullmatch(worst[1:-1], "a" * max(profile.MAX_TEXT.values()) + "0")
    assert time.process_time() - before < 2
