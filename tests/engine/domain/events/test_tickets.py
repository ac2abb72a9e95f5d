"""Each subject of the hall has a chain of its own."""

import pytest

from engine.domain.events import tickets


@pytest.mark.parametrize(
    ("event", "chain"),
    [
        pytest.param(tickets.WindowOpened(window_no=6), "window:6", id="window"),
        pytest.param(
            tickets.AppointmentCancelled(appointment_id="a1", slot_id="s1"),
            "appointment:a1",
            id="appointment",
        ),
        pytest.param(tickets.SlotsOpened(26, "2015-10-27", ("10:00",), 2), "unit:26", id="unit"),
    ],
)
def test_an_event_is_hashed_into_the_chain_of_its_subject(event, chain):
    assert event.chain == chain
