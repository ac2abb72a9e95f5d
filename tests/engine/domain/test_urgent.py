"""Who used the urgent power does not review it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from engine.domain.urgent import UrgentUse

AT = datetime(2015, 10, 26, 3, 0, tzinfo=UTC)
USE = UrgentUse("u1", "c1", "shorten", "抢险", "o1", AT, None, None, "t1", date(2015, 11, 2))


def test_who_acted_is_excluded_from_the_review():
    assert USE.excluded == ("o1",)


def test_the_absent_one_in_whose_place_it_was_done_is_excluded_too():
    assert replace(USE, acting_for="o2").excluded == ("o1", "o2")
