"""Which acts the state of a change allows."""

from dataclasses import replace

import pytest

from engine.domain.changes import Change, ChangeState
from engine.kernel.errors import Conflict
from engine.kernel.now import hall_moment

AT = hall_moment("2015-10-26T09:00")
DRAFT = Change("c", "t", "", None, ChangeState.DRAFT, "o", AT, None, None, None, None, "")


def test_only_a_draft_is_written():
    DRAFT.refuse_unless(ChangeState.DRAFT)
    submitted = replace(DRAFT, state=ChangeState.SUBMITTED)
    with pytest.raises(Conflict) as refused:
        submitted.refuse_unless(ChangeState.DRAFT)
    assert refused.value.code == "change.not_draft"


def test_another_act_says_in_which_state_the_change_is():
    with pytest.raises(Conflict) as refused:
        DRAFT.refuse_unless(ChangeState.SUBMITTED, ChangeState.APPROVED)
    assert (refused.value.code, refused.value.params) == (
        "change.not_in_state",
        {"state": "draft"},
    )
