"""The people of the demo city can do what its matters ask for."""

from dataclasses import replace

import pytest

from engine.demo.carry import answers_for, application_for, carry
from engine.demo.story import ANSWERS
from engine.domain.case import CaseState
from engine.forms.validate import validate
from engine.kernel.errors import Missing
from engine.services import catalogue, intake
from tests.story import first_matter


def test_every_unit_can_carry_one_of_its_matters(hall, cast):
    done = set()
    page = 1
    while rows := catalogue.matters(hall, page=page).rows:
        for row in rows:
            if row.unit_no not in done and row.process != "parallel":
                assert carry(hall, cast, row.no, ANSWERS).case.state is CaseState.DECIDED
                done.add(row.unit_no)
        page += 1
    assert len(done) == 44, "all units but the six of the utilities"


def test_an_invented_application_passes_its_form(hall):
    for process in ("instant", "one_review", "commitment", "parallel"):
        matter = first_matter(hall, process)
        form = intake.application_form(hall, matter.no)
        assert validate(form, application_for(hall, matter).answers)


def test_a_wanted_answer_goes_before_an_invented_one(hall):
    form = intake.application_form(hall, first_matter(hall, "instant").no)
    key = next(iter(form.fields))
    assert answers_for(form, {key: "所要的"})[key] == "所要的"


def test_nobody_left_for_a_task_is_said_so(hall, cast):
    matter = first_matter(hall, "one_review")
    receipt = intake.receive(hall, cast.clerk(matter.unit_no), application_for(hall, matter))
    with pytest.raises(Missing):
        cast.for_task(replace(receipt.opened[0], roles=("king",)))
