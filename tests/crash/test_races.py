"""Whoever is first completes a step; everybody else is told so, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Barrier

import pytest

from engine.demo.carry import answers_for, application_for
from engine.kernel.errors import Conflict
from engine.services import audit, cases, intake, work
from tests.story import first_matter

RACERS = 64
CLEAR = {"task.done", "task.taken", "case.changed"}


@pytest.fixture
def city(either_city):
    return either_city


@pytest.mark.parametrize("tasks", [pytest.param(8), pytest.param(1000, marks=pytest.mark.nightly)])
def test_of_sixty_four_racers_exactly_one_completes_each_task(hall, cast, tasks):
    matter = first_matter(hall, "instant")
    given, clerk = application_for(hall, matter), cast.clerk(matter.unit_no)
    for number in range(tasks):
        receipt = intake.receive(hall, clerk, given)
        task = receipt.opened[0]
        racers = cycle([*cast.all_of("clerk", matter.unit_no), cast.for_task(task)])
        answers = answers_for(work.form_of(hall, task))
        start = Barrier(RACERS)

        def race(official, task=task, answers=answers, seen=receipt.case.rev, start=start):
            start.wait()
            try:
                work.complete_task(hall, official, task.id, answers, seen)
            except Conflict as error:
                return error.code
            return "done"

        with ThreadPoolExecutor(RACERS) as pool:
            told = list(pool.map(race, [next(racers) for _ in range(RACERS)]))
        assert told.count("done") == 1, number
        assert set(told) - {"done"} <= CLEAR
        history = cases.case(hall, clerk, receipt.case.id).history
        assert [line.kind for line in history].count("TaskCompleted") == 1
    assert audit.verify_trail(hall).intact
