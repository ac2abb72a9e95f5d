"""A confirmation is one person's and holds for five minutes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.confirmed import HOLDS_FOR, Confirmed, refuse_unconfirmed
from engine.domain.people import SYSTEM
from engine.kernel.errors import Forbidden
from engine.kernel.now import hall_moment

AT = hall_moment("2015-10-26T09:00")
SURE = Confirmed(SYSTEM, "password", AT)


@pytest.mark.parametrize("later", [timedelta(0), HOLDS_FOR], ids=["at once", "at the last moment"])
def test_it_holds_for_the_same_person(later):
    assert refuse_unconfirmed(SURE, SYSTEM, AT + later) is None


@pytest.mark.parametrize(
    ("by", "later"),
    [
        (SYSTEM, HOLDS_FOR + timedelta(seconds=1)),
        (replace(SYSTEM, id="another"), timedelta(0)),
    ],
    ids=["too late", "another person"],
)
def test_it_does_not_hold_for_long_or_for_another(by, later):
    with pytest.raises(Forbidden, match=r"confirm\.stale"):
        refuse_unconfirmed(SURE, by, AT + later)
