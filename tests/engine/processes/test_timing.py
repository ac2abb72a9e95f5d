"""Timers tell when they are due and when they are over."""

from datetime import UTC, datetime
from types import SimpleNamespace

from engine.processes.timing import FixedTimer, RepeatedTimer, is_spent, next_due

NOON = "2026-01-05T12:00:00+00:00"
LATER = "2026-01-05T13:00:00+00:00"


def holding(**kept):
    return SimpleNamespace(internal_data={name.replace("_", ":"): kept[name] for name in kept})


def test_the_first_of_several_timers_is_next_and_those_that_are_over_are_not():
    repeated = {"cycles": 2, "next": LATER, "duration": 60.0}
    moment = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert next_due(holding(timer_a=repeated, timer_b=NOON)) == moment
    assert next_due(holding(timer_a=repeated, timer_b=None)) == moment.replace(hour=13)
    assert next_due(holding(timer_b=None, other="x")) is None


def test_a_timer_that_is_settled_is_over():
    task = holding(timer_a=NOON)
    FixedTimer("a", "timer:a").settle(task)
    assert task.internal_data == {"timer:a": None}


def test_a_repeated_timer_is_over_with_its_last_firing():
    timer = RepeatedTimer("a", "timer:a")
    task = holding(timer_a={"cycles": 1, "next": NOON, "duration": 60.0})
    timer.settle(task)
    assert not is_spent(timer, task)
    task.internal_data["timer:a"]["cycles"] = 0
    assert is_spent(timer, task)
    timer.settle(task)
    assert task.internal_data == {"timer:a": None}
