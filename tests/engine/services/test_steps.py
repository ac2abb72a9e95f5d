"""What a step of a process means for the case's rows."""

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.services import cases
from engine.services.steps import as_decision
from tests.story import first_matter


def test_a_step_has_its_own_due_day_in_working_days(hall, cast):
    matter = first_matter(hall, "commitment")
    case = carry(hall, cast, matter.no, ANSWERS).case
    tasks = cases.case(hall, cast.clerk(matter.unit_no), case.id).tasks
    assert {line.task.step for line in tasks} == {"review", "examine", "decide"}
    assert all(line.task.due_on for line in tasks)


def test_only_a_decision_is_stored_as_one():
    with pytest.raises(TypeError):
        as_decision({"allowed": True})
