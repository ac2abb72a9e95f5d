"""The people of the walk-through's unit, its application received, its first step done."""

import pytest

from engine.services import intake, work
from tests.story import answers, application, walk_through_matter


@pytest.fixture
def unit_no(hall):
    return walk_through_matter(hall).unit_no


@pytest.fixture
def clerk(cast, unit_no):
    return cast.clerk(unit_no)


@pytest.fixture
def chief(cast, unit_no):
    return cast.holder(unit_no, "chief")


@pytest.fixture
def head(cast, unit_no):
    return cast.holder(unit_no, "head")


@pytest.fixture
def receipt(hall, clerk):
    return intake.receive(hall, clerk, application(hall))


@pytest.fixture
def reviewed(hall, clerk, receipt):
    task = receipt.opened[0]
    return work.complete_task(hall, clerk, task.id, answers(hall, task), receipt.case.rev)
