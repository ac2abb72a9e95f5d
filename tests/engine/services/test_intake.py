"""Applications: received, accepted, declined, and refused when something is wrong."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.case import CaseState
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid, Missing
from engine.kernel.now import hall_moment
from engine.services import cases, intake, work
from engine.services.intake import MaterialHandedIn
from tests.story import application, first_matter, walk_through_matter


@pytest.fixture
def clerk(hall, cast):
    return cast.clerk(walk_through_matter(hall).unit_no)


def test_a_complete_application_is_accepted_at_once(hall, clerk):
    receipt = intake.receive(hall, clerk, application(hall))
    assert receipt.case.state is CaseState.ACCEPTED
    assert receipt.case.promised_due == date(2015, 10, 29)
    assert [task.step for task in receipt.opened] == ["review"]
    assert receipt.first_step_for(clerk).step == "review"


def test_the_case_number_is_the_code_of_the_matter_the_day_and_a_serial(hall, clerk):
    matter = walk_through_matter(hall)
    numbers = [intake.receive(hall, clerk, application(hall)).case.case_no for _ in range(2)]
    assert numbers == [f"{matter.task_code}20151026000{n}" for n in (1, 2)]


def test_the_due_day_skips_holidays_and_counts_worked_weekends(hall, now, clerk):
    now.move_to(hall_moment("2026-09-30T10:00"))
    case = intake.receive(hall, clerk, application(hall)).case
    assert case.promised_due == date(2026, 10, 10), "a worked Saturday (M-REV-2)"
    assert not case.provisional


def test_a_due_day_in_a_year_without_notice_is_provisional(hall, now, clerk):
    now.move_to(hall_moment("2026-12-31T10:00"))
    assert intake.receive(hall, clerk, application(hall)).case.provisional


def test_an_application_may_be_accepted_later(hall, clerk):
    applied = intake.apply(hall, clerk, application(hall))
    assert applied.case.state is CaseState.APPLIED
    assert applied.opened == ()
    accepted = intake.accept(hall, clerk, applied.case.id, applied.case.rev)
    assert accepted.case.state is CaseState.ACCEPTED
    with pytest.raises(Conflict):
        intake.accept(hall, clerk, applied.case.id, accepted.case.rev)


def test_an_application_may_be_declined_with_reason_and_law(hall, clerk):
    applied = intake.apply(hall, clerk, application(hall))
    declined = intake.decline(
        hall,
        clerk,
        applied.case.id,
        "不属于本机关职权范围",
        "行政许可法第三十二条",
        applied.case.rev,
    )
    assert declined.case.state is CaseState.DECLINED
    history = cases.case(hall, clerk, applied.case.id).history
    assert [line.kind for line in history] == ["Applied", "Declined"]


@pytest.mark.parametrize(("reason", "law"), [("", "第三十二条"), ("不属于本机关", " ")])
def test_declining_needs_a_reason_and_its_law(hall, clerk, reason, law):
    applied = intake.apply(hall, clerk, application(hall))
    with pytest.raises(Invalid) as refused:
        intake.decline(hall, clerk, applied.case.id, reason, law, applied.case.rev)
    assert refused.value.code == "intake.reason_missing"


def test_a_stale_page_changes_nothing(hall, clerk):
    applied = intake.apply(hall, clerk, application(hall))
    with pytest.raises(Conflict) as refused:
        intake.accept(hall, clerk, applied.case.id, applied.case.rev + 1)
    assert refused.value.code == "case.changed"


def test_a_double_click_makes_one_case(hall, clerk):
    form = application(hall, once="click")
    first, second = (intake.receive(hall, clerk, form) for _ in range(2))
    assert first.case.id == second.case.id
    assert [task.id for task in first.opened] == [task.id for task in second.opened]


def without_required_paper(hall):
    form = application(hall)
    paper = next(paper for paper in walk_through_matter(hall).materials if paper.required)
    return replace(form, materials={no: m for no, m in form.materials.items() if no != paper.no})


def with_applicant(hall, **changes):
    form = application(hall)
    return replace(form, applicant=replace(form.applicant, **changes))


BAD = {
    "an unknown matter": (
        lambda hall: application(hall, matter_no=9999),
        Missing,
        "matter.unknown",
    ),
    "a required paper is missing": (without_required_paper, Invalid, "intake.materials_missing"),
    "a required field is missing": (
        lambda hall: application(hall, answers={}),
        Invalid,
        "form.answers",
    ),
    "a field that the form does not have": (
        lambda hall: application(hall, answers={**application(hall).answers, "is_admin": "true"}),
        Invalid,
        "form.answers",
    ),
    "text where a number is due": (
        lambda hall: application(
            hall, answers={**application(hall).answers, "registered_capital": "一百"}
        ),
        Invalid,
        "form.answers",
    ),
    "a paper that nobody asked for": (
        lambda hall: application(
            hall, materials={**application(hall).materials, 99: MaterialHandedIn("received")}
        ),
        Invalid,
        "intake.material_unknown",
    ),
    "a state of a paper that does not exist": (
        lambda hall: application(
            hall, materials={**application(hall).materials, 1: MaterialHandedIn("eaten")}
        ),
        Invalid,
        "intake.material_state",
    ),
    "a citizen's number with a wrong check digit": (
        lambda hall: with_applicant(hall, id_number="110105194912310021"),
        Invalid,
        "code.id_check",
    ),
    "no name": (lambda hall: with_applicant(hall, name="  "), Invalid, "applicant.name"),
    "a name of 500 characters": (
        lambda hall: with_applicant(hall, name="林" * 500),
        Invalid,
        "applicant.name",
    ),
    "a phone of letters": (
        lambda hall: with_applicant(hall, phone="打电话"),
        Invalid,
        "applicant.phone",
    ),
    "an applicant of no known kind": (
        lambda hall: with_applicant(hall, kind="robot"),
        Invalid,
        "applicant.kind",
    ),
    "a ticket that was never taken": (
        lambda hall: application(hall, ticket_id="0" * 26),
        Missing,
        "ticket.unknown",
    ),
}


@pytest.mark.parametrize(("make", "error", "code"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused_and_changes_nothing(hall, clerk, make, error, code):
    before = work.inbox(hall, clerk, "offered").total
    with pytest.raises(HallError) as refused:
        intake.receive(hall, clerk, make(hall))
    assert isinstance(refused.value, error)
    assert refused.value.code == code
    assert work.inbox(hall, clerk, "offered").total == before
    assert cases.find(hall, clerk, "").total == 0


def test_the_missing_papers_are_all_named_at_once(hall, clerk):
    with pytest.raises(Invalid) as refused:
        intake.receive(hall, clerk, application(hall, materials={}))
    required = [paper.name for paper in walk_through_matter(hall).materials if paper.required]
    assert refused.value.params["missing"] == required


def test_a_window_of_another_unit_does_not_receive_it(hall, cast):
    with pytest.raises(Forbidden) as refused:
        intake.receive(hall, cast.clerk(1), application(hall))
    assert refused.value.code == "intake.other_unit"


def test_a_rare_character_in_a_name_is_kept(hall, clerk):
    receipt = intake.receive(hall, clerk, with_applicant(hall, name="𠮷㼆"))
    assert cases.case(hall, clerk, receipt.case.id).applicant.name == "𠮷㼆"


def test_number_and_phone_are_stored_sealed(hall, clerk, city):
    form = application(hall)
    intake.receive(hall, clerk, form)
    hall.store.dispose()
    stored = b"".join(path.read_bytes() for path in city.data.glob("hall.sqlite*"))
    assert form.applicant.id_number.encode() not in stored
    assert form.applicant.phone.encode() not in stored


@pytest.mark.parametrize("process", ["instant", "one_review", "commitment", "parallel"])
def test_every_process_begins_with_a_task_of_the_lead_unit(hall, cast, process):
    matter = first_matter(hall, process)
    receipt = intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter))
    assert {task.unit_no for task in receipt.opened} == {matter.unit_no}
