"""The driver finds what waits and what may run, and says when a case is due."""

from datetime import timedelta

import pytest

from engine.kernel.errors import Conflict
from engine.processes import driving, state
from engine.processes.run import start
from engine.processes.spiff import Engine, Environment
from tests.engine.processes import drawing
from tests.engine.processes.drawing import NOW, boundary, chain, end, no_tables, read, steps, timer

INNER = drawing.start("s1") + steps("x") + end("e1") + chain("s1", "x", "e1")
BODY = drawing.start() + f'<subProcess id="part">{INNER}</subProcess>' + steps("b") + end()
BODY += boundary("late", "part", timer("timeDuration", "P2D")) + end("e2") + chain("late", "e2")
DEFINITION = read(BODY + chain("s", "part", "b", "e"))


@pytest.fixture
def case():
    begun = start(DEFINITION, {}, no_tables, NOW)
    return state.load(begun.state, DEFINITION, Engine(environment()))


def environment(later=timedelta()):
    return Environment(DEFINITION.formulas, no_tables, NOW + later)


def test_what_waits_inside_a_part_is_found_and_nothing_else_may_run(case):
    assert [task.task_spec.bpmn_id for task in driving.waiting_tasks(case)] == ["x"]
    assert driving.ready_tasks(case) == []
    assert driving.due_next(case) == NOW + timedelta(days=2)


def test_a_task_is_found_after_the_timers_that_are_due_have_fired(case):
    (waiting,) = driving.waiting_tasks(case)
    before, last, found = driving.find(DEFINITION, case, environment(), waiting.id)
    assert (before, last, found) == ({waiting.id}, None, waiting)
    late = environment(timedelta(days=3))
    case.script_engine = Engine(late)
    with pytest.raises(Conflict, match=r"task\.not_ready"):
        driving.find(DEFINITION, case, late, waiting.id)


def test_finishing_says_what_opened_what_closed_and_where_it_ended(case):
    (waiting,) = driving.waiting_tasks(case)
    driving.go(waiting)
    step = driving.finish(DEFINITION, case, environment(), frozenset({waiting.id}), None)
    assert ([one.step for one in step.opened], step.closed) == (["b"], (waiting.id,))
    assert (step.ended, step.next_due) == (False, None)
