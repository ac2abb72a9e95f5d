"""Running numbers have neither gap nor twin."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from engine.kernel.errors import Conflict
from engine.storage.serials import next_serial


def take(office, name="n"):
    with office.unit() as unit:
        return next_serial(unit, name)


def test_each_series_counts_for_itself(office):
    assert [take(office, "ticket:1"), take(office, "ticket:1"), take(office, "案")] == [1, 2, 1]


def test_one_unit_may_take_several(office):
    with office.unit() as unit:
        assert [next_serial(unit, "n") for _ in range(3)] == [1, 2, 3]


def test_numbers_are_given_back_by_a_failed_unit(office):
    with suppress(Conflict), office.unit() as unit:
        next_serial(unit, "n")
        raise Conflict("case.changed", case="x")
    assert take(office) == 1


def test_many_at_once_get_every_number_once(office):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: take(office), range(40)))
    assert sorted(found) == list(range(1, 41))
