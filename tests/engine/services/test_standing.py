"""Who stands at a window, and what his unit knows of him."""

from datetime import time

import pytest

from engine.kernel.errors import Forbidden, Invalid, Missing
from engine.kernel.now import hall_day, hall_moment
from engine.services import appointments, extended, intake, standing, tickets, visits
from tests.story import application

NUMBER = "11010519491231002X"


@pytest.fixture
def clerk(cast):
    return cast.seated("clerk", 6)


@pytest.fixture
def received(hall, clerk):
    return intake.receive(hall, clerk, application(hall, window_no=6)).case


def test_the_number_comes_with_its_appointment(hall, clerk, now):
    (slot,) = appointments.open_slots(hall, clerk, 26, hall_day(now()), [time(10)], 1)
    booked = appointments.book(hall, clerk, slot.id, appointments.Visitor("林晓禾", "13900000000"))
    ticket = appointments.arrive(hall, clerk, booked.id)
    assert standing.at(hall, clerk, 6).ticket is None
    tickets.call_next(hall, clerk, 6)
    view = standing.at(hall, clerk, 6)
    assert (view.ticket.id, view.appointment.id) == (ticket.id, booked.id)


def test_only_cases_begun_here_before_closing_keep_the_window_open(hall, clerk, received, now):
    assert standing.at(hall, clerk, 6).begun == []
    now.move_to(hall_moment("2015-10-26T17:40"))
    intake.receive(hall, clerk, application(hall, window_no=6))
    view = standing.at(hall, clerk, 6)
    assert view.begun == [(received.id, received.case_no)]
    extended.begin(hall, clerk, 6, received.id)
    view = standing.at(hall, clerk, 6)
    assert (view.stay.case_id, view.stay_officer) == (received.id, clerk.name)


def test_a_person_is_found_by_his_number_with_all_his_visits(hall, clerk, received, now):
    now.move_to(hall_moment("2015-10-27T09:00"))
    visits.note(hall, clerk, received.id, "supplement")
    found = standing.person(hall, clerk, 6, NUMBER.lower())
    (case,) = found.cases
    assert (case.case_id, case.is_open, found.partly) == (received.id, True, False)
    assert [purpose for _, purpose in case.came] == ["apply", "supplement"]
    assert NUMBER not in found.number


def test_older_cases_are_left_out_and_that_is_said(hall, clerk, received, now, monkeypatch):
    now.move_to(hall_moment("2015-10-26T10:00"))
    newer = intake.receive(hall, clerk, application(hall, window_no=6)).case
    monkeypatch.setattr(standing, "MOST", 1)
    found = standing.person(hall, clerk, 6, NUMBER)
    assert [case.case_id for case in found.cases] == [newer.id]
    assert (found.searched, found.partly) == (1, True)


def test_other_windows_and_wrong_numbers_are_refused(hall, clerk):
    with pytest.raises(Invalid):
        standing.person(hall, clerk, 6, "110105194912310021")
    with pytest.raises(Missing):
        standing.at(hall, clerk, 9999)
    with pytest.raises(Forbidden) as refused:
        standing.at(hall, clerk, 247)
    assert refused.value.code == "window.other_unit"
    with pytest.raises(Forbidden):
        standing.person(hall, clerk, 247, NUMBER)
