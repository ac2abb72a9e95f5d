"""Ids sort by time and never repeat."""

from datetime import UTC, datetime

from engine.kernel.ids import counted_ids, timed_ids
from engine.kernel.now import FrozenNow


def test_later_ids_sort_behind_earlier_ones():
    now = FrozenNow(datetime(2026, 1, 1, tzinfo=UTC))
    ids = timed_ids(now)
    first = ids()
    now.advance(milliseconds=1)
    assert first < ids()


def test_ids_of_one_millisecond_differ():
    ids = timed_ids(FrozenNow(datetime(2026, 1, 1, tzinfo=UTC)))
    made = {ids() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(one) for one in made} == {26}


def test_counted_ids_come_out_the_same_each_time():
    first, second = counted_ids(), counted_ids()
    assert [first() for _ in range(3)] == [second() for _ in range(3)]
    assert first() != first()
