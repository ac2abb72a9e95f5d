"""Of a definition that version holds whose day came last; old versions stay readable."""

from datetime import date

import pytest

from engine.domain.versions import VersionState
from engine.kernel.errors import Conflict
from engine.storage import publishing
from tests.engine.storage.samples import EVENT

MONDAY, TUESDAY, FRIDAY = date(2015, 10, 26), date(2015, 10, 27), date(2015, 10, 30)


@pytest.fixture
def publish(office):
    """Return a function that publishes one version and returns its number."""

    def act(version, day, last=None, *, content=None, key="authority", **more):
        with office.unit() as unit:
            no = publishing.publish(
                unit, "table", key, version, content or version.encode(), day, last, **more
            )
            unit.record(EVENT)
        return no

    return act


def in_force(office, day, key="authority", kind="table"):
    with office.reading() as unit:
        before = unit.line.info["statements"]
        found = publishing.in_force(unit, kind, key, day)
        assert publishing.in_force(unit, kind, key, day) == found
        assert unit.line.info["statements"] - before == 1, "read once a unit"
    return found


def withdrawn(office, no):
    with office.unit() as unit:
        publishing.withdraw(unit, no)
        unit.record(EVENT)


def test_a_version_holds_from_its_day_on(office, publish):
    publish("v1", MONDAY)
    publish("v2", FRIDAY)
    assert in_force(office, date(2015, 10, 25)) is None
    assert in_force(office, TUESDAY) == "v1"
    assert in_force(office, FRIDAY) == "v2"
    assert in_force(office, FRIDAY, key="other") is None
    assert in_force(office, FRIDAY, kind="form") is None


def test_of_one_day_the_later_act_holds(office, publish):
    publish("v1", MONDAY)
    publish("v2", MONDAY)
    assert in_force(office, MONDAY) == "v2"


def test_after_its_last_day_nothing_holds(office, publish):
    no = publish("v1", MONDAY, TUESDAY)
    assert in_force(office, TUESDAY) == "v1"
    assert in_force(office, FRIDAY) is None
    with office.unit() as unit:
        publishing.end(unit, no, FRIDAY)
        unit.record(EVENT)
        assert publishing.in_force(unit, "table", "authority", FRIDAY) == "v1"


def test_an_older_version_may_come_back(office, publish):
    publish("v1", MONDAY)
    publish("v2", TUESDAY)
    publish("v1", FRIDAY)
    assert in_force(office, FRIDAY) == "v1"
    with office.reading() as unit:
        found = publishing.versions(unit, "table", "authority")
    assert [(one.version, one.effective_from) for one in found] == [
        ("v1", FRIDAY),
        ("v2", TUESDAY),
        ("v1", MONDAY),
    ]


def test_a_version_never_changes_its_content(office, publish):
    publish("v1", MONDAY)
    with pytest.raises(Conflict) as refused:
        publish("v1", TUESDAY, content=b"forged")
    assert refused.value.code == "definition.other_content"
    with office.reading() as unit:
        assert publishing.content(unit, "table", "authority", "v1") == b"v1"
        assert publishing.content(unit, "table", "authority", "v9") is None


def test_everything_in_force_on_a_day(office, publish):
    publish("v1", MONDAY)
    publish("v2", FRIDAY)
    publish("e1", MONDAY, key="escalation")
    withdrawn(office, publish("d1", MONDAY, key="planned"))
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
        assert publishing.in_force(unit, "form", "f", MONDAY) == "v1"


def test_what_is_withdrawn_before_its_day_never_holds(office, publish):
    no = publish("v1", MONDAY, author="o-1", second="o-2", note="雁政发〔2015〕8号")
    assert in_force(office, MONDAY) == "v1"
    withdrawn(office, no)
    assert in_force(office, MONDAY) is None
    with office.reading() as unit:
        (found,) = publishing.versions(unit, "table", "authority")
    assert (found.no, found.state) == (no, VersionState.WITHDRAWN)
    assert (found.author, found.second, found.note) == ("o-1", "o-2", "雁政发〔2015〕8号")


def test_the_keys_of_a_kind_are_known_in_whatever_state_their_versions_are(office, publish):
    publish("v1", MONDAY)
    withdrawn(office, publish("d1", MONDAY, key="planned"))
    with office.reading() as unit:
        assert publishing.keys(unit, "table") == {"authority", "planned"}
        assert publishing.keys(unit, "process") == frozenset()
