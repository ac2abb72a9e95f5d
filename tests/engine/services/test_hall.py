"""The hall hands out units of work."""

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Missing, Unavailable
from engine.services import audit, live, tickets
from engine.storage import audit as trail


def test_a_unit_that_fails_leaves_nothing_behind(hall):
    before = live.newest(hall)
    with pytest.raises(Missing):
        tickets.take(hall, 1, matter_no=0)
    assert live.newest(hall) == before


def test_a_unit_has_one_moment_and_one_actor(hall, now):
    with hall.unit() as unit:
        assert unit.by is SYSTEM
        assert unit.at == now()


@pytest.mark.parametrize("kind", ["unit", "reading"])
def test_a_disagreement_of_the_two_ways_refuses_the_step_and_is_kept_on_record(hall, kind):
    with pytest.raises(Unavailable), getattr(hall, kind)():
        raise Unavailable(
            "decision.disagreement",
            table="authority",
            version="v",
            reference=["authority-1"],
            matcher=[],
        )
    with hall.reading() as unit:
        last = trail.events_of(unit, "table:authority")[-1]
    assert last.kind == "DecisionDisagreed"
    assert last.body["rows_reference"] == ["authority-1"]
    assert audit.verify_trail(hall).intact
