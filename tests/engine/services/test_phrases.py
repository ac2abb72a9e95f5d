"""The common phrases of an official are his own, step by step."""

import pytest

from engine.domain.phrase import MOST
from engine.kernel.errors import HallError
from engine.services import phrases


@pytest.fixture
def clerk(hall, cast):
    hall.store.debug = True
    return cast.clerk(26)


def refused(act, *args):
    with pytest.raises(HallError) as error:
        act(*args)
    return error.value.code


def test_a_phrase_is_kept_for_its_step_and_for_nobody_else(hall, cast, clerk):
    kept = phrases.add(hall, clerk, "review", " 材料齐全𠮷㼆 ")
    assert kept.text == "材料齐全𠮷㼆"
    assert phrases.of_step(hall, clerk, "review") == [kept]
    assert phrases.of_step(hall, clerk, "decide") == []
    assert phrases.of_step(hall, cast.holder(26, "chief"), "review") == []


def test_the_same_words_are_one_phrase(hall, clerk):
    first = phrases.add(hall, clerk, "review", "同意")
    assert phrases.add(hall, clerk, "review", "同意 ") == first
    assert phrases.of_step(hall, clerk, "review") == [first]


def test_only_its_official_takes_a_phrase_away(hall, cast, clerk):
    kept = phrases.add(hall, clerk, "review", "同意")
    chief = cast.holder(26, "chief")
    assert refused(phrases.remove, hall, chief, kept.id) == "phrase.unknown"
    phrases.remove(hall, clerk, kept.id)
    assert phrases.of_step(hall, clerk, "review") == []
    assert refused(phrases.remove, hall, clerk, kept.id) == "phrase.unknown"


def test_too_many_and_empty_ones_are_refused(hall, clerk):
    assert refused(phrases.add, hall, clerk, "review", " ") == "phrase.empty"
    for number in range(MOST):
        phrases.add(hall, clerk, "review", f"意见{number}")
    assert refused(phrases.add, hall, clerk, "review", "再来一条") == "phrase.too_many"
    assert phrases.add(hall, clerk, "decide", "再来一条")
