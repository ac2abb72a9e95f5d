"""Extended hours (M-EXT-1, M-EXT-2)."""

import pytest

from engine.kernel.errors import Conflict, Forbidden, Missing
from engine.kernel.now import hall_day, hall_moment
from engine.services import cases, extended, intake, tickets
from tests.story import application


@pytest.fixture
def clerk(cast):
    return cast.seated("clerk", 6)


@pytest.fixture
def begun(hall, clerk, now):
    """Receive an application at window 6, ten minutes before closing."""
    now.move_to(at("17:20"))
    return intake.receive(hall, clerk, application(hall, window_no=6)).case


def at(text):
    return hall_moment(f"2015-10-26T{text}")


def test_m_ext_1_a_case_begun_before_closing_keeps_its_window_open(hall, clerk, now, begun):
    assert begun.window_no == 6
    assert extended.is_open(hall, 6)
    now.move_to(at("17:40"))
    assert not extended.is_open(hall, 6)
    stay = extended.begin(hall, clerk, 6, begun.id)
    assert extended.is_open(hall, 6)
    assert not extended.is_open(hall, 5)
    now.move_to(at("18:10"))
    ended = extended.end(hall, clerk, 6)
    assert (ended.id, ended.officer_id, ended.case_id) == (stay.id, clerk.id, begun.id)
    assert (ended.started_at, ended.ended_at, ended.minutes) == (at("17:30"), at("18:10"), 40)
    assert extended.on_day(hall, hall_day(now())) == [ended]
    assert not extended.is_open(hall, 6)


def test_m_ext_1_a_visitor_served_until_after_closing_is_kept_by_itself(hall, clerk, now):
    now.move_to(at("17:25"))
    ticket = tickets.take(hall, 1, 26)
    tickets.call_next(hall, clerk, 6)
    now.move_to(at("17:50"))
    tickets.finish(hall, clerk, 6)
    (stay,) = extended.on_day(hall, hall_day(now()))
    assert (stay.ticket_id, stay.officer_id, stay.minutes) == (ticket.id, clerk.id, 20)


def test_a_visitor_served_before_closing_leaves_no_extended_hours(hall, clerk, now):
    now.move_to(at("17:00"))
    tickets.take(hall, 1, 26)
    tickets.call_next(hall, clerk, 6)
    now.move_to(at("17:30"))
    tickets.finish(hall, clerk, 6)
    assert extended.on_day(hall, hall_day(now())) == []


def test_a_number_forgotten_overnight_is_no_extended_hours(hall, clerk, now):
    now.move_to(at("17:25"))
    tickets.take(hall, 1, 26)
    tickets.call_next(hall, clerk, 6)
    now.move_to(hall_moment("2015-10-27T18:00"))
    tickets.finish(hall, clerk, 6)
    assert extended.on_day(hall, hall_day(now())) == []


def test_m_ext_2_extended_hours_move_no_legal_due_day(hall, cast, clerk, now, begun):
    before = cases.case(hall, clerk, begun.id).case
    now.move_to(at("17:40"))
    extended.begin(hall, clerk, 6, begun.id)
    now.move_to(at("19:00"))
    extended.end(hall, clerk, 6)
    after = cases.case(hall, clerk, begun.id).case
    assert before.statutory_due is not None
    assert (after.promised_due, after.statutory_due) == (before.promised_due, before.statutory_due)


@pytest.mark.parametrize(
    ("moment", "window_no", "code"),
    [
        pytest.param("2015-10-26T17:29", 6, "extended.not_yet", id="before closing"),
        pytest.param("2015-10-27T18:00", 6, "extended.begun_after", id="begun the day before"),
        pytest.param("2015-10-26T18:00", 5, "extended.other_window", id="begun elsewhere"),
    ],
)
def test_a_window_does_not_stay_open_without_cause(
    hall, clerk, now, begun, moment, window_no, code
):
    now.move_to(hall_moment(moment))
    with pytest.raises(Conflict) as refused:
        extended.begin(hall, clerk, window_no, begun.id)
    assert refused.value.code == code


def test_a_window_stays_open_once_and_ends_once(hall, clerk, now, begun):
    now.move_to(at("18:00"))
    with pytest.raises(Conflict) as none:
        extended.end(hall, clerk, 6)
    assert none.value.code == "extended.none"
    extended.begin(hall, clerk, 6, begun.id)
    with pytest.raises(Conflict) as twice:
        extended.begin(hall, clerk, 6, begun.id)
    assert twice.value.code == "extended.running"


def test_a_window_of_others_or_of_nobody_is_refused(hall, cast, begun):
    with pytest.raises(Forbidden):
        extended.begin(hall, cast.clerk(27), 6, begun.id)
    with pytest.raises(Missing):
        extended.end(hall, cast.clerk(27), 999)


def test_no_window_is_open_on_a_holiday(hall, now):
    now.move_to(hall_moment("2015-10-31T10:00"))
    assert not extended.is_open(hall, 6)
