"""Contacts and their ways come back as they were stored."""

from dataclasses import replace

import pytest

from engine.domain.inquiry import Inquiry, Transfer
from engine.kernel.errors import Missing
from engine.storage import inquiries
from tests.engine.storage.samples import EVENT


def test_a_contact_keeps_its_way_and_is_open_until_it_is_closed(office):
    asked = Inquiry(
        "i1", "o1", 6, "林**", "怎么办?", "apply", "lead_to", "intake", True, "routing#14",
        office.now(),
    )  # fmt: skip
    way = [
        Transfer("i1", serial, "o1", f"o{serial + 1}", "转交", office.now()) for serial in (1, 2)
    ]
    with office.unit() as unit:
        inquiries.add(unit, asked)
        for transfer in way:
            inquiries.add_transfer(unit, transfer)
        inquiries.confirm(unit, way[0])
        unit.record(EVENT)
    known = [replace(way[0], confirmed_at=office.now()), way[1]]
    with office.unit() as unit:
        assert inquiries.open_ones(unit) == [asked]
        assert inquiries.transfers_of(unit, "i1") == known
        assert inquiries.transfers_of_open(unit) == {"i1": known}
    with office.unit() as unit:
        inquiries.close(unit, "i1", "已答复")
        unit.record(EVENT)
    with office.unit() as unit:
        assert (inquiries.open_ones(unit), inquiries.transfers_of_open(unit)) == ([], {})
        closed = inquiries.lock(unit, "i1")
        assert (closed.answer, closed.closed_at) == ("已答复", office.now())


def test_a_contact_that_is_not_there_is_missing(office):
    with office.unit() as unit, pytest.raises(Missing):
        inquiries.lock(unit, "nobody")
