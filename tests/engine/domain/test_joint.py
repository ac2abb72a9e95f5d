"""A survey is fixed when all who are still there come, and over when they have signed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.domain.joint import (
    Participant,
    SurveyState,
    all_signed,
    check_units,
    state_after_answers,
)
from engine.kernel.errors import Invalid

AT = datetime(2015, 10, 26, 1, tzinfo=UTC)
ASKED = Participant("s1", 1, "c1")
COMES, CANNOT = replace(ASKED, accepted=True), replace(ASKED, accepted=False)
LEFT = replace(ASKED, left_at=AT)


@pytest.mark.parametrize(
    ("participants", "state"),
    [
        pytest.param([COMES, COMES], SurveyState.FIXED, id="all come"),
        pytest.param([COMES, CANNOT], SurveyState.COUNTERED, id="one cannot"),
        pytest.param([CANNOT, ASKED], SurveyState.PROPOSED, id="one has not answered"),
        pytest.param([COMES, LEFT], SurveyState.FIXED, id="who left is not waited for"),
        pytest.param([LEFT], SurveyState.CALLED_OFF, id="nobody is left"),
    ],
)
def test_the_answers_make_the_state(participants, state):
    assert state_after_answers(participants) is state


def test_all_who_are_there_have_to_sign():
    signed = replace(COMES, signed_at=AT)
    assert all_signed([signed, LEFT])
    assert not all_signed([signed, COMES])


def test_the_lead_need_not_take_part():
    assert check_units([13, 1], {1, 13, 16}) == (13, 1)


@pytest.mark.parametrize(
    ("units", "code"),
    [
        pytest.param([], "joint.no_units", id="none"),
        pytest.param([1, 1], "joint.unit_twice", id="one twice"),
        pytest.param([3], "joint.unit_unknown", id="a stranger"),
    ],
)
def test_wrong_units_are_refused(units, code):
    with pytest.raises(Invalid) as refused:
        check_units(units, {1, 13})
    assert refused.value.code == code
