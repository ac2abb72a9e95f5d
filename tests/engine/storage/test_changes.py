"""Changes as rows, on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.changes import OPEN, Approval, Change, ChangeState, Drafted
from engine.domain.people import SYSTEM
from engine.kernel.now import FrozenNow, hall_moment
from engine.storage import changes
from tests.engine.storage.samples import EVENT

NOW = FrozenNow(hall_moment("2015-10-26T09:00"))
CHANGE = Change(
    "c1", "照顾𠮷", "依据", None, ChangeState.DRAFT, "o1", NOW(), None, None, None, None, ""
)
PART = Drafted("c1", "table", "priority", "v1", 1, 1, 1, (), "o1", NOW())


@pytest.fixture
def unit(store):
    """Open a unit with one change of one part."""
    with store.unit(NOW, lambda: "id", SYSTEM) as opened:
        changes.add(opened, CHANGE)
        changes.add_part(opened, PART, b"one")
        opened.record(EVENT)
        yield opened


def test_a_change_is_kept_saved_and_listed_by_its_state(unit):
    assert changes.lock(unit, "c1") == changes.change(unit, "c1") == CHANGE
    assert changes.change(unit, "none") is None
    assert changes.changes(unit, OPEN, 10, 0) == ([CHANGE], 1)
    ended = replace(
        CHANGE,
        state=ChangeState.ABANDONED,
        ended_by="o2",
        ended_at=NOW(),
        effective_from=date(2015, 11, 2),
    )
    changes.save(unit, ended)
    assert changes.changes(unit, OPEN, 10, 0) == ([], 0)
    assert changes.changes(unit, (ChangeState.ABANDONED,), 10, 0) == ([ended], 1)


def test_a_new_step_takes_the_place_of_those_taken_back(unit):
    second = replace(PART, position=2, top=2, revision=2, authors=("o1", "o2"))
    changes.save_part(unit, second, b"two")
    back = replace(second, position=1, revision=3)
    changes.save_part(unit, back)
    assert (changes.content(unit, back), changes.part(unit, "c1", "table", "priority")) == (
        b"one",
        back,
    )
    other = replace(second, revision=4)
    changes.save_part(unit, other, b"other")
    assert changes.content(unit, other) == b"other"
    changes.forget_steps(unit, "c1")
    assert (changes.oldest(unit, other), changes.content(unit, other)) == (2, b"other")


def test_other_changes_of_a_definition_are_found_and_dropped_parts_are_not(unit):
    changes.add(unit, replace(CHANGE, id="c2"))
    twin = replace(PART, change_id="c2")
    changes.add_part(unit, twin, b"twin")
    assert changes.elsewhere(unit, PART, OPEN) == ["c2"]
    changes.drop_part(unit, twin)
    assert changes.elsewhere(unit, PART, OPEN) == []
    assert changes.parts(unit, "c1") == [PART]


def test_approvals_are_kept_until_a_change_is_given_back(unit):
    given = Approval("c1", "rule.change", "o2", NOW())
    changes.add_approval(unit, given)
    assert changes.approvals(unit, "c1") == [given]
    changes.drop_approvals(unit, "c1")
    assert changes.approvals(unit, "c1") == []
