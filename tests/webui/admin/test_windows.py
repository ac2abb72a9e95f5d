"""The windows of the hall: what closing one moves is read before it is closed."""

import pytest

from engine.services import intake, tickets, windows, work
from tests.story import application
from tests.webui.visitor import Visitor

PAGE = "/admin/windows/6"


@pytest.fixture
def manager(app):
    return Visitor(app, "manager1")


@pytest.fixture
def head(app):
    """The head of the unit of window 6."""
    return Visitor(app, "head26")


@pytest.fixture
def busy(hall, staff):
    """A visitor waits for window 6 and its officer holds a task."""
    received = intake.receive(hall, staff[6], application(hall))
    work.claim(hall, staff[6], received.opened[0].id)
    ticket = tickets.take(hall, 1, 26)
    tickets.transfer(hall, staff[6], ticket.id, 6, "专门等6号窗口")


def test_what_would_move_and_where_to_is_read_before_the_button(manager, busy):
    page = manager.read(PAGE)
    assert "关闭后，1 个排队号、1 件在办转到" in page
    assert 'action="/admin/windows/6/close"' in page


def test_a_window_is_closed_with_its_reason_and_opened_again(manager, busy, hall):
    answer = manager.post(f"{PAGE}/close", reason="  设备检修  ")
    assert answer.status_code == 303
    closed = manager.read(answer.location)
    assert "窗口已关闭，转走 1 个排队号、1 件在办" in closed
    assert "设备检修" in closed
    assert "已转至窗口" in closed
    assert windows.closed(hall) == {6}
    assert "设备检修" in manager.read("/admin/windows?zone=1")
    assert manager.post(f"{PAGE}/open").status_code == 303
    assert windows.closed(hall) == frozenset()
    assert "可以直接关闭" in manager.read(PAGE)


def test_without_a_reason_it_stays_open_and_the_page_says_so(manager, hall):
    answer = manager.post(f"{PAGE}/close", reason="   ")
    assert answer.status_code == 422
    assert 'id="f-reason-error"' in answer.text
    assert windows.closed(hall) == frozenset()


def test_a_window_closed_twice_is_told_with_the_first_reason_and_keeps_what_was_typed(
    manager, hall, staff
):
    windows.close(hall, staff[6], 6, "午间轮休")
    answer = manager.post(f"{PAGE}/close", reason="再关一次")
    assert answer.status_code == 409
    assert "午间轮休" in answer.text
    assert manager.post(f"{PAGE}/open").status_code == 303
    assert manager.post(f"{PAGE}/open").status_code == 409


def test_the_head_of_another_unit_reads_that_it_is_not_his_and_a_forged_deed_is_refused(app, hall):
    other = Visitor(app, "head27")
    assert "只有本单位人员和中心管理者" in other.read(PAGE)
    assert 'action="/admin/windows/6/close"' not in other.read(PAGE)
    forged = other.post(f"{PAGE}/close", reason="<script>alert(1)</script>")
    assert forged.status_code == 403
    assert "<script>alert(1)" not in forged.text
    assert "&lt;script&gt;" in forged.text
    assert windows.closed(hall) == frozenset()


def test_a_head_sees_the_windows_of_the_own_unit_and_the_manager_those_of_every_zone(
    head, manager, hall
):
    own = head.read("/admin/windows")
    assert own.count("/admin/windows/") == sum(one.unit_no == 26 for one in hall_windows(hall))
    second = manager.read("/admin/windows?zone=2")
    assert second.count('href="/admin/windows/') == sum(
        one.zone_no == 2 for one in hall_windows(hall)
    )


def hall_windows(hall):
    with hall.reading() as unit:
        return list(hall.library.shelf(unit).windows.values())


def test_what_a_window_served_today_stands_in_its_row(manager, hall, staff, now):
    tickets.take(hall, 1, 26)
    tickets.call_next(hall, staff[6], 6)
    now.advance(minutes=7)
    tickets.finish(hall, staff[6], 6)
    row = manager.read("/admin/windows?zone=1").split(">06<", 1)[1].split("</tr>", 1)[0]
    assert [cell for cell in ("1", "0", "7") if f">{cell}</td>" in row] == ["1", "0", "7"]


def test_who_may_not_supervise_finds_no_page(clerk):
    assert clerk.get("/admin/windows").status_code == 403
    assert clerk.get(PAGE).status_code == 403


def test_an_unknown_window_is_said(manager):
    assert manager.get("/admin/windows/999").status_code == 404
