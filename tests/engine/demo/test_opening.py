"""The demo city opens, and opening it again changes nothing."""

from engine.demo.opening import open_city
from engine.services import audit, people


def test_opening_twice_doubles_nobody(hall, city):
    before = len(people.everybody(hall))
    said = []
    open_city(city, say=lambda code, _: said.append(code)).store.dispose()
    assert len(people.everybody(hall)) == before
    assert said == ["init.database", "init.catalogue", "init.definitions", "init.people"]


def test_the_history_of_the_new_city_is_intact(hall):
    report = audit.verify_trail(hall)
    assert report.intact
    assert report.events > 400
