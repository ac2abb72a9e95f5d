"""Replays as rows, on both databases."""

from dataclasses import replace
from datetime import date

from engine.domain.people import SYSTEM
from engine.domain.what_if import Run
from engine.kernel.now import FrozenNow, hall_moment
from engine.storage import what_if
from engine.storage.what_if import Change

NOW = FrozenNow(hall_moment("2015-10-26T09:00"))
RUN = Run(
    id="r1",
    kind="table",
    key="authority",
    digest="d",
    days_before=None,
    days_after=None,
    first_day=date(2015, 1, 1),
    last_day=date(2015, 12, 31),
    state="waiting",
    done=0,
    total=2,
    position="",
    changes=0,
    result={"cases": 0},
    failure={},
    started_by="o1",
    started_at=NOW(),
    ended_at=None,
)


def unit_of(store):
    return store.unit(NOW, lambda: "id", SYSTEM)


def test_a_replay_is_kept_with_its_file_and_saved_as_it_goes_on(store):
    with unit_of(store) as unit:
        what_if.add(unit, RUN, b"<file/>")
        what_if.add(unit, replace(RUN, id="r2"), b"")
    further = replace(RUN, state="running", done=1, position="c1", result={"cases": 1})
    with unit_of(store) as unit:
        assert what_if.lock(unit, "r1") == RUN
        what_if.save(unit, further)
    with unit_of(store) as unit:
        assert what_if.run(unit, "r1") == further
        assert what_if.source(unit, "r1") == b"<file/>"
        assert what_if.runs(unit, 1, 1) == ([further], 2)
        assert what_if.run(unit, "none") is None
        assert what_if.lock(unit, "none") is None


def test_changed_cases_are_paged_by_their_number(store):
    found = [Change("r1", no, f"c{no}", "d", 1, 1, {"a": no}, {"a": None}) for no in range(1, 8)]
    with unit_of(store) as unit:
        what_if.add(unit, RUN, b"")
        what_if.add_changes(unit, found)
        what_if.add_changes(unit, [])
    with unit_of(store) as unit:
        assert what_if.changes(unit, "r1", 3, 0) == found[:3]
        assert what_if.changes(unit, "r1", 3, 6) == found[6:]
        assert what_if.change(unit, "r1", 7) == found[6]
        assert what_if.change(unit, "r1", 8) is None
