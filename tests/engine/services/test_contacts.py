"""What waits to be confirmed, and who may be handed a contact."""

import pytest

from engine.services import contacts, inquiries
from engine.services.inquiries import Asked


@pytest.fixture
def officers(cast):
    return [cast.seated("clerk", no) for no in (6, 5)]


def test_what_was_handed_on_waits_for_its_receiver_alone(hall, officers):
    first, second = officers
    asked = inquiries.open_inquiry(hall, first, Asked("怎么办?", "inquiry"))
    assert contacts.to_confirm(hall, second) == []
    inquiries.hand_on(hall, first, asked.id, second.account, "归他管")
    (waits,) = contacts.to_confirm(hall, second)
    assert (waits.inquiry.id, waits.giver, waits.reason, waits.handed_on) == (
        asked.id, first.name, "归他管", 1,
    )  # fmt: skip
    assert contacts.to_confirm(hall, first) == []
    inquiries.confirm(hall, second, asked.id)
    assert contacts.to_confirm(hall, second) == []


def test_colleagues_serve_visitors_and_those_of_the_unit_come_first(hall, officers, cast):
    first, second = officers
    found = contacts.colleagues(hall, first)
    accounts = [one.account for one in found]
    assert first.account not in accounts
    assert second.account in accounts
    assert cast.holder(None, "hall_manager").account not in accounts
    units = [one.unit_name for one in found]
    assert units[: units.count(units[0])] == [units[0]] * units.count(units[0])
