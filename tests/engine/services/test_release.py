"""A change is proved, approved by others for each kind, and published whole or not at all."""

import multiprocessing
import os
import signal
from datetime import date

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import cast_of
from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid
from engine.kernel.now import FrozenNow, hall_moment
from engine.services import changes, publishing, release
from engine.services.publishing import NONE, Definitions
from engine.stock import read_definitions
from engine.storage import audit

NOW = FrozenNow(hall_moment("2015-10-26T09:00"))
TUESDAY = date(2015, 10, 27)
STOCK = read_definitions()
TABLE = STOCK.tables["priority"].replace(b'id="priority-2"', b'id="priority-20"')
EXAMPLES = STOCK.examples["priority"].replace(b",priority-2\n", b",priority-20\n")


@pytest.fixture
def policy(cast):
    return cast.all_of("policy", None)[:2]


@pytest.fixture
def designers(cast):
    return cast.all_of("designer", None)[:2]


@pytest.fixture
def change(hall, policy):
    """Draft a table and the examples that fit it; return the id of the change."""
    return drafted(hall, policy[0])


def drafted(hall, author):
    begun = changes.begin(hall, author, "照顾对象", "雁政发〔2015〕8号")
    changes.describe(hall, author, begun.id, begun.title, begun.note, TUESDAY)
    changes.add_part(hall, author, begun.id, "table", "priority", TABLE.decode())
    changes.add_part(hall, author, begun.id, "examples", "priority", EXAMPLES.decode())
    return begun.id


def code(act, *arguments):
    with pytest.raises(HallError) as refused:
        act(*arguments)
    return refused.value.code


def held(hall):
    found = publishing.in_force(hall, TUESDAY)
    return found.tables["priority"], found.examples["priority"]


def test_a_change_goes_from_draft_to_force(hall, policy, change):
    author, second = policy
    assert release.stops(hall, author, change) == []
    release.submit(hall, author, change)
    assert (
        code(changes.save, hall, author, change, "table", "priority", "", 3) == "change.not_draft"
    )
    assert release.approve(hall, second, change).state == "approved"
    done = release.publish(hall, author, change)
    assert (done.state, done.effective_from, done.ended_by) == ("published", TUESDAY, author.id)
    assert held(hall) == (TABLE, EXAMPLES)
    line = publishing.versions(hall, SYSTEM, "table", "priority")[0]
    assert (line.state, line.author, line.second) == ("planned", author.id, second.id)
    assert line.note == "雁政发〔2015〕8号"
    with hall.reading() as unit:
        kinds = [event.kind for event in audit.events_of(unit, f"change:{change}")]
    assert kinds == [
        "ChangeBegun",
        "ChangeDescribed",
        "PartAdded",
        "PartAdded",
        "ChangeSubmitted",
        "ChangeApproved",
        "ChangePublished",
    ]


def test_nobody_approves_what_she_wrote_in_nor_a_kind_that_she_may_not_change(
    hall, policy, designers, change
):
    author, second = policy
    release.submit(hall, author, change)
    with pytest.raises(Forbidden) as own:
        release.approve(hall, author, change)
    assert own.value.code == "publish.second_person"
    with pytest.raises(Forbidden) as other:
        release.approve(hall, designers[0], change)
    assert other.value.code == "publish.not_allowed"
    with pytest.raises(Conflict) as early:
        release.publish(hall, author, change)
    assert early.value.code == "change.not_in_state"
    assert release.wanting(hall, second, change) == ["rule.change"]


def test_a_designer_drafts_a_table_too_and_each_kind_wants_its_own_second_person(
    hall, policy, designers
):
    change = drafted(hall, designers[0])
    form = next(iter(STOCK.forms))
    text = STOCK.forms[form].decode().rstrip() + "\n\n"
    changes.add_part(hall, designers[0], change, "form", form, text)
    release.submit(hall, designers[0], change)
    assert release.approve(hall, policy[0], change).state == "submitted"
    assert code(release.approve, hall, policy[1], change) == "publish.not_allowed"
    assert release.approve(hall, designers[1], change).state == "approved"
    release.publish(hall, designers[0], change)
    seconds = {
        kind: publishing.versions(hall, SYSTEM, kind, key)[0].second
        for kind, key in (("form", form), ("table", "priority"))
    }
    assert seconds == {"form": designers[1].id, "table": policy[0].id}


def test_what_is_wrong_is_told_part_by_part_and_is_not_submitted(hall, policy, designers, change):
    author = policy[0]
    changes.add_part(hall, author, change, "table", "classification")
    changes.add_part(
        hall, author, change, "table", "other", STOCK.tables["classification"].decode()
    )
    found = {(one.kind, one.key, one.code) for one in release.stops(hall, author, change)}
    assert ("table", "classification", "change.unchanged") in found
    assert ("table", "other", "change.other_key") in found
    with pytest.raises(Invalid) as refused:
        release.submit(hall, author, change)
    assert refused.value.code == "change.stopped"
    assert refused.value.params["count"] == len(found)
    for key in ("classification", "other"):
        changes.drop_part(hall, author, change, "table", key)
    changes.drop_part(hall, author, change, "examples", "priority")
    told = release.stops(hall, author, change)
    assert [(one.kind, one.key, one.code) for one in told] == [
        ("table", "priority", "examples.unknown_row")
    ]
    changes.drop_part(hall, author, change, "table", "priority")
    assert [one.code for one in release.stops(hall, author, change)] == ["change.empty"]


def test_a_diagram_that_cannot_run_stops_the_change_and_names_its_element(hall, designers):
    change = changes.begin(hall, designers[0], "承诺件").id
    key = "commitment"
    broken = STOCK.processes[key].replace(b"sourceRef=", b'targetRef2="" sourceRef=', 1)
    changes.add_part(hall, designers[0], change, "process", key, broken.decode())
    (stop, *_) = release.stops(hall, designers[0], change)
    assert (stop.kind, stop.key) == ("process", key)
    assert stop.code.startswith("process.")


def test_a_change_that_is_given_back_is_a_draft_again_with_the_reason(hall, policy, change):
    author, second = policy
    release.submit(hall, author, change)
    release.approve(hall, second, change)
    assert code(release.give_back, hall, second, change, " ") == "change.no_reason"
    back = release.give_back(hall, second, change, "第二行依据不足")
    assert (back.state, back.answer) == ("draft", "第二行依据不足")
    assert release.wanting(hall, second, change) == ["rule.change"]
    part = changes.drafting(hall, author, change, "table", "priority")
    changes.save(hall, author, change, "table", "priority", part.text + "<!-- -->", part.revision)
    assert release.submit(hall, author, change).answer == ""


def test_what_another_published_meanwhile_stops_an_approved_change(hall, policy, change):
    author, second = policy
    release.submit(hall, author, change)
    release.approve(hall, second, change)
    newer = {"priority": STOCK.tables["priority"] + b"<!-- 2 -->"}
    publishing.publish(hall, SYSTEM, Definitions(NONE, NONE, newer))
    with pytest.raises(Invalid) as late:
        release.publish(hall, author, change)
    assert "change.stale" in {one["code"] for one in late.value.params["findings"]}
    assert held(hall)[0] == newer["priority"]


def test_a_change_whose_day_has_gone_by_is_not_published(hall, policy, change, now):
    author, second = policy
    release.submit(hall, author, change)
    release.approve(hall, second, change)
    now.move_to(hall_moment("2015-10-29T09:00"))
    with pytest.raises(Invalid) as late:
        release.publish(hall, author, change)
    assert "definition.past" in {one["code"] for one in late.value.params["findings"]}
    release.give_back(hall, author, change, "生效日期已过")
    changes.describe(hall, author, change, "照顾对象", "", None)
    release.submit(hall, author, change)
    release.approve(hall, second, change)
    assert release.publish(hall, second, change).effective_from == date(2015, 10, 29)


def test_a_kill_during_publication_leaves_all_of_a_change_or_none_of_it(either_city):
    hall = open_hall(either_city, now=NOW)
    author, second = cast_of(hall).all_of("policy", None)[:2]
    change = drafted(hall, author)
    release.submit(hall, author, change)
    release.approve(hall, second, change)
    before = held(hall)
    hall.store.dispose()
    for parts_written in (1, 2):
        child = multiprocessing.get_context("fork").Process(
            target=_publish_and_die, args=(either_city, author, change, parts_written)
        )
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        after = open_hall(either_city, now=NOW)
        assert held(after) == before
        assert changes.change(after, author, change).change.state == "approved"
        after.store.dispose()
    last = open_hall(either_city, now=NOW)
    release.publish(last, author, change)
    assert held(last) == (TABLE, EXAMPLES)
    last.store.dispose()


def _publish_and_die(settings, author, change, parts_written):
    publish_part, written = release.publish_part, []

    def dying(*arguments, **named):
        publish_part(*arguments, **named)
        written.append(arguments)
        if len(written) == parts_written:
            os.kill(os.getpid(), signal.SIGKILL)

    release.publish_part = dying
    release.publish(open_hall(settings, now=NOW), author, change)
