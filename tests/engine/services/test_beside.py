"""Tasks beside the process stand in the inbox of those whom they are for."""

import pytest

from engine.domain.case import Purpose
from engine.services import beside, intake, work
from tests.story import application, walk_through_matter


@pytest.mark.parametrize("tab", ["offered", "mine"])
def test_a_task_beside_the_process_is_offered_or_held(hall, cast, tab):
    unit_no = walk_through_matter(hall).unit_no
    clerk, chief = cast.clerk(unit_no), cast.holder(unit_no, "chief")
    receipt = intake.receive(hall, clerk, application(hall))
    with hall.unit(clerk) as unit:
        opened = beside.open_task(
            hall,
            unit,
            receipt.case,
            Purpose.CONSULT,
            "征求意见",
            "parallel.opinion",
            roles=("chief",),
            unit_no=unit_no,
            holder_id=chief.id if tab == "mine" else None,
        )
    assert opened.id in {row.task_id for row in work.inbox(hall, chief, tab).rows}
