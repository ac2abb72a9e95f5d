"""What an official has typed and not sent comes back to him, and to nobody else."""

from datetime import timedelta

import pytest

from engine.kernel.errors import Invalid
from engine.services import people, unsent

TYPED = {"opinion": ["且看林间晴雪𠮷㼆"], "parts": ["a", "b"]}


@pytest.fixture
def clerk(hall):
    hall.store.debug = True
    return next(one for one in people.everybody(hall) if one.account == "clerk06")


def test_what_was_typed_comes_back_word_by_word(hall, clerk):
    kept = unsent.keep(hall, clerk, "task:1", TYPED)
    assert unsent.find(hall, clerk, "task:1") == kept
    assert kept.fields == TYPED


def test_nobody_else_reads_it_and_the_database_holds_no_plain_word(hall, clerk):
    unsent.keep(hall, clerk, "task:1", TYPED)
    other = next(one for one in people.everybody(hall) if one.account == "chief26")
    assert unsent.find(hall, other, "task:1") is None
    assert "且看林间晴雪".encode() not in hall.store.path.read_bytes()


def test_forgetting_twice_is_no_error(hall, clerk):
    unsent.keep(hall, clerk, "task:1", TYPED)
    for _ in range(2):
        unsent.forget(hall, clerk, "task:1")
        assert unsent.find(hall, clerk, "task:1") is None


def test_a_place_without_a_name_and_too_much_text_are_refused(hall, clerk):
    with pytest.raises(Invalid, match=r"unsent\.place"):
        unsent.keep(hall, clerk, "", TYPED)
    with pytest.raises(Invalid, match=r"unsent\.too_large"):
        unsent.keep(hall, clerk, "task:1", {"opinion": ["字" * unsent.LARGEST]})


def test_what_nobody_sends_for_two_weeks_is_forgotten(hall, clerk):
    kept = unsent.keep(hall, clerk, "task:1", TYPED)
    hall.now.move_to(kept.kept_at + unsent.KEPT_FOR)
    with hall.unit() as unit:
        assert unsent.clear_old(unit) == 0
    hall.now.move_to(kept.kept_at + unsent.KEPT_FOR + timedelta(seconds=1))
    with hall.unit() as unit:
        assert unsent.clear_old(unit) == 1
