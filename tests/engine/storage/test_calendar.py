"""Days of a notice are put over what was known, a day or a whole year at a time."""

from datetime import date

from engine.domain.working_time import NoticedDay
from engine.storage import calendar, catalogue
from tests.engine.storage import samples
from tests.engine.storage.samples import EVENT

OCTOBER = NoticedDay(date(2015, 10, 1), "holiday", "国庆节", "published")
NEW_YEAR = NoticedDay(date(2016, 1, 1), "holiday", "元旦", "published")


def put(office, *days, year=None):
    with office.unit() as unit:
        unit.record(EVENT)
        if year is None:
            return calendar.put(unit, days, "国办发明电")
        return calendar.put_year(unit, year, days, "国办发明电")


def known(office):
    with office.reading() as unit:
        return catalogue.calendar(unit)


def test_a_day_that_says_the_same_is_no_change(office):
    samples.load(office)
    assert put(office, OCTOBER) == []


def test_a_day_is_put_over_what_was_known_and_the_rest_stays(office):
    samples.load(office)
    (changed,) = put(office, OCTOBER, NEW_YEAR)
    assert (changed.before.status, changed.after) == ("provisional", NEW_YEAR)
    found = known(office)
    assert found.provisional_years == frozenset()
    assert found.holidays == {date(2015, 10, 1), date(2016, 1, 1)}
    assert found.worked_weekends == {date(2015, 10, 10)}


def test_a_year_takes_the_place_of_what_was_known_of_it(office):
    samples.load(office)
    changed = put(office, OCTOBER, year=2015)
    assert [(one.before.day, one.after) for one in changed] == [(date(2015, 10, 10), None)]
    found = known(office)
    assert found.worked_weekends == frozenset()
    assert date(2016, 1, 1) in found.holidays
