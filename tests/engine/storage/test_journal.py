"""Events are linked so that no two histories have one digest; names lock by their own keys."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.crypto import DIGEST
from engine.storage.journal import TAGS, link, lock_key

AT = datetime(2015, 10, 26, 1, 30, tzinfo=UTC)
FIRST = (b"", "case:1", 1, AT, "o-1", "Decided", b"{}")


def changed(place, value):
    return (*FIRST[:place], value, *FIRST[place + 1 :])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, b"x"),
        (1, "case:2"),
        (2, 2),
        (3, AT + timedelta(microseconds=1)),
        (4, "o-2"),
        (5, "Applied"),
        (6, b"[]"),
    ],
    ids=["previous", "chain", "number", "moment", "actor", "kind", "body"],
)
def test_every_part_of_an_event_is_in_its_digest(place, value):
    assert link(*changed(place, value)) != link(*FIRST)


def test_letters_cannot_move_from_one_part_to_the_next():
    assert link(b"", "ab", 1, AT, "c", "k", b"{}") != link(b"", "a", 1, AT, "bc", "k", b"{}")


def test_a_digest_names_its_algorithm():
    assert link(*FIRST)[:1] == TAGS[DIGEST]
    assert link(*FIRST, "sha256")[:1] == TAGS["sha256"]
    assert len(link(*FIRST)) == 33


@settings(max_examples=50)
@given(st.text())
def test_a_lock_key_is_a_number_that_postgresql_takes(name):
    assert -(2**31) <= lock_key(name) < 2**31
    assert lock_key(name) == lock_key(name)
