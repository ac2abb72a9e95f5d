"""What was typed and not sent is one row for each person and place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine.storage import unsent
from tests.engine.storage.samples import add_official, load


@pytest.fixture
def one(office):
    load(office)
    return add_official(office)


def test_the_last_words_at_a_place_replace_those_before(office, one):
    with office.unit() as unit:
        unsent.keep(unit, one.id, "task:1", b"first")
        unsent.keep(unit, one.id, "task:1", b"second")
        unsent.keep(unit, one.id, "task:2", b"other")
    with office.reading() as unit:
        assert unsent.find(unit, one.id, "task:1").content == b"second"
        assert unsent.find(unit, one.id, "task:2").content == b"other"
        assert unsent.find(unit, "nobody", "task:1") is None


def test_two_windows_that_keep_at_once_do_not_get_into_each_others_way(office, one):
    def keep(no):
        with office.unit() as unit:
            unsent.keep(unit, one.id, "task:1", f"words {no}".encode())

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(keep, range(40)))
    with office.reading() as unit:
        assert unsent.find(unit, one.id, "task:1").content.startswith(b"words ")


def test_what_was_dropped_or_is_old_is_gone(office, one):
    with office.unit() as unit:
        unsent.keep(unit, one.id, "task:1", b"first")
        unsent.keep(unit, one.id, "task:2", b"other")
        kept_at = unit.at
    with office.unit() as unit:
        unsent.drop(unit, one.id, "task:1")
        assert unsent.drop_before(unit, kept_at) == 0
        assert unsent.drop_before(unit, kept_at + timedelta(seconds=1)) == 1
    with office.reading() as unit:
        assert unsent.find(unit, one.id, "task:2") is None
