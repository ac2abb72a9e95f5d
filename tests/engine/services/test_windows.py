"""Closing a window (M-HALL-2)."""

import pytest

from engine.kernel.errors import Conflict, HallError
from engine.services import cases, extended, intake, tickets, windows, work
from tests.story import application

ZONE, UNIT, WINDOW = 1, 26, 6


@pytest.fixture
def clerk(cast):
    return cast.seated("clerk", WINDOW)


def held_task(hall, clerk):
    """Receive an application of one step and take its task into hand."""
    receipt = intake.receive(hall, clerk, application(hall))
    return work.claim(hall, clerk, receipt.opened[0].id)


def test_m_hall_2_tickets_and_tasks_go_to_a_window_of_the_same_unit_in_one_act(
    hall, cast, clerk, now
):
    task = held_task(hall, clerk)
    standing = tickets.take(hall, ZONE, UNIT)
    now.advance(minutes=1)
    bound = tickets.take(hall, ZONE, UNIT)
    tickets.transfer(hall, clerk, bound.id, WINDOW, "专门等6号窗口")
    tickets.call_next(hall, clerk, WINDOW)
    closed = windows.close(hall, clerk, WINDOW, "设备故障")
    to = closed.closure.to_window
    there = cast.seated("clerk", to)
    assert (there.unit_no, tickets.at_window(hall, to).window.purpose) == (UNIT, "intake")
    assert (closed.tickets, closed.tasks) == ((standing.id, bound.id), (task.id,))
    assert [one.id for one in tickets.at_window(hall, to).waiting] == [standing.id, bound.id]
    assert work.task(hall, there, task.id).mine
    assert tickets.at_window(hall, WINDOW).current is None
    assert windows.closed(hall) == {WINDOW}
    kinds = [line.kind for line in cases.case(hall, clerk, task.case_id).history]
    assert kinds[-1] == "TaskHandedOver"


def test_a_closed_window_calls_nobody_until_it_opens(hall, clerk):
    tickets.take(hall, ZONE, UNIT)
    windows.close(hall, clerk, WINDOW, "午间轮休")
    for act in (
        lambda: tickets.call_next(hall, clerk, WINDOW),
        lambda: windows.close(hall, clerk, WINDOW, "再关"),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "window.closed"
    assert not extended.is_open(hall, WINDOW)
    windows.open_again(hall, clerk, WINDOW)
    assert extended.is_open(hall, WINDOW)
    assert tickets.call_next(hall, clerk, WINDOW).number == "B001"
    with pytest.raises(Conflict) as refused:
        windows.open_again(hall, clerk, WINDOW)
    assert refused.value.code == "window.not_closed"


def test_nobody_is_sent_to_a_closed_window(hall, clerk):
    ticket = tickets.take(hall, ZONE, UNIT)
    windows.close(hall, clerk, 5, "轮休")
    with pytest.raises(Conflict) as refused:
        tickets.transfer(hall, clerk, ticket.id, 5, "转")
    assert refused.value.code == "window.closed"


def test_the_last_window_with_work_cannot_close_and_nothing_has_moved(hall, cast, clerk):
    task = held_task(hall, clerk)
    manager = cast.holder(None, "hall_manager")
    for no in (2, 3, 4, 5, 8):
        windows.close(hall, manager, no, "轮休")
    with pytest.raises(Conflict) as refused:
        windows.close(hall, clerk, WINDOW, "轮休")
    assert refused.value.code == "window.no_other"
    assert WINDOW not in windows.closed(hall)
    assert work.task(hall, clerk, task.id).mine


def test_an_idle_last_window_may_close(hall, cast):
    manager = cast.holder(None, "hall_manager")
    for no in (2, 3, 4, 5, 8):
        windows.close(hall, manager, no, "轮休")
    assert windows.close(hall, manager, WINDOW, "轮休").closure.to_window is None


@pytest.mark.parametrize(
    ("window_no", "reason", "who", "code"),
    [
        pytest.param(6, " ", 6, "window.reason", id="without a reason"),
        pytest.param(999, "关", 6, "window.unknown", id="no such window"),
        pytest.param(6, "关", 247, "window.other_unit", id="by a stranger"),
    ],
)
def test_a_window_is_not_closed_otherwise(hall, cast, window_no, reason, who, code):
    with pytest.raises(HallError) as refused:
        windows.close(hall, cast.seated("clerk", who), window_no, reason)
    assert refused.value.code == code
