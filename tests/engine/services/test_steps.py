"""What a step of a process means for the case's rows."""

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.domain.case import TaskState
from engine.domain.people import SYSTEM
from engine.kernel.errors import Invalid
from engine.services import cases, intake, publishing, steps, work
from engine.services.publishing import Definitions
from engine.services.steps import as_decision
from engine.storage import cases as rows
from tests.engine.processes.drawing import chain, document
from tests.story import application, first_matter


def test_a_step_has_its_own_due_day_in_working_days(hall, cast):
    matter = first_matter(hall, "commitment")
    case = carry(hall, cast, matter.no, ANSWERS).case
    tasks = cases.case(hall, cast.clerk(matter.unit_no), case.id).tasks
    assert {line.task.step for line in tasks} == {"review", "examine", "decide"}
    assert all(line.task.due_on for line in tasks)


def test_only_a_decision_is_stored_as_one():
    with pytest.raises(TypeError):
        as_decision({"allowed": True})


@pytest.fixture
def asks_one_official(hall):
    said = 'role="clerk" power="decide" form="instant.decide" days="1" holder="chair"'
    step = f"<extensionElements><hall:step {said}/></extensionElements>"
    body = '<startEvent id="begin" name="开始"/><endEvent id="held" name="办结"/>'
    body += f'<userTask id="preside" name="主持">{step}</userTask>'
    drawn = document(body + chain("begin", "preside", "held"), "presiding")
    publishing.publish(hall, SYSTEM, Definitions({"presiding": drawn}, {}, {}))


@pytest.fixture
def parent(hall, cast):
    matter = first_matter(hall, "instant")
    return intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case


@pytest.mark.usefixtures("asks_one_official")
def test_a_step_of_one_official_is_his_from_the_start_and_stands_in_his_unit(hall, cast, parent):
    chair = cast.clerk(26)
    with hall.unit(SYSTEM) as unit:
        child = steps.begin(hall, unit, SYSTEM, parent, "presiding", 3, data={"chair": chair.id})
    with hall.reading() as unit:
        (task,) = rows.tasks_of(unit, child.id)
    assert (task.state, task.holder_id, task.unit_no) == (TaskState.CLAIMED, chair.id, 26)
    assert task.id in [line.task_id for line in work.inbox(hall, chair).rows]
    assert child.data["chair"] == chair.id
    assert "chair" not in parent.data


@pytest.mark.usefixtures("asks_one_official")
@pytest.mark.parametrize("chair", [None, "nobody"])
def test_a_step_is_given_to_no_stranger(hall, parent, chair):
    with pytest.raises(Invalid, match=r"process\.holder") as refused, hall.unit(SYSTEM) as unit:
        steps.begin(hall, unit, SYSTEM, parent, "presiding", 3, data={"chair": chair})
    assert refused.value.params["element"] == "preside"
