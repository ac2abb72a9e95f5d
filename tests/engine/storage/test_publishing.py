"""Of a definition that version holds whose day came last; old versions stay readable."""

from datetime import date

import pytest

from engine.kernel.errors import Conflict
from engine.storage import publishing
from tests.engine.storage.samples import EVENT

MONDAY, TUESDAY, FRIDAY = date(2015, 10, 26), date(2015, 10, 27), date(2015, 10, 30)


@pytest.fixture
def publish(office):
    """Return a function that publishes one version."""

    def act(version, day, content=None, key="authority"):
        with office.unit() as unit:
            publishing.publish(unit, "table", key, version, content or version.encode(), day)
            unit.record(EVENT)

    return act


def in_force(office, day, key="authority", kind="table"):
    with office.reading() as unit:
        found = publishing.in_force(unit, kind, key, day)
        assert publishing.in_force(unit, kind, key, day) is found  # read once a unit
    return found


def test_a_version_holds_from_its_day_on(office, publish):
    publish("v1", MONDAY)
    publish("v2", FRIDAY)
    assert in_force(office, date(2015, 10, 25)) is None
    assert in_force(office, TUESDAY) == ("v1", b"v1")
    assert in_force(office, FRIDAY) == ("v2", b"v2")
    assert in_force(office, FRIDAY, key="other") is None
    assert in_force(office, FRIDAY, kind="form") is None


def test_of_one_day_the_later_act_holds(office, publish):
    publish("v1", MONDAY)
    publish("v2", MONDAY)
    assert in_force(office, MONDAY)[0] == "v2"


def test_an_older_version_may_come_back(office, publish):
    publish("v1", MONDAY)
    publish("v2", TUESDAY)
    publish("v1", FRIDAY)
    assert in_force(office, FRIDAY) == ("v1", b"v1")
    with office.reading() as unit:
        assert publishing.versions(unit, "table", "authority") == [
            ("v1", FRIDAY),
            ("v2", TUESDAY),
            ("v1", MONDAY),
        ]


def test_a_version_never_changes_its_content(office, publish):
    publish("v1", MONDAY)
    with pytest.raises(Conflict) as refused:
        publish("v1", TUESDAY, b"forged")
    assert refused.value.code == "definition.other_content"
    with office.reading() as unit:
        assert publishing.content(unit, "table", "authority", "v1") == b"v1"
        assert publishing.content(unit, "table", "authority", "v9") is None


def test_everything_in_force_on_a_day(office, publish):
    publish("v1", MONDAY)
    publish("v2", FRIDAY)
    publish("e1", MONDAY, key="escalation")
    with office.reading() as unit:
        assert publishing.all_in_force(unit, "table", TUESDAY) == {
            "authority": "v1",
            "escalation": "e1",
        }
        assert publishing.all_in_force(unit, "table", FRIDAY)["authority"] == "v2"


def test_what_a_unit_publishes_it_sees_itself(office):
    with office.unit() as unit:
        assert publishing.in_force(unit, "form", "f", MONDAY) is None
        publishing.publish(unit, "form", "f", "v1", b"{}", MONDAY)
        unit.record(EVENT)
        assert publishing.in_force(unit, "form", "f", MONDAY) == ("v1", b"{}")
