"""Officials of the measures: a hall is filled and served, and each has his own tasks to do."""

import pytest

from engine.cli.visiting import Browser, served, spread
from engine.kernel.errors import Unavailable


def test_a_hall_is_served_with_open_tasks_and_everybody_can_sign_in():
    with served(6, 2) as hall:
        assert [len(desk.tasks) for desk in hall.desks] == [3, 3]
        assert {desk.account for desk in hall.desks} < set(hall.units)
        browser = Browser(hall.port, hall.desks[0].account)
        status, spent, text = browser.get("/desk/?tab=offered")
        assert (status, spent > 0) == (200, True)
        assert text.count('id="task-') == 3
        listening = browser.listen()
        told = b""
        while b"event: " not in told:
            told += listening.recv(4096)
        listening.close()
        browser.close()
        with pytest.raises(Unavailable) as refused:
            Browser(hall.port, "nobody")
        assert refused.value.code == "bench.sign_in"


def test_times_are_told_by_median_and_last_percent():
    assert spread("page", [float(place) for place in range(1, 101)]) == {
        "page_requests": 100,
        "page_p50_ms": 50.5,
        "page_p99_ms": 100.0,
    }
    assert spread("page", []) == {"page_requests": 0, "page_p50_ms": 0.0, "page_p99_ms": 0.0}
