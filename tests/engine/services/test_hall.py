"""The hall hands out units of work."""

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Missing
from engine.services import live, tickets


def test_a_unit_that_fails_leaves_nothing_behind(hall):
    before = live.newest(hall)
    with pytest.raises(Missing):
        tickets.take(hall, 1, matter_no=0)
    assert live.newest(hall) == before


def test_a_unit_has_one_moment_and_one_actor(hall, now):
    with hall.unit() as unit:
        assert unit.by is SYSTEM
        assert unit.at == now()
