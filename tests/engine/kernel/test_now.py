"""Time comes from one place and can stand still."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.kernel.now import FrozenNow, hall_day, hall_moment, system_now


def test_the_machine_is_asked_in_utc():
    assert system_now().utcoffset() == timedelta(0)


def test_a_frozen_moment_moves_only_when_told():
    now = FrozenNow(hall_moment("2015-10-26T09:30"))
    assert now() == now() == datetime(2015, 10, 26, 1, 30, tzinfo=UTC)
    now.advance(minutes=20)
    assert now() == hall_moment("2015-10-26T09:50")
    now.move_to(hall_moment("2015-10-27T09:00"))
    assert hall_day(now()) == date(2015, 10, 27)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(
            "2015-10-25T15:59:59+00:00", date(2015, 10, 25), id="a second before midnight"
        ),
        pytest.param("2015-10-25T16:00:00+00:00", date(2015, 10, 26), id="midnight in the hall"),
    ],
)
def test_the_day_of_law_is_the_day_in_the_hall(moment, day):
    assert hall_day(datetime.fromisoformat(moment)) == day
