"""Replays by the worker: slice by slice, cancelled, killed in the middle, explained."""

import re
from datetime import date

import pytest

from engine.demo.carry import carry
from engine.kernel.errors import Conflict, HallError, Missing
from engine.paths import stock_dir
from engine.services import replays, what_if
from engine.storage.what_if import RUNS
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import first_matter, walk_through_matter

FIRST, LAST = date(2015, 10, 1), date(2015, 12, 31)
AUTHORITY = (stock_dir("rules") / "tables" / "authority.dmn").read_bytes()
SLICE = 2


@pytest.fixture
def policy(cast):
    return cast.holder(None, "policy")


@pytest.fixture
def cases(hall, cast):
    """Carry five cases to their end."""
    matters = [walk_through_matter(hall), first_matter(hall, "instant")]
    return [carry(hall, cast, matters[n % 2].no).case for n in range(5)]


@pytest.fixture
def slices(monkeypatch):
    """Let a slice be small."""
    monkeypatch.setitem(replays.AT_ONCE, "table", SLICE)


def stricter():
    """The table of authority as it would be if nobody might decide anything."""
    text = AUTHORITY.decode()
    return re.sub(r'(-allowed"><text>)true', r"\1false", text).encode()


def begin(hall, policy, source=AUTHORITY):
    return what_if.begin(hall, policy, replays.of_table(policy, source, FIRST, LAST))


def work_off(hall):
    while run_once(hall, HANDLERS):
        pass


def test_a_replay_waits_is_done_in_slices_and_says_how_far_it_is(hall, policy, cases, slices):
    run = begin(hall, policy)
    assert (run.state, run.done, run.total) == ("waiting", 0, 5)
    what_if.work_on(hall, run.id, "")
    half = what_if.run(hall, policy, run.id)
    assert (half.state, half.done) == ("running", SLICE)
    work_off(hall)
    done = what_if.run(hall, policy, run.id)
    assert (done.state, done.done, done.changes) == ("done", 5, 0)
    assert done.result["cases"] == 5
    assert what_if.runs(hall, policy) == ([done], 1)


def test_a_slice_done_twice_counts_once(hall, policy, cases, slices):
    """A worker killed after its commit leaves a job whose work is done already."""
    run = begin(hall, policy)
    for _ in range(3):
        what_if.work_on(hall, run.id, "")
    assert what_if.run(hall, policy, run.id).done == SLICE
    work_off(hall)
    assert what_if.run(hall, policy, run.id).result["cases"] == 5


def test_whoever_is_killed_between_two_slices_loses_nothing(hall, policy, cases, slices):
    whole = begin(hall, policy, stricter())
    work_off(hall)
    killed = begin(hall, policy, stricter())
    what_if.work_on(hall, killed.id, "")
    # Dead here: what is stored is the slice and the job of the next one.
    work_off(hall)
    one, other = (what_if.run(hall, policy, run.id) for run in (whole, killed))
    assert one.result == other.result
    assert one.changes == other.changes > 0


def test_a_cancelled_replay_keeps_what_it_found_and_goes_no_further(hall, policy, cases, slices):
    run = begin(hall, policy)
    what_if.work_on(hall, run.id, "")
    what_if.cancel(hall, policy, run.id)
    work_off(hall)
    stopped = what_if.run(hall, policy, run.id)
    assert (stopped.state, stopped.done) == ("cancelled", SLICE)
    with pytest.raises(Conflict) as refused:
        what_if.cancel(hall, policy, run.id)
    assert refused.value.code == "what_if.ended"


def test_each_changed_case_is_explained_as_it_was_and_as_it_would_be(hall, policy, cases):
    run = begin(hall, policy, stricter())
    work_off(hall)
    rows = what_if.changed(hall, policy, run.id)
    assert {row.case_id for row in rows} <= {case.id for case in cases}
    assert [row.no for row in rows] == list(range(1, len(rows) + 1))
    pair = what_if.pair(hall, policy, run.id, 1)
    assert pair.line == rows[0]
    assert pair.old["outcome"]["allowed"] is True
    assert pair.new["outcome"]["allowed"] is False
    assert pair.old["facts"] == pair.new["facts"]
    assert pair.old["version"] != pair.new["version"]
    assert pair.old["reasons"]
    assert what_if.changed(hall, policy, run.id, page=2) == []


def test_a_promise_and_a_process_are_replayed_too(hall, policy, cases):
    source = (stock_dir("bpmn") / "matters" / "instant.bpmn").read_bytes()
    for question in (
        replays.of_process(hall, policy, source, FIRST, LAST),
        replays.of_promise(hall, policy, "instant", 1, FIRST, LAST),
    ):
        run = what_if.begin(hall, policy, question)
        work_off(hall)
        done = what_if.run(hall, policy, run.id)
        assert (done.state, done.result["cases"]) == ("done", 2)
        assert not done.result["untold"]


def test_an_empty_period_is_done_at_once(hall, policy):
    run = begin(hall, policy)
    work_off(hall)
    assert what_if.run(hall, policy, run.id).state == "done"


def test_a_replay_whose_work_is_refused_says_why(hall, policy, cases):
    run = begin(hall, policy)
    with hall.unit(policy) as unit:
        unit.connection.execute(RUNS.update().values(source=b"<nothing/>"))
    work_off(hall)
    failed = what_if.run(hall, policy, run.id)
    assert failed.state == "failed"
    assert failed.failure["code"].startswith(("xml.", "dmn.", "table."))


@pytest.mark.parametrize(
    "ask",
    [
        lambda hall, by: what_if.run(hall, by, "none"),
        lambda hall, by: what_if.cancel(hall, by, "none"),
        lambda hall, by: what_if.changed(hall, by, "none"),
        lambda hall, by: what_if.pair(hall, by, begin(hall, by).id, 1),
    ],
)
def test_what_is_not_there_is_missing(hall, policy, ask):
    with pytest.raises(Missing) as missing:
        ask(hall, policy)
    assert missing.value.code == "what_if.unknown"


def test_who_may_not_read_rules_sees_no_replay(hall, policy, cast):
    run = begin(hall, policy)
    clerk = cast.seated("clerk", 6)
    with pytest.raises(HallError) as refused:
        what_if.run(hall, clerk, run.id)
    assert refused.value.code == "what_if.not_allowed"
