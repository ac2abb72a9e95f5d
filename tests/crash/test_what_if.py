"""A replay comes to the figures of an undisturbed one, however often its worker is killed."""

import re
from datetime import date

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import carry, cast_of
from engine.paths import stock_dir
from engine.services import replays, what_if
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.killing import kill_a_worker
from tests.story import first_matter

CASES, SLICE, KILLS = 12, 2, 3
FIRST, LAST = date(2015, 10, 1), date(2015, 12, 31)
# After the lease of a dead worker's job has run out.
LATER = 2


@pytest.fixture
def city(either_city):
    return either_city


def begin(hall, policy):
    source = (stock_dir("rules") / "tables" / "authority.dmn").read_text(encoding="utf-8")
    stricter = re.sub(r'(-allowed"><text>)true', r"\1false", source).encode()
    return what_if.begin(hall, policy, replays.of_table(policy, stricter, FIRST, LAST)).id


def test_no_case_is_lost_or_counted_twice_though_the_worker_is_killed(city, now, monkeypatch):
    monkeypatch.setitem(replays.AT_ONCE, "table", SLICE)
    hall = open_hall(city, now=now)
    cast, matter = cast_of(hall), first_matter(hall, "instant")
    policy = cast.holder(None, "policy")
    for _ in range(CASES):
        carry(hall, cast, matter.no)
    while run_once(hall, HANDLERS):
        pass
    undisturbed, killed = begin(hall, policy), begin(hall, policy)
    for _ in range(KILLS):
        kill_a_worker(city, now, lambda: what_if.run(hall, policy, killed).done)
        now.advance(minutes=LATER)
    while run_once(hall, HANDLERS):
        pass
    one, other = (what_if.run(hall, policy, run_id) for run_id in (undisturbed, killed))
    assert one.state == other.state == "done"
    assert one.result == other.result
    assert other.result["cases"] == other.changes == CASES
    rows = what_if.changed(hall, policy, killed)
    assert len({row.case_id for row in rows}) == CASES
    hall.store.dispose()
