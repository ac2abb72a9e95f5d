"""The queue (M-QUEUE-1 to M-QUEUE-3) and the screens above the windows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid, Missing
from engine.kernel.now import hall_day, hall_moment
from engine.services import catalogue, tickets, windows, work
from tests.story import walk_through_matter

ZONE = 1


@pytest.fixture
def clerk(hall, cast):
    return cast.seated("clerk", 6)


def test_numbers_of_a_zone_count_up_and_start_anew_each_day(hall, now):
    assert [tickets.take(hall, ZONE).number for _ in range(2)] == ["B001", "B002"]
    now.advance(days=1)
    assert tickets.take(hall, ZONE).number == "B001"


def test_a_double_click_takes_one_ticket(hall):
    first, second = (tickets.take(hall, ZONE, once="click") for _ in range(2))
    assert first.id == second.id


def test_a_ticket_for_a_matter_waits_at_its_unit(hall, clerk):
    matter = walk_through_matter(hall)
    tickets.take(hall, ZONE, matter_no=matter.no)
    assert len(tickets.at_window(hall, 6).waiting) == 1
    elsewhere = next(w for w in range(9, 53) if tickets.at_window(hall, w).unit.no != 26)
    assert tickets.at_window(hall, elsewhere).waiting == []


def test_who_waited_longest_is_called_first(hall, clerk, now):
    first = tickets.take(hall, ZONE, unit_no=26)
    now.advance(minutes=1)
    tickets.take(hall, ZONE, unit_no=26)
    now.advance(minutes=19)
    assert tickets.at_window(hall, 6).longest_wait_minutes == 20
    called = tickets.call_next(hall, clerk, 6)
    assert called.id == first.id
    assert (called.called_at - called.taken_at).total_seconds() == 20 * 60


def test_no_number_is_given_for_a_unit_all_of_whose_windows_are_closed(hall, cast):
    manager = cast.holder(None, "hall_manager")
    *seats, last = (row.no for row in catalogue.windows(hall, unit_no=26))
    for no in seats:
        windows.close(hall, manager, no, "轮休")
    tickets.take(hall, ZONE, unit_no=26, once="before")
    served = tickets.call_next(hall, cast.seated("clerk", last), last)
    tickets.finish(hall, cast.seated("clerk", last), served.window_no)
    windows.close(hall, manager, last, "停电")
    for asked in ({"unit_no": 26}, {"matter_no": walk_through_matter(hall).no}):
        with pytest.raises(Conflict) as refused:
            tickets.take(hall, ZONE, **asked)
        assert refused.value.code == "ticket.unit_closed"
        assert refused.value.params["unit"] == catalogue.unit(hall, 26).name
    assert tickets.take(hall, ZONE, unit_no=26, once="before").id == served.id
    assert tickets.take(hall, ZONE).unit_no is None
    windows.open_again(hall, manager, last)
    assert tickets.take(hall, ZONE, unit_no=26).unit_no == 26


def test_nobody_waits_and_nobody_is_called(hall, clerk):
    assert tickets.call_next(hall, clerk, 6) is None


def test_the_next_is_not_called_while_somebody_stands_there(hall, clerk, now):
    tickets.take(hall, ZONE, unit_no=26)
    now.advance(seconds=1)
    tickets.take(hall, ZONE, unit_no=26)
    tickets.call_next(hall, clerk, 6)
    with pytest.raises(Conflict) as refused:
        tickets.call_next(hall, clerk, 6)
    assert refused.value.code == "ticket.at_window"
    tickets.finish(hall, clerk, 6)
    assert tickets.call_next(hall, clerk, 6).number == "B002"


def test_a_visitor_who_did_not_come_gets_one_more_chance(hall, clerk, now):
    late = tickets.take(hall, ZONE, unit_no=26)
    tickets.call_next(hall, clerk, 6)
    with pytest.raises(Conflict) as refused:
        tickets.no_show(hall, clerk, 6)
    assert refused.value.code == "ticket.call_again_first"
    tickets.call_again(hall, clerk, 6)
    now.advance(minutes=1)
    other = tickets.take(hall, ZONE, unit_no=26)
    now.advance(minutes=1)
    assert tickets.no_show(hall, clerk, 6).state == "waiting"
    assert [one.id for one in tickets.at_window(hall, 6).waiting] == [other.id, late.id]
    tickets.call_next(hall, clerk, 6)
    tickets.finish(hall, clerk, 6)
    tickets.call_next(hall, clerk, 6)
    assert tickets.no_show(hall, clerk, 6).state == "no_show"
    assert tickets.at_window(hall, 6).waiting == []


def test_two_windows_at_the_same_moment_get_two_tickets(hall, cast):
    for _ in range(4):
        tickets.take(hall, ZONE, unit_no=26)
    clerks = cast.all_of("clerk", 26)[:4]
    with ThreadPoolExecutor(4) as pool:
        called = list(pool.map(lambda one: tickets.call_next(hall, one, one.window_no), clerks))
    assert len({ticket.id for ticket in called}) == 4


def test_the_screen_shows_number_officer_and_matter_but_no_applicant(hall, clerk):
    matter = walk_through_matter(hall)
    empty = tickets.screen(hall, 6)
    assert (empty.number, empty.called_at) == (None, None)
    tickets.take(hall, ZONE, matter_no=matter.no)
    tickets.call_next(hall, clerk, 6)
    shown = tickets.screen(hall, 6)
    assert (shown.number, shown.officer, shown.matter) == ("B001", clerk.name, matter.name)
    assert shown.window.label == "06"


@pytest.mark.parametrize(
    ("wanted", "error", "code"),
    [
        pytest.param({"zone_no": 99}, Missing, "zone.unknown", id="no such zone"),
        pytest.param({"zone_no": 1, "unit_no": 99}, Missing, "unit.unknown", id="no such unit"),
        pytest.param({"zone_no": 1, "matter_no": 0}, Missing, "matter.unknown", id="no matter"),
        pytest.param({"zone_no": 2, "unit_no": 26}, Invalid, "ticket.other_zone", id="elsewhere"),
    ],
)
def test_a_ticket_for_what_is_not_there_is_refused(hall, wanted, error, code):
    with pytest.raises(error) as refused:
        tickets.take(hall, **wanted)
    assert refused.value.code == code


@pytest.mark.parametrize("act", [tickets.call_again, tickets.no_show, tickets.finish])
def test_nothing_can_be_done_with_nobody_at_the_window(hall, clerk, act):
    with pytest.raises(Conflict) as refused:
        act(hall, clerk, 6)
    assert refused.value.code == "ticket.nobody_here"


def test_a_window_of_another_unit_is_not_served(hall, clerk):
    with pytest.raises(Forbidden) as refused:
        tickets.call_next(hall, clerk, 60)
    assert refused.value.code == "window.other_unit"


def test_a_window_that_is_not_there_is_missing(hall):
    with pytest.raises(Missing):
        tickets.at_window(hall, 999)


def test_m_queue_1_twenty_minutes_stand_in_the_figures_of_the_window(hall, clerk, now):
    now.move_to(hall_moment("2015-10-26T09:30"))
    tickets.take(hall, ZONE, unit_no=26)
    now.move_to(hall_moment("2015-10-26T09:50"))
    tickets.call_next(hall, clerk, 6)
    now.move_to(hall_moment("2015-10-26T10:20"))
    tickets.finish(hall, clerk, 6)
    tickets.take(hall, ZONE, unit_no=26)
    assert tickets.service_times(hall, hall_day(now())) == [
        tickets.ServiceTimes(6, called=1, served=1, waiting_minutes=20, service_minutes=30)
    ]
    assert tickets.service_times(hall, hall_day(now() + timedelta(days=1))) == []


def test_a_visitor_sent_to_another_window_keeps_his_place_there_alone(hall, cast, clerk, now):
    first = tickets.take(hall, ZONE, unit_no=26)
    now.advance(minutes=1)
    second = tickets.take(hall, ZONE, unit_no=26)
    tickets.call_next(hall, clerk, 6)
    sent = tickets.transfer(hall, clerk, first.id, 5, "属于5号窗口")
    assert (sent.state, sent.for_window, sent.queued_at) == ("waiting", 5, first.queued_at)
    assert [one.id for one in tickets.at_window(hall, 6).waiting] == [second.id]
    assert [one.id for one in tickets.at_window(hall, 5).waiting] == [first.id, second.id]
    assert tickets.call_next(hall, cast.seated("clerk", 5), 5).id == first.id


def test_a_visitor_is_sent_to_a_window_of_another_unit_and_zone(hall, cast, clerk):
    ticket = tickets.take(hall, ZONE, unit_no=26)
    utility = tickets.at_window(hall, 247)
    tickets.transfer(hall, clerk, ticket.id, 247, "问缴费")
    assert [one.id for one in tickets.at_window(hall, 247).waiting] == [ticket.id]
    there = cast.all_of("clerk", utility.unit.no)[0]
    assert tickets.call_next(hall, there, there.window_no).id == ticket.id


@pytest.mark.parametrize(
    ("window_no", "reason", "who", "code"),
    [
        pytest.param(5, " ", 6, "ticket.reason", id="without a reason"),
        pytest.param(999, "转", 6, "window.unknown", id="to no window"),
        pytest.param(6, "转", 6, "ticket.same_window", id="to where he stands"),
        pytest.param(5, "转", 247, "ticket.other_unit", id="by a stranger"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(hall, cast, clerk, window_no, reason, who, code):
    ticket = tickets.take(hall, ZONE, unit_no=26)
    tickets.call_next(hall, clerk, 6)
    with pytest.raises(HallError) as refused:
        tickets.transfer(hall, cast.seated("clerk", who), ticket.id, window_no, reason)
    assert refused.value.code == code


def test_who_was_served_is_sent_nowhere(hall, clerk):
    ticket = tickets.take(hall, ZONE, unit_no=26)
    tickets.call_next(hall, clerk, 6)
    tickets.finish(hall, clerk, 6)
    with pytest.raises(Conflict) as refused:
        tickets.transfer(hall, clerk, ticket.id, 5, "转")
    assert refused.value.code == "ticket.ended"


def test_m_util_2_a_utility_window_gives_numbers_and_decides_nothing(hall, cast):
    window = tickets.at_window(hall, 247)
    ticket = tickets.take(hall, window.window.zone_no, window.unit.no)
    clerk = cast.seated("clerk", 247)
    assert tickets.call_next(hall, clerk, 247).id == ticket.id
    assert tickets.finish(hall, clerk, 247).state == "served"
    assert catalogue.matters(hall, unit_no=window.unit.no).rows == []
    assert work.inbox(hall, clerk, "offered").total == 0
