"""What cases await is found by its name; a message has one relative, the nearest."""

import pytest

from engine.storage import cases, exchange
from tests.engine.storage import samples
from tests.engine.storage.samples import EVENT

MESSAGE, SIGNAL = "message", "signal"
# Two children of one parent, the parent's own parent, and a case of another family.
FAMILY = {"top": None, "mid": "top", "one": "mid", "two": "mid", "stranger": None}


@pytest.fixture
def family(office):
    """Store the family on the store's database."""
    with office.unit() as unit:
        for name, parent in FAMILY.items():
            case = samples.case_of(office, id=name, case_no=name, parent_id=parent)
            samples.put(unit, case)
    return office


def wait(office, *names, kind=MESSAGE, said="答复"):
    with office.unit() as unit:
        unit.record(EVENT)
        for name in names:
            exchange.note_awaited(unit, name, [(kind, said, "wait")])


def nearest(office, sender, said="答复"):
    with office.reading() as unit:
        return exchange.relative_that_hears(unit, MESSAGE, said, cases.case(unit, sender))


def hearers(office, sender, kind=SIGNAL, said="停电"):
    with office.reading() as unit:
        return exchange.hearers(unit, kind, said, sender)


@pytest.mark.parametrize(
    ("waiting", "heard"),
    [
        (("top", "one", "two"), "top"),
        (("one", "two"), "one"),
        (("two",), "two"),
        (("stranger",), None),
        ((), None),
    ],
    ids=["the parent first", "then the oldest child", "then another", "no stranger", "nobody"],
)
def test_a_message_goes_to_the_nearest_relative(family, waiting, heard):
    wait(family, *waiting)
    assert nearest(family, "mid") == heard


def test_a_sibling_hears_what_no_nearer_one_awaits(family):
    wait(family, "two", "one")
    assert nearest(family, "one") == "two"


def test_a_case_without_a_parent_has_no_siblings(family):
    wait(family, "stranger")
    assert nearest(family, "top") is None


def test_a_task_that_takes_any_message_hears_each(family):
    wait(family, "one", said="")
    assert nearest(family, "mid") == "one"


def test_a_signal_goes_to_all_but_its_sender_and_by_its_name_only(family):
    wait(family, "stranger", "one", "mid", kind=SIGNAL, said="停电")
    wait(family, "two", kind=SIGNAL, said="停水")
    assert hearers(family, "mid") == ["one", "stranger"]
    assert hearers(family, "mid", kind=MESSAGE) == []


def test_a_name_too_long_for_the_row_is_still_found(family):
    wait(family, "one", said="长" * 300)
    assert nearest(family, "mid", said="长" * 300) == "one"


def test_what_is_awaited_is_written_only_when_it_changed(family):
    wait(family, "one")
    with family.unit() as unit:
        unit.line.info["changed"].clear()
        exchange.note_awaited(unit, "one", [(MESSAGE, "答复", "wait")])
        assert exchange.AWAITED.name not in unit.line.info["changed"]
        exchange.note_awaited(unit, "one", [])
        assert exchange.AWAITED.name in unit.line.info["changed"]
        unit.record(EVENT)
    assert nearest(family, "mid") is None


def test_children_stand_in_the_order_of_their_numbers(family):
    with family.reading() as unit:
        assert [case.id for case in exchange.children_of(unit, "mid")] == ["one", "two"]
        assert exchange.children_of(unit, "one") == []
