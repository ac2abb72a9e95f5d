"""A change is written step by step; whoever writes on what another saved is told."""

from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid, Missing
from engine.services import changes, publishing, release
from engine.services.publishing import NONE, Definitions
from engine.stock import read_definitions

TABLE = read_definitions().tables["priority"].decode()
PART = ("table", "priority")


@pytest.fixture
def designer(cast):
    return cast.holder(None, "designer")


@pytest.fixture
def policy(cast):
    return cast.all_of("policy", None)[:2]


@pytest.fixture
def change(hall, policy):
    """Begin a change with the table of priority in it; return its id."""
    begun = changes.begin(hall, policy[0], "  照顾  对象 ", "雁政发〔2015〕8号")
    changes.add_part(hall, policy[0], begun.id, *PART)
    return begun.id


def code(act, *arguments, **named):
    with pytest.raises(HallError) as refused:
        act(*arguments, **named)
    return refused.value.code


def test_a_draft_begins_with_what_holds_and_keeps_what_is_saved(hall, policy, change):
    part = changes.drafting(hall, policy[1], change, *PART)
    assert (part.text, part.revision, part.undoable) == (TABLE, 1, False)
    assert part.based_on == publishing.versions(hall, SYSTEM, *PART)[0].version
    revision = changes.save(hall, policy[1], change, *PART, TABLE + "<!-- 𠮷 -->", part.revision)
    after = changes.drafting(hall, policy[0], change, *PART)
    assert (after.text, after.revision) == (TABLE + "<!-- 𠮷 -->", revision)
    assert (after.saved_by, after.undoable, after.stale) == (policy[1].id, True, False)
    assert changes.save(hall, policy[0], change, *PART, after.text, revision) == revision
    whole = changes.change(hall, policy[0], change)
    assert (whole.change.title, whole.parts[0].authors) == ("照顾 对象", (policy[1].id,))


def test_who_writes_on_what_another_saved_is_told_who_and_loses_nothing(hall, policy, change):
    changes.save(hall, policy[0], change, *PART, TABLE + "<!-- 1 -->", 1)
    with pytest.raises(Conflict) as told:
        changes.save(hall, policy[1], change, *PART, TABLE + "<!-- 2 -->", 1)
    assert told.value.code == "change.saved_meanwhile"
    assert told.value.params["by"] == policy[0].name
    assert changes.drafting(hall, policy[1], change, *PART).text.endswith("<!-- 1 -->")


def test_steps_are_taken_back_and_done_again_until_something_new_is_written(hall, policy, change):
    author = policy[0]
    seen = 1
    for mark in "ab":
        seen = changes.save(hall, author, change, *PART, TABLE + mark, seen)
    back = changes.undo(hall, author, change, *PART, seen)
    assert (back.text, back.redoable) == (TABLE + "a", True)
    again = changes.redo(hall, author, change, *PART, back.revision)
    assert (again.text, again.redoable) == (TABLE + "b", False)
    back = changes.undo(hall, author, change, *PART, again.revision)
    changes.save(hall, author, change, *PART, TABLE + "c", back.revision)
    part = changes.drafting(hall, author, change, *PART)
    assert (part.text[-1], part.redoable, part.undoable) == ("c", False, True)
    for _ in range(5):
        part = changes.undo(hall, author, change, *PART, part.revision)
    assert (part.text, part.undoable) == (TABLE, False)


def test_only_the_latest_steps_are_kept(hall, policy, change, monkeypatch):
    monkeypatch.setattr("engine.storage.changes.KEPT_STEPS", 3)
    seen = 1
    for number in range(6):
        seen = changes.save(hall, policy[0], change, *PART, f"{TABLE}{number}", seen)
    for _ in range(6):
        part = changes.undo(hall, policy[0], change, *PART, seen)
        seen = part.revision
    assert part.text == f"{TABLE}3"


def test_what_does_not_exist_yet_begins_with_its_own_text(hall, designer, change):
    part = changes.add_part(hall, designer, change, "form", "promise", '{"components": []}')
    assert (part.based_on, part.undoable) == (None, False)
    assert changes.change(hall, designer, change).parts[0].authors == (designer.id,)
    assert code(changes.add_part, hall, designer, change, "form", "nothing") == "definition.none"
    assert code(changes.add_part, hall, designer, change, *PART) == "change.has_part"
    assert code(changes.add_part, hall, designer, change, "song", "x") == "definition.kind"
    assert code(changes.add_part, hall, designer, change, "form", " ") == "change.key"


def test_an_older_version_comes_back_as_a_draft(hall, policy, change):
    old = publishing.versions(hall, SYSTEM, "table", "authority")[0].version
    newer = read_definitions().tables["authority"] + b"<!-- 2 -->"
    publishing.publish(hall, SYSTEM, Definitions(NONE, NONE, {"authority": newer}))
    part = changes.add_part(hall, policy[0], change, "table", "authority", version=old)
    assert part.text.encode() == read_definitions().tables["authority"]
    assert (
        changes.undo(hall, policy[0], change, "table", "authority", part.revision).text.encode()
        == newer
    )
    unknown = code(
        changes.add_part, hall, policy[0], change, "table", "classification", version="none"
    )
    assert unknown == "definition.no_version"


def test_a_draft_of_an_old_version_is_told_and_may_be_kept(hall, policy, change):
    newer = (TABLE + "<!-- 2 -->").encode()
    publishing.publish(hall, SYSTEM, Definitions(NONE, NONE, {"priority": newer}))
    part = changes.drafting(hall, policy[0], change, *PART)
    assert part.stale
    assert [one.code for one in release.stops(hall, policy[0], change)] == ["change.stale"]
    kept = changes.rebase(hall, policy[0], change, *PART, part.revision)
    assert (kept.stale, kept.text) == (False, TABLE)


def test_a_part_that_is_dropped_is_gone_and_another_change_of_it_is_named(hall, policy, change):
    other = changes.begin(hall, policy[1], "另一项")
    changes.add_part(hall, policy[1], other.id, *PART)
    assert changes.change(hall, policy[0], change).others == (other.id,)
    changes.drop_part(hall, policy[1], other.id, *PART)
    assert changes.change(hall, policy[0], change).others == ()
    assert code(changes.drafting, hall, policy[1], other.id, *PART) == "change.no_part"


def test_a_change_is_described_and_listed_until_it_is_abandoned(hall, policy, change):
    day = date(2015, 11, 2)
    told = changes.describe(hall, policy[0], change, "照顾对象", "雁政发〔2015〕9号", day)
    assert changes.changes(hall, policy[1]) == ([told], 1)
    ended = release.abandon(hall, policy[0], change)
    assert changes.changes(hall, policy[1]) == ([], 0)
    assert changes.changes(hall, policy[1], ended=True) == ([ended], 1)
    assert code(changes.save, hall, policy[0], change, *PART, TABLE, 1) == "change.not_draft"
    assert changes.drafting(hall, policy[0], change, *PART).text == TABLE


def test_strangers_and_bad_input_are_refused(hall, cast, policy, change):
    clerk = cast.clerk(26)
    for act in (changes.begin, changes.change, changes.drafting):
        more = PART if act is changes.drafting else ()
        with pytest.raises(Forbidden) as refused:
            act(hall, clerk, change, *more)
        assert refused.value.code == "change.not_allowed"
    with pytest.raises(Invalid):
        changes.begin(hall, policy[0], " ")
    with pytest.raises(Invalid):
        changes.begin(hall, policy[0], "长" * 201)
    with pytest.raises(Missing):
        changes.change(hall, policy[0], "none")
    assert code(changes.save, hall, policy[0], change, *PART, "\ud800", 1) == "change.not_text"
    large = "x" * (changes.MOST_BYTES + 1)
    assert code(changes.save, hall, policy[0], change, *PART, large, 1) == "change.too_large"
