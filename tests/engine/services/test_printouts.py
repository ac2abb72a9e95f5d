"""Everything of a case that goes on paper, and who may print it."""

import pytest

from engine.demo.carry import carry
from engine.kernel.errors import Forbidden, Missing
from engine.kernel.now import hall_moment
from engine.services import catalogue, extensions, intake, licences, notices, printouts, work
from tests.engine.services.receiving import enter
from tests.story import answers, application, walk_through_matter

FOOD = 377  # a matter of another unit
GRANTED = {"review_outcome": "pass", "decision_outcome": "grant"}


@pytest.fixture
def granted(hall, cast):
    return carry(hall, cast, walk_through_matter(hall).no, GRANTED).case


def kinds(hall, by, case):
    return [sheet.kind for sheet in printouts.of_case(hall, by, case.id)[1]]


def test_an_application_has_nothing_to_print_and_a_decided_case_all_of_it(hall, clerk, granted):
    assert kinds(hall, clerk, enter(hall, clerk, application(hall))) == []
    assert kinds(hall, clerk, granted) == ["acceptance", "decision", "delivery"]


def test_a_slip_is_read_as_it_was_made_out(hall, clerk, receipt):
    view, sheet = printouts.slip(hall, clerk, receipt.slip.id)
    assert view.case.id == receipt.case.id
    assert (sheet.no, sheet.row, sheet.issued_by) == (
        receipt.slip.no,
        "acceptance#acceptance-5",
        clerk.name,
    )
    assert sheet.content == notices.slips(hall, clerk, receipt.case.id)[0].content


def test_an_extension_is_printed_with_its_own_number(hall, clerk, head, receipt):
    extensions.extend(hall, head, receipt.case.id, "案情复杂", receipt.case.rev)
    _, sheet = printouts.made(hall, clerk, receipt.case.id, "extension")
    assert (sheet.no, sheet.content["reason"]) == ("2015延00001", "案情复杂")


def test_the_receipt_of_delivery_is_filled_in_once_it_was_delivered(hall, clerk, granted):
    _, before = printouts.made(hall, clerk, granted.id, "delivery")
    assert (before.delivered_at, before.content["way"], before.issued_by) == (None, None, "")
    licences.send(hall, clerk, granted.id, "post", "EMS-1", granted.rev)
    _, after = printouts.made(hall, clerk, granted.id, "delivery")
    assert after.delivered_at is not None
    assert (after.content["way"], after.content["reference"]) == ("post", "EMS-1")
    assert after.issued_by == clerk.name


@pytest.mark.parametrize("kind", ["decision", "delivery", "extension", "acceptance", ""])
def test_what_a_case_does_not_have_is_missing(hall, clerk, receipt, kind):
    with pytest.raises(Missing, match=r"slip\.unknown"):
        printouts.made(hall, clerk, receipt.case.id, kind)


def test_the_flow_counts_working_days_so_far(hall, clerk, now, receipt):
    now.move_to(hall_moment("2015-10-28T10:00"))
    task = receipt.opened[0]
    done = work.complete_task(hall, clerk, task.id, answers(hall, task), receipt.case.rev)
    now.move_to(hall_moment("2015-11-02T10:00"))
    _, lines = printouts.flow(hall, clerk, receipt.case.id)
    assert [(one.line.task.id, one.days) for one in lines] == [
        (task.id, 2),
        (done.opened[0].id, 3),
    ]
    assert lines[0].unit_no == receipt.case.unit_no


def test_another_unit_prints_nothing(hall, cast, receipt):
    stranger = cast.clerk(catalogue.matter(hall, FOOD).unit_no)
    case_id = receipt.case.id
    for read in (
        lambda: printouts.of_case(hall, stranger, case_id),
        lambda: printouts.slip(hall, stranger, receipt.slip.id),
        lambda: printouts.made(hall, stranger, case_id, "decision"),
        lambda: printouts.flow(hall, stranger, case_id),
    ):
        with pytest.raises(Forbidden):
            read()


def test_an_unknown_slip_is_missing(hall, clerk):
    with pytest.raises(Missing, match=r"slip\.unknown"):
        printouts.slip(hall, clerk, "none")


def test_a_declined_application_prints_its_slip_only(hall, clerk):
    case = enter(hall, clerk, application(hall))
    intake.decline(hall, clerk, case.id, "不属本机关职权", "行政许可法", case.rev)
    assert kinds(hall, clerk, case) == ["decline"]
