"""However often a worker is killed, what it acknowledged stays and nothing is done twice."""

import json
import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from itertools import count

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import answers_for, application_for, cast_of
from engine.domain.case import TaskState
from engine.kernel.errors import Unavailable
from engine.services import audit, cases, catalogue, intake, work
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import first_matter

WORKERS = 2
LONGEST_LIFE = 0.3
PATIENCE = 60


@pytest.fixture
def city(either_city):
    return either_city


def labour(city, now, matter_no, acknowledged):
    """Complete cases and run jobs for ever; each step that came back is told in one line."""
    hall = open_hall(city, now=now)
    cast = cast_of(hall)
    matter = catalogue.matter(hall, matter_no)
    given, clerk = application_for(hall, matter), cast.clerk(matter.unit_no)
    for _ in count():
        receipt = intake.receive(hall, clerk, given)
        waiting, case = list(receipt.opened), receipt.case
        while waiting:
            task = waiting.pop(0)
            answers = answers_for(work.form_of(hall, task))
            done = work.complete_task(hall, cast.for_task(task), task.id, answers, case.rev)
            os.write(acknowledged, (json.dumps([case.id, task.id]) + "\n").encode())
            case = done.case
            waiting.extend(done.opened)
        run_once(hall, HANDLERS)


def hired(city, now, matter_no, acknowledged):
    child = os.fork()
    if child == 0:
        try:
            while True:
                with suppress(Unavailable):  # a busy database says no; the next case is tried
                    labour(city, now, matter_no, acknowledged)
        finally:
            os._exit(1)
    return child


def wait_for_progress(told):
    """Let the workers acknowledge something, so that on a busy machine too they are at work."""
    before, end = told.stat().st_size, time.monotonic() + PATIENCE
    while told.stat().st_size == before:
        assert time.monotonic() < end, "nobody works"
        time.sleep(0.005)


@pytest.mark.parametrize("kills", [30, pytest.param(1000, marks=pytest.mark.nightly)])
def test_no_acknowledged_step_is_lost_and_none_is_doubled(city, now, tmp_path, kills):
    dice = random.Random(kills)  # noqa: S311 - when to strike, no secret
    hall = open_hall(city, now=now)
    matter_no = first_matter(hall, "one_review").no
    hall.store.dispose()
    told = tmp_path / "acknowledged"
    line = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    workers = [hired(city, now, matter_no, line) for _ in range(WORKERS)]
    for _ in range(kills):
        wait_for_progress(told)
        time.sleep(dice.uniform(0.0, LONGEST_LIFE))
        struck = dice.randrange(WORKERS)
        os.kill(workers[struck], signal.SIGKILL)
        _, status = os.waitpid(workers[struck], 0)
        assert os.WIFSIGNALED(status), "a worker gave up by itself"
        workers[struck] = hired(city, now, matter_no, line)
    for worker in workers:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    os.close(line)

    acknowledged = [json.loads(one) for one in told.read_text(encoding="utf-8").splitlines()]
    assert len(acknowledged) >= kills
    hall = open_hall(city, now=now)
    by_case = {}
    clerk = cast_of(hall).clerk(catalogue.matter(hall, matter_no).unit_no)
    for case_id, task_id in acknowledged:
        view = by_case.setdefault(case_id, cases.case(hall, clerk, case_id))
        task = next(one.task for one in view.tasks if one.task.id == task_id)
        assert task.state is TaskState.DONE
    for view in by_case.values():
        completed = Counter(
            one.params["task_id"] for one in view.history if one.kind == "TaskCompleted"
        )
        assert set(completed.values()) <= {1}
        assert len(completed) == sum(one.task.state is TaskState.DONE for one in view.tasks)
    assert audit.verify_trail(hall).intact
    hall.store.dispose()
