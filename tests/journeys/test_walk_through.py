"""9:30 a ticket, 11:00 the licence (M-WALK-1, M-WALK-2), through HTTP on a frozen clock."""

import pytest

from engine.domain.codes import check_uscc
from engine.kernel.now import hall_moment
from engine.services import audit, cases, people
from tests.journeys.walk import complete, hand_out, open_task, receive, take_ticket
from tests.pages import InProcess, Visitor
from tests.story import walk_through_matter
from webui.app import create_app


@pytest.fixture
def visit(hall):
    """Return a maker of signed-in visitors."""
    app = create_app(hall)

    def become(account):
        visitor = Visitor(InProcess(app))
        visitor.sign_in(account)
        return visitor

    return become


def test_the_morning_of_the_article(hall, now, visit):
    matter = walk_through_matter(hall)

    now.move_to(hall_moment("2015-10-26T09:30"))
    clerk = visit("clerk06")
    number = take_ticket(clerk, matter)

    now.move_to(hall_moment("2015-10-26T09:50"))
    clerk.get("/window/")
    clerk.post("/window/6/next", seen="")
    assert number in clerk.page.text
    screen = Visitor(InProcess(create_app(hall)))
    assert number in screen.get("/screens/6").text

    now.move_to(hall_moment("2015-10-26T10:10"))
    case_id = receive(hall, clerk)

    now.move_to(hall_moment("2015-10-26T10:20"))
    complete(clerk, open_task(clerk, case_id), review_outcome="pass")
    clerk.get("/window/")
    clerk.post("/window/6/finish")

    now.move_to(hall_moment("2015-10-26T10:50"))
    chief = visit("chief26")
    complete(chief, open_task(chief, case_id), decision_outcome="grant")

    now.move_to(hall_moment("2015-10-26T11:00"))
    hand_out(visit("clerk01"), case_id)

    decider = next(one for one in people.everybody(hall) if one.account == "chief26")
    view = cases.case(hall, decider, case_id)
    times = view.times
    assert (times.waiting, times.receipt, times.review) == (20, 30, 40)
    assert (times.handling, times.total) == (70, 90)
    assert view.case.decided_by == decider.id
    check_uscc(view.licence.no)
    assert all(clock.due_on >= view.case.closed_at.date() for clock in view.clocks)
    assert audit.verify_trail(hall).intact
    page = chief.get(f"/desk/cases/{case_id}")
    assert "90" in page.text
    assert view.licence.no in page.text
