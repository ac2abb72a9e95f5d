"""Who stands at the window: number, appointment, earlier cases, another window, extended hours."""

from datetime import time

import pytest

from engine.kernel.now import hall_day, hall_moment
from engine.services import appointments, extended, intake, tickets
from tests.story import application
from tests.webui.visitor import Visitor

PAGE = "/window/6/visitor"
NUMBER = "11010519491231002X"


@pytest.fixture
def officer(staff):
    return staff[6]


@pytest.fixture
def called(hall, officer):
    """A number that stands at window 6."""
    tickets.take(hall, 1, 26)
    return tickets.call_next(hall, officer, 6)


@pytest.fixture
def received(hall, officer):
    return intake.receive(hall, officer, application(hall, window_no=6)).case


@pytest.fixture
def begun(hall, officer, now):
    """A case received at window 6 ten minutes before closing; now it is after closing."""
    now.move_to(hall_moment("2015-10-26T17:20"))
    case = intake.receive(hall, officer, application(hall, window_no=6)).case
    now.move_to(hall_moment("2015-10-26T17:40"))
    return case


def late(app):
    """Sign in after the clock has moved."""
    return Visitor(app, "clerk06")


def test_an_empty_window_says_that_nobody_stands_there(clerk):
    page = clerk.read(PAGE)
    assert "窗口前没有正在办理的号" in page
    assert "17:30 下班以后才能开始延时服务" in page
    assert 'action="/window/6/stay"' not in page


def test_the_number_with_its_appointment_is_shown(clerk, hall, officer, now):
    today = hall_day(now())
    (slot,) = appointments.open_slots(hall, officer, 26, today, [time(10)], 1)
    booked = appointments.book(
        hall, officer, slot.id, appointments.Visitor("林晓禾", "13900000000")
    )
    ticket = appointments.arrive(hall, officer, booked.id)
    tickets.call_next(hall, officer, 6)
    page = clerk.read(PAGE)
    assert ticket.number in page
    assert booked.no in page
    assert "林晓禾" not in page


def test_the_fragment_is_the_visitor_alone(clerk, called):
    part = clerk.read(PAGE, fragment=True)
    assert called.number in part
    assert "<h1" not in part


def test_cases_of_a_person_are_found_by_his_number_and_masked(clerk, received):
    answer = clerk.post(PAGE, id_number=" 11010519491231002x ")
    assert answer.status_code == 200
    assert received.case_no in answer.text
    assert "1 件" in answer.text
    assert "2015-10-26 09:00 申请" in answer.text
    assert NUMBER not in answer.text.upper()


def test_somebody_unknown_has_no_case(clerk):
    assert "此人在本单位没有办件" in clerk.post(PAGE, id_number=NUMBER).text


@pytest.mark.parametrize(
    "number", ["", "110105194912310021", "长" * 500, "<script>alert(1)</script>"]
)
def test_a_wrong_number_is_said_and_kept(clerk, number):
    answer = clerk.post(PAGE, id_number=number)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "<script>alert" not in answer.text
    assert number[:18] in answer.text or "&lt;script" in answer.text


def test_another_unit_finds_nothing_of_it(app, received, staff):
    other = next(no for no, one in staff.items() if one.account == "clerk54")
    answer = Visitor(app, "clerk54").post(f"/window/{other}/visitor", id_number=NUMBER)
    assert answer.status_code == 200
    assert "此人在本单位没有办件" in answer.text


def test_a_window_of_another_unit_is_refused(app):
    assert Visitor(app, "clerk54").get(PAGE).status_code == 403
    stranger = Visitor(app, "clerk54")
    assert stranger.post(PAGE, id_number=NUMBER).status_code == 403
    assert stranger.post("/window/6/stay", case="x").status_code == 403
    assert stranger.post("/window/6/transfer", ticket="x").status_code == 403


def test_an_unknown_window_is_not_found(clerk):
    assert clerk.get("/window/9999/visitor").status_code == 404


def test_a_visitor_is_sent_to_another_window_with_the_reason(clerk, hall, called):
    sent = {"ticket": called.id, "to_window": "5", "reason": "那里受理变更登记"}
    answer = clerk.post("/window/6/transfer", sent)
    assert answer.status_code == 303
    assert "已转到别的窗口" in clerk.read(answer.location)
    assert tickets.at_window(hall, 6).current is None
    assert tickets.at_window(hall, 5).waiting[0].id == called.id


@pytest.mark.parametrize(
    ("to", "reason", "status", "said"),
    [
        pytest.param("5", " ", 422, "请写明转窗口的理由", id="no reason"),
        pytest.param("", "去那里", 422, "请选择转到哪个窗口", id="no window"),
        pytest.param("x", "去那里", 404, "没有 0 号窗口", id="nonsense"),
        pytest.param("6", "去那里", 409, "已经在", id="the same"),
    ],
)
def test_a_refused_transfer_keeps_what_was_typed(clerk, called, to, reason, status, said):
    answer = clerk.post("/window/6/transfer", ticket=called.id, to_window=to, reason=reason)
    assert answer.status_code == status
    assert said in answer.text
    assert f'value="{reason}"' in answer.text


def test_a_number_that_was_served_meanwhile_is_not_sent_on(clerk, hall, officer, called):
    tickets.finish(hall, officer, 6)
    answer = clerk.post("/window/6/transfer", ticket=called.id, to_window="5", reason="去那里")
    assert answer.status_code == 409
    assert "去那里" in answer.text


def test_extended_hours_begin_for_a_case_and_end(app, hall, begun):
    clerk = late(app)
    page = clerk.read(PAGE)
    assert page.index('class="verdict yes"') < page.index("开始延时服务")
    answer = clerk.post("/window/6/stay", case=begun.id)
    assert answer.status_code == 303
    assert extended.is_open(hall, 6)
    assert "/window/6/leave" in clerk.read(answer.location)
    assert clerk.post("/window/6/leave").status_code == 303
    assert not extended.is_open(hall, 6)


def test_before_closing_a_forged_beginning_is_refused_in_words(clerk, hall, received):
    answer = clerk.post("/window/6/stay", case=received.id)
    assert answer.status_code == 409
    assert "还没有下班" in answer.text


def test_without_a_case_the_window_is_not_kept_open(app, hall, now, begun):
    answer = late(app).post("/window/6/stay", case="")
    assert answer.status_code == 422
    assert "请选择为哪个办件延时" in answer.text


def test_with_nothing_begun_the_no_is_shown_before(app, now):
    now.move_to(hall_moment("2015-10-26T17:40"))
    page = late(app).read(PAGE)
    assert "今天下班前没有在本窗口收的件" in page
    assert 'action="/window/6/stay"' not in page


def test_ending_what_never_began_is_refused(clerk):
    answer = clerk.post("/window/6/leave")
    assert answer.status_code == 409
    assert "没有在延时服务" in answer.text


def test_a_forged_post_without_the_token_is_refused(clerk):
    assert clerk.client.post("/window/6/stay", data={"case": "x"}).status_code == 403
