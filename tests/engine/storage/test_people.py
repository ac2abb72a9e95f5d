"""Accounts, sessions and attempts to sign in."""

from datetime import timedelta

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, Invalid
from engine.kernel.now import hall_day
from engine.storage import people
from tests.engine.storage.samples import EVENT, add_official, load, official


@pytest.fixture
def clerk(office):
    load(office)
    return add_official(office, window_no=6)


def test_an_official_has_the_permissions_of_his_post(office, clerk):
    with office.reading() as unit:
        found, stored = people.by_account(unit, clerk.account)
        assert people.official(unit, clerk.id) == found
        assert people.at_window(unit, 6) == found
        assert people.officials(unit) == [found]
        assert people.names(unit) == {clerk.id: clerk.name, SYSTEM.id: SYSTEM.name}
    assert stored == "hash"
    assert found.permissions == {"window.serve", "task.work"}
    assert (found.unit_no, found.window_no, found.back_office) == (26, 6, None)


def test_nobody_is_found_where_nobody_is(office, clerk):
    with office.reading() as unit:
        assert people.by_account(unit, "nobody") is None
        assert people.official(unit, "nobody") is None
        assert people.at_window(unit, 7) is None


def test_an_account_is_given_once(office, clerk):
    with pytest.raises(Conflict) as refused, office.unit() as unit:
        people.add(unit, clerk, None)
    assert refused.value.code == "account.taken"


def test_a_post_must_be_known(office, clerk):
    with pytest.raises(Invalid) as refused, office.unit() as unit:
        people.add(unit, official(post="king", no=2), None)
    assert refused.value.code == "post.unknown"


def open_session(office, clerk, key="digest", minutes=60):
    with office.unit() as unit:
        people.open_session(unit, key, clerk.id, unit.at + timedelta(minutes=minutes))


def holder(office, key="digest"):
    with office.reading() as unit:
        return people.session(unit, key)


def test_a_session_ends_at_its_hour(office, clerk):
    open_session(office, clerk)
    found, started, seen = holder(office)
    assert (found.id, started, seen) == (clerk.id, office.now(), office.now())
    office.now.advance(minutes=59)
    with office.unit() as unit:
        people.touch_session(unit, "digest")
    assert holder(office)[1:] == (started, office.now())
    office.now.advance(minutes=1)
    assert holder(office) is None
    assert holder(office, "other") is None


def test_sessions_are_closed_one_by_one_or_all_of_a_person(office, clerk):
    for key in ("a", "b", "c"):
        open_session(office, clerk, key)
    with office.unit() as unit:
        people.close_session(unit, "a")
    assert [holder(office, key) is None for key in "abc"] == [True, False, False]
    with office.unit() as unit:
        people.close_sessions(unit, clerk.id)
    assert [holder(office, key) is None for key in "abc"] == [True, True, True]


def test_a_new_password_ends_the_sessions_of_the_old_one(office, clerk):
    open_session(office, clerk)
    with office.unit() as unit:
        people.set_password(unit, clerk.id, "new")
        unit.record(EVENT)
    assert holder(office) is None
    with office.reading() as unit:
        assert people.by_account(unit, clerk.account)[1] == "new"


def failures(office, account="a", address="1.1.1.1", minutes=30):
    with office.reading() as unit:
        return people.failures(unit, account, address, unit.at - timedelta(minutes=minutes))


def attempt(office, account="a", address="1.1.1.1", ok=False):
    with office.unit() as unit:
        people.note_attempt(unit, account, address, ok=ok)
    office.now.advance(minutes=1)


def test_failures_are_counted_by_account_and_address(office):
    for _ in range(3):
        attempt(office)
    attempt(office, address="2.2.2.2")
    attempt(office, account="b")
    assert failures(office) == 3
    assert failures(office, minutes=4) == 2
    assert failures(office, account="c") == 0


def test_a_success_wipes_the_slate(office):
    attempt(office)
    attempt(office, ok=True)
    assert failures(office) == 0
    attempt(office)
    assert failures(office) == 1


def test_an_endless_account_name_is_cut(office):
    attempt(office, account="长" * 5000)
    assert failures(office, account="长" * 4000) == 1


def found(office, **wanted):
    asked = {
        "query": "",
        "unit_no": None,
        "post": None,
        "only": None,
        "but": (),
        "left": None,
        "limit": 50,
        "offset": 0,
    }
    with office.reading() as unit:
        rows, total = people.search(unit, **(asked | wanted))
    return [row.id for row in rows], total


def test_people_are_searched_by_name_account_unit_post_and_state(office, clerk):
    here = ([clerk.id], 1)
    for wanted in (
        {},
        {"query": clerk.name},
        {"query": clerk.account.upper()},
        {"unit_no": 26, "post": clerk.post},
        {"only": {clerk.id}},
        {"left": False},
    ):
        assert found(office, **wanted) == here, wanted
    for wanted in (
        {"query": "%"},
        {"query": "_"},
        {"unit_no": 27},
        {"post": "chief"},
        {"only": set()},
        {"but": {clerk.id}},
        {"left": True},
    ):
        assert found(office, **wanted) == ([], 0), wanted
    assert found(office, offset=1) == ([], 1)


def test_who_has_left_is_found_as_such_and_sits_at_no_window(office, clerk):
    with office.unit() as unit:
        people.leave(unit, clerk.id, hall_day(unit.at) - timedelta(days=1))
        unit.record(EVENT)
    assert found(office, left=True) == ([clerk.id], 1)
    assert found(office, left=False) == ([], 0)
    with office.reading() as unit:
        assert people.at_window(unit, 6) is None


def test_a_post_has_its_permissions_and_an_unknown_one_none(office, clerk):
    with office.reading() as unit:
        assert people.permissions(unit, clerk.post) == {"window.serve", "task.work"}
        assert people.permissions(unit, "king") == frozenset()
        assert clerk.post in people.posts(unit)
