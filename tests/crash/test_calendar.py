"""A change of the calendar reaches every clock once, however often its worker is killed."""

from datetime import date

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import application_for, cast_of
from engine.domain.people import SYSTEM
from engine.domain.working_time import HOLIDAY, PUBLISHED, NoticedDay
from engine.kernel.now import hall_moment
from engine.services import audit, calendar, cases, clocks, intake
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.killing import kill_a_worker
from tests.story import first_matter

CASES, BATCH, KILLS = 20, 2, 3
CHANGED, LAST = date(2026, 12, 21), date(2027, 12, 31)


@pytest.fixture
def city(either_city):
    return either_city


def moved(hall, clerk, case_ids):
    """The clocks whose move the history tells, by case; one that is told twice comes twice."""
    return [
        (case_id, line.params["clock"])
        for case_id in case_ids
        for line in cases.case(hall, clerk, case_id).history
        if line.kind == "ClockMoved"
    ]


def waiting(hall):
    """The due days of all open clocks, in one look."""
    return {one.clock.id: one.clock.due_on for one in clocks.due_clocks(hall, LAST)}


def test_every_clock_moves_once_though_the_worker_is_killed(city, now, monkeypatch):
    monkeypatch.setattr(calendar, "BATCH", BATCH)
    now.move_to(hall_moment("2026-12-18T09:00"))
    hall = open_hall(city, now=now)
    matter = first_matter(hall, "commitment")
    clerk, given = cast_of(hall).clerk(matter.unit_no), application_for(hall, matter)
    entered = [intake.receive(hall, clerk, given).case.id for _ in range(CASES)]
    before = waiting(hall)
    days = [NoticedDay(CHANGED, HOLIDAY, "临时放假", PUBLISHED)]
    calendar.change(hall, SYSTEM, days, "国办发明电")
    for _ in range(KILLS):
        kill_a_worker(city, now, lambda: waiting(hall))
    while run_once(hall, HANDLERS):
        pass
    after = waiting(hall)
    assert all(after[clock] > due for clock, due in before.items())
    told = moved(hall, clerk, entered)
    assert len(told) == len(set(told))
    assert {case_id for case_id, _ in told} == set(entered)
    assert audit.verify_trail(hall).intact
    hall.store.dispose()
