"""The end of a case: what was granted gets its licence, a child case nothing but its end."""

from dataclasses import replace

import pytest

from engine.demo.carry import application_for
from engine.domain.case import CaseState
from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict
from engine.services import intake, outcomes
from engine.storage import licences
from tests.story import walk_through_matter


@pytest.fixture
def accepted(hall, cast):
    matter = walk_through_matter(hall)
    given = application_for(hall, matter)
    return matter, intake.receive(hall, cast.clerk(matter.unit_no), given).case


def end(hall, matter, case, reached):
    with hall.unit(SYSTEM) as unit:
        ended = outcomes.decided(unit, SYSTEM, case, matter, reached)
        return ended, licences.by_case(unit, case.id)


def test_a_granted_case_has_a_licence_and_waits_to_be_handed_out(hall, accepted):
    matter, case = accepted
    ended, licence = end(hall, matter, case, None)
    assert (ended.state, ended.outcome) == (CaseState.DECIDED, "granted")
    assert licence.name == matter.licence_name


def test_a_refused_case_has_none(hall, accepted):
    ended, licence = end(hall, *accepted, "refused")
    assert (ended.outcome, licence) == ("refused", None)


def test_a_child_case_is_closed_at_once_and_has_none(hall, accepted):
    matter, case = accepted
    ended, licence = end(hall, matter, replace(case, parent_id="parent"), "granted")
    assert (ended.state, ended.closed_at, licence) == (CaseState.CLOSED, ended.decided_at, None)


def test_a_case_is_decided_once(hall, accepted):
    matter, case = accepted
    ended, _ = end(hall, matter, case, "refused")
    with pytest.raises(Conflict, match=r"case\.not_in_state"):
        end(hall, matter, ended, "refused")
