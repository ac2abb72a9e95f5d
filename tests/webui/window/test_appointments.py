"""Appointments of a unit: open times, book, cancel, arrive and show the number."""

from datetime import date, time

import pytest

from engine.kernel.now import hall_moment
from engine.services import appointments, tickets
from tests.webui.visitor import Visitor

TODAY, TUESDAY = date(2015, 10, 26), date(2015, 10, 27)
PAGE = "/window/appointments"
HERE = {"unit": "26", "day": "2015-10-27"}
LIN = {"name": "林晓禾", "phone": "139-0000 0000"}


@pytest.fixture
def officer(staff):
    return staff[6]


@pytest.fixture
def slot(hall, officer):
    """Ten o'clock of Tuesday for one visitor."""
    return appointments.open_slots(hall, officer, 26, TUESDAY, [time(10)], 1)[0]


@pytest.fixture
def booked(hall, officer):
    """Somebody who is booked for ten o'clock of today."""
    (today,) = appointments.open_slots(hall, officer, 26, TODAY, [time(10)], 1)
    return appointments.book(hall, officer, today.id, appointments.Visitor("张三", "13800000000"))


def on(day):
    return {"query_string": {"unit": "26", "day": day}}


def test_a_day_without_slots_says_so_and_offers_times(clerk):
    page = clerk.read(PAGE, **on("2015-10-27"))
    assert "还没有开放预约时段" in page
    assert "没有人预约" in page
    assert 'name="times" value="09:00"' in page
    assert 'value="17:30"' not in page


def test_without_a_day_it_is_today_of_the_own_unit(clerk):
    for query in ({}, {"day": "nonsense"}, {"day": "0001-01-01"}, {"unit": "x"}):
        assert "2015-10-26" in clerk.read(PAGE, query_string=query)


def test_times_are_opened_for_a_number_of_visitors(clerk, hall):
    sent = {**HERE, "capacity": "3", "times": ["09:00", "09:30"]}
    answer = clerk.post(f"{PAGE}/slots", sent)
    assert answer.status_code == 303
    page = clerk.read(answer.location)
    assert "时段已开放预约" in page
    assert [(one.slot.at, one.free) for one in appointments.slots(hall, 26, TUESDAY)] == [
        (time(9), 3),
        (time(9, 30), 3),
    ]
    assert 'name="times" value="09:00"' not in page


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        pytest.param({}, 422, "请给出时段", id="no time"),
        pytest.param({"times": "25:99"}, 422, "请给出时段", id="nonsense"),
        pytest.param({"times": "09:00", "capacity": "0"}, 422, "人数为 1 到 100", id="no place"),
        pytest.param({"times": "18:00"}, 422, "已经下班", id="after closing"),
        pytest.param({"times": "10:00"}, 409, "已经开放过", id="known"),
        pytest.param({"times": "09:00", "day": "2015-10-24"}, 422, "不上班", id="Saturday"),
        pytest.param({"times": "09:00", "day": "2015-10-23"}, 410, "已过", id="past"),
    ],
)
def test_times_that_cannot_be_opened_are_refused_in_words(clerk, slot, fields, status, said):
    answer = clerk.post(f"{PAGE}/slots", {**HERE, "capacity": "7", **fields})
    assert answer.status_code == status
    assert said in answer.text


def test_a_visitor_is_booked_and_told_his_number(clerk, hall, officer, slot):
    answer = clerk.post(PAGE, {**HERE, **LIN, "slot": slot.id, "needs_care": "true"})
    assert answer.status_code == 303
    (one,) = appointments.of_day(hall, officer, 26, TUESDAY)
    page = clerk.read(answer.location)
    assert page.count(one.no) >= 2
    assert "请把预约号告诉预约人" in page
    assert "需要照顾" in page
    assert "林晓禾" not in page
    assert "约满" in page


def test_the_same_form_twice_books_once(clerk, hall, officer, slot):
    fields = {**HERE, **LIN, "slot": slot.id, "once": "k" * 24}
    first, second = clerk.post(PAGE, fields), clerk.post(PAGE, fields)
    assert first.location == second.location
    assert len(appointments.of_day(hall, officer, 26, TUESDAY)) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"name": ""}, "请填写预约人姓名", id="no name"),
        pytest.param({"name": "<script>" + "长" * 500}, "请填写预约人姓名", id="long name"),
        pytest.param({"phone": "abc"}, "7 到 15 位数字", id="phone"),
        pytest.param({"slot": ""}, "请选择预约时间", id="no time"),
    ],
)
def test_a_refused_booking_keeps_what_was_typed(clerk, hall, officer, slot, fields, said):
    answer = clerk.post(PAGE, {**HERE, **LIN, "slot": slot.id, **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert "<script>长" not in answer.text
    assert 'value="139-0000 0000"' in answer.text or 'value="abc"' in answer.text
    assert appointments.of_day(hall, officer, 26, TUESDAY) == []


def test_a_matter_of_another_unit_is_not_booked(clerk, slot):
    answer = clerk.post(PAGE, {**HERE, **LIN, "slot": slot.id, "matter": "1"})
    assert answer.status_code in (404, 422)


def test_a_full_time_and_a_known_phone_are_refused(clerk, slot):
    clerk.post(PAGE, {**HERE, **LIN, "slot": slot.id})
    again = clerk.post(PAGE, {**HERE, **LIN, "slot": slot.id})
    assert again.status_code == 409
    assert "这个电话在" in again.text
    full = clerk.post(PAGE, {**HERE, "name": "王五", "phone": "13700000000", "slot": slot.id})
    assert full.status_code == 409
    assert "已经约满" in full.text
    assert 'value="王五"' in full.text


def test_a_cancelled_place_is_free_again(clerk, hall, officer, slot):
    page = clerk.read(clerk.post(PAGE, {**HERE, **LIN, "slot": slot.id}).location)
    (one,) = appointments.of_day(hall, officer, 26, TUESDAY)
    assert f"{PAGE}/{one.id}/cancel" in page
    answer = clerk.post(f"{PAGE}/{one.id}/cancel", HERE)
    assert answer.status_code == 303
    assert "名额已空出" in clerk.read(answer.location)
    assert clerk.post(f"{PAGE}/{one.id}/cancel", HERE).status_code == 409
    assert appointments.slots(hall, 26, TUESDAY)[0].free == 1


def test_who_arrives_is_shown_his_number(clerk, hall, booked):
    today = {"unit": "26", "day": "2015-10-26"}
    assert f"{PAGE}/{booked.id}/arrive" in clerk.read(PAGE, query_string=today)
    answer = clerk.post(f"{PAGE}/{booked.id}/arrive", today)
    assert answer.status_code == 303
    number = tickets.at_window(hall, 6).waiting[0].number
    page = clerk.read(answer.location)
    assert f'<p class="number">{number}</p>' in page
    assert clerk.post(f"{PAGE}/{booked.id}/arrive", today).status_code == 409


def test_before_its_day_nobody_arrives(clerk, hall, officer, slot):
    clerk.post(PAGE, {**HERE, **LIN, "slot": slot.id})
    (one,) = appointments.of_day(hall, officer, 26, TUESDAY)
    assert f"{PAGE}/{one.id}/arrive" not in clerk.read(PAGE, query_string=HERE)
    answer = clerk.post(f"{PAGE}/{one.id}/arrive", HERE)
    assert answer.status_code == 422
    assert "还没有到" in answer.text


def test_a_day_off_leads_to_the_next_working_day(clerk):
    page = clerk.read(PAGE, **on("2015-10-24"))
    assert "不上班" in page
    assert "day=2015-10-26" in page
    assert 'name="times"' not in page


def test_times_of_today_that_have_passed_are_not_offered(app, hall, officer, now):
    appointments.open_slots(hall, officer, 26, TODAY, [time(10)], 1)
    now.move_to(hall_moment("2015-10-26T11:00"))
    assert 'name="slot"' not in Visitor(app, "clerk06").read(PAGE)


def test_another_unit_neither_sees_nor_opens_the_day(app, slot):
    stranger = Visitor(app, "clerk54")
    assert stranger.get(PAGE, **on("2015-10-27")).status_code == 403
    opened = stranger.post(f"{PAGE}/slots", {**HERE, "capacity": "1", "times": "09:00"})
    assert opened.status_code == 403


def test_the_manager_of_the_hall_chooses_a_unit_and_opens_nothing(app, cast, slot):
    manager = Visitor(app, cast.holder(None, "hall_manager").account)
    assert 'name="unit"' in manager.read(PAGE)
    page = manager.read(PAGE, query_string=HERE)
    assert "只有本单位的窗口可以开放时段" in page
    assert slot.id in page


def test_an_unknown_unit_is_not_found(clerk):
    assert clerk.get(PAGE, query_string={"unit": "999"}).status_code == 404


def test_a_forged_post_without_the_token_is_refused(clerk, slot):
    assert clerk.client.post(PAGE, data={"slot": slot.id, **LIN}).status_code == 403
