"""Windows that are closed, or open longer, come back as they were stored."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.domain.appointment import Stay
from engine.kernel.now import hall_day
from engine.storage import windows
from engine.storage.windows import Closure
from tests.engine.storage.samples import EVENT


def closure_of(office, no=1):
    return Closure(f"c{no}", 6, "午休", 7, office.now(), "o-clerk")


def stay_of(office, no=1):
    return Stay(f"s{no}", 6, hall_day(office.now()), "o-clerk", None, "case-1", office.now())


def test_a_closed_window_is_closed_until_it_opens(office):
    closure = closure_of(office)
    with office.unit() as unit:
        windows.close(unit, closure)
        unit.record(EVENT)
    with office.reading() as unit:
        assert windows.closure(unit, 6) == closure
        assert (windows.closure(unit, 7), windows.closed(unit)) == (None, frozenset({6}))
        assert windows.closures(unit) == {6: closure}
    with office.unit() as unit:
        windows.open_again(unit, "c1")
        unit.record(EVENT)
    with office.reading() as unit:
        assert windows.closed(unit) == frozenset()


def test_a_window_closes_once_at_a_time(office):
    with office.unit() as unit:
        windows.close(unit, closure_of(office))
        unit.record(EVENT)
    with pytest.raises(sa.exc.IntegrityError), office.unit() as unit:
        windows.close(unit, closure_of(office, 2))


def test_extended_hours_last_until_they_end(office):
    stay = stay_of(office)
    with office.unit() as unit:
        windows.add_stay(unit, stay)
        unit.record(EVENT)
    with office.reading() as unit:
        assert windows.stay(unit, 6) == stay
    with office.unit() as unit:
        windows.end_stay(unit, "s1")
        unit.record(EVENT)
    with office.reading() as unit:
        assert windows.stay(unit, 6) is None
        assert [one.ended_at for one in windows.stays_on(unit, stay.day)] == [office.now()]
        assert windows.stays_on(unit, stay.day + timedelta(days=1)) == []
