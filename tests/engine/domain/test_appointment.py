"""Places of slots and the length of extended hours."""

from datetime import date, timedelta

import pytest

from engine.domain.appointment import Stay, free_place, number_of
from engine.kernel.now import hall_moment

DAY = date(2015, 10, 26)


@pytest.mark.parametrize(
    ("taken", "place"),
    [
        pytest.param((), 1, id="an empty slot"),
        pytest.param((1, 3), 2, id="a place that was cancelled"),
        pytest.param((1, 2, 3), None, id="a full slot"),
    ],
)
def test_the_first_free_place_of_three(taken, place):
    assert free_place(frozenset(taken), 3) == place


def test_a_number_tells_its_day():
    assert number_of(DAY, 7) == "20151026-0007"


def test_a_stay_has_minutes_when_it_has_ended():
    close = hall_moment("2015-10-26T17:30")
    stay = Stay("s", 6, DAY, "o", None, "c", close)
    assert stay.minutes is None
    ended = Stay("s", 6, DAY, "o", None, "c", close, close + timedelta(minutes=40, seconds=30))
    assert ended.minutes == 40
