"""A case whose process waits for a moment goes on when the moment comes, and only then."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.domain.case import TaskState
from engine.domain.people import SYSTEM
from engine.kernel.now import hall_moment
from engine.services import cases, intake, publishing, waking
from engine.stock import read_definitions
from engine.storage.journal import JOBS
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import application, first_matter

OVERDUE = """
    <bpmn:boundaryEvent id="too_late" name="超过三天" attachedToRef="decide">
      <bpmn:outgoing>to_lapsed</bpmn:outgoing>
      <bpmn:timerEventDefinition id="three_days">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P3D</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="lapsed" name="逾期终止">
      <bpmn:incoming>to_lapsed</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="to_lapsed" sourceRef="too_late" targetRef="lapsed" />
  </bpmn:process>"""


@pytest.fixture
def timed(hall):
    """Publish the instant process with a limit of three days on its only step."""
    stock = read_definitions()
    source = stock.processes["instant"].decode()
    drawn = source.replace("\n  </bpmn:process>", OVERDUE, 1)
    publishing.publish(hall, SYSTEM, replace(stock, processes={"instant": drawn.encode()}))
    return first_matter(hall, "instant")


@pytest.fixture
def receive(hall, cast, timed):
    def receive():
        clerk = cast.clerk(timed.unit_no)
        return intake.receive(hall, clerk, application(hall, timed)).case

    return receive


def sweep(hall):
    """Run every job that is due and return how many there were."""
    worked = 0
    while found := run_once(hall, HANDLERS):
        worked += found
    return worked


def wakings(hall):
    with hall.reading() as unit:
        rows = unit.connection.execute(
            select(JOBS.c.case_id, JOBS.c.due_at, JOBS.c.closed_at).where(
                JOBS.c.kind == "case.wake"
            )
        )
        return {row.case_id: (row.due_at, row.closed_at) for row in rows}


def view(hall, cast, timed, case):
    return cases.case(hall, cast.clerk(timed.unit_no), case.id)


def test_the_case_leaves_a_job_for_its_next_moment(hall, receive):
    case = receive()
    due, closed = wakings(hall)[case.id]
    assert due == case.next_due == hall_moment("2015-10-29T09:00")
    assert closed is None


def test_nothing_happens_before_the_moment(hall, cast, timed, receive, now):
    case = receive()
    now.move_to(hall_moment("2015-10-29T08:59"))
    sweep(hall)
    assert wakings(hall)[case.id][1] is None
    assert view(hall, cast, timed, case).case.outcome is None


def test_the_timer_ends_the_step_and_the_history_says_so(hall, cast, timed, receive, now):
    case = receive()
    now.move_to(hall_moment("2015-10-29T09:00"))
    sweep(hall)
    seen = view(hall, cast, timed, case)
    assert seen.case.outcome == "lapsed"
    assert {line.task.state for line in seen.tasks} == {TaskState.CANCELLED}
    woken = [line for line in seen.history if line.kind == "CaseWoken"]
    assert [line.params["closed"] for line in woken] == [[seen.tasks[0].task.id]]


def test_a_case_that_was_decided_in_time_is_left_alone(hall, cast, timed, now):
    case = carry(hall, cast, timed.no, ANSWERS).case
    now.move_to(hall_moment("2015-11-02T09:00"))
    sweep(hall)
    assert wakings(hall)[case.id][1] is not None
    seen = view(hall, cast, timed, case)
    assert seen.case.outcome == "granted"
    assert "CaseWoken" not in [line.kind for line in seen.history]


def test_waking_twice_changes_nothing_more(hall, cast, timed, receive, now):
    case = receive()
    now.move_to(hall_moment("2015-10-29T09:00"))
    for _ in range(2):
        with hall.unit(SYSTEM) as unit:
            waking.wake_case(hall, unit, case.id)
    assert [line.kind for line in view(hall, cast, timed, case).history].count("CaseWoken") == 1


def test_a_sweep_touches_the_due_cases_and_no_other(hall, cast, timed, receive, now):
    early = [receive() for _ in range(3)]
    now.move_to(hall_moment("2015-10-27T09:00"))
    late = [receive() for _ in range(12)]
    now.move_to(hall_moment("2015-10-29T10:00"))
    sweep(hall)
    closed = {case_id for case_id, (_, closed) in wakings(hall).items() if closed is not None}
    assert closed == {case.id for case in early}
    assert all(view(hall, cast, timed, case).case.rev == case.rev for case in late)
