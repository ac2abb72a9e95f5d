"""Applications: received, accepted, declined, and refused when something is wrong."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.case import CaseState
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid, Missing
from engine.kernel.now import hall_moment
from engine.services import cases, intake, notices, work
from engine.services.intake import MaterialHandedIn
from engine.storage import notices as rows
from tests.engine.services.receiving import LAW, lacking, required
from tests.story import application, first_matter, walk_through_matter


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
    told = [line.kind for line in history]
    assert told == ["Applied", "DecisionMade", "SlipIssued", "Declined"]


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


def slips(hall, case):
    with hall.reading() as unit:
        return rows.slips_of(unit, case.id)


def accepted(hall, clerk, case):
    return intake.accept(hall, clerk, case.id, case.rev)


def supplemented(hall, clerk, case):
    return notices.issue(hall, clerk, case.id, {1: "没有签名"}, "window", case.rev)


def corrected(hall, clerk, case):
    return intake.correct(hall, clerk, case.id, {"legal_representative": "陈晓"}, case.rev)


def declined(hall, clerk, case):
    reason = "属于省级机关职权"
    return intake.decline(hall, clerk, case.id, reason, LAW, case.rev, organ="省工商局")


def needless(hall, clerk, case):
    return intake.no_licence(hall, clerk, case.id, "经营范围不涉及许可", case.rev)


OUTCOMES = {
    "accept": (accepted, "acceptance", "acceptance#acceptance-5", "Accepted", "accepted"),
    "supplement": (
        supplemented,
        "supplement",
        "acceptance#acceptance-7",
        "NoticeIssued",
        "applied",
    ),
    "correct": (corrected, "correction", "acceptance#acceptance-4", "Corrected", "applied"),
    "decline": (declined, "decline", "acceptance#acceptance-2", "Declined", "declined"),
    "no_licence": (
        needless,
        "no_licence",
        "acceptance#acceptance-1",
        "NoLicenceNeeded",
        "declined",
    ),
}


@pytest.mark.parametrize(
    ("act", "slip", "row", "event", "state"), OUTCOMES.values(), ids=OUTCOMES.keys()
)
def test_m_law_1_each_outcome_of_art_32_leaves_its_own_document_and_event(
    hall, clerk, act, slip, row, event, state
):
    case = intake.apply(hall, clerk, application(hall)).case
    act(hall, clerk, case)
    (made,) = slips(hall, case)
    assert (made.kind, made.row) == (slip, row)
    assert made.no.split("-")[1:] == ["2015", "000001"]
    view = cases.case(hall, clerk, case.id)
    assert event in [line.kind for line in view.history]
    assert view.case.state == state
    (decision,) = [one for one in view.decisions if one.table == "acceptance"]
    assert row == f"acceptance#{decision.rows[0]}"
    assert cases.explain(hall, clerk, decision.id)["same"] is True


def test_slips_are_numbered_by_kind_without_gaps(hall, clerk):
    for _ in range(3):
        case = intake.apply(hall, clerk, application(hall)).case
        last = declined(hall, clerk, case).slip
    assert last.no == "D-2015-000003"
    assert intake.receive(hall, clerk, application(hall)).slip.no == "A-2015-000001"


def test_a_decline_names_the_organ_that_is_competent(hall, clerk):
    case = intake.apply(hall, clerk, application(hall)).case
    slip = declined(hall, clerk, case).slip
    assert slip.content["organ"] == "省工商局"
    assert slip.content["law"] == LAW


def test_a_correction_keeps_what_stood_there_and_the_case_is_judged_again(hall, clerk):
    case = intake.apply(hall, clerk, application(hall)).case
    done = corrected(hall, clerk, case)
    before = application(hall).answers["legal_representative"]
    assert done.slip.content["corrected"] == {"legal_representative": [before, "陈晓"]}
    assert done.judged.outcome == "accept"
    view = cases.case(hall, clerk, case.id)
    assert view.answers["legal_representative"] == "陈晓"
    assert view.case.data["legal_representative"] == "陈晓"
    assert accepted(hall, clerk, done.case).case.state is CaseState.ACCEPTED


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({}, "intake.nothing_corrected", id="nothing at all"),
        pytest.param({"is_admin": True}, "form.answers", id="no such field"),
        pytest.param({"registered_capital": "一百"}, "form.answers", id="text for a number"),
    ],
)
def test_a_wrong_correction_changes_nothing(hall, clerk, fields, code):
    case = intake.apply(hall, clerk, application(hall)).case
    with pytest.raises(Invalid) as refused:
        intake.correct(hall, clerk, case.id, fields, case.rev)
    assert refused.value.code == code
    assert cases.case(hall, clerk, case.id).case.rev == case.rev


@pytest.mark.parametrize("act", [accepted, corrected, declined, needless])
def test_a_declined_application_stays_declined(hall, clerk, act):
    case = declined(hall, clerk, intake.apply(hall, clerk, application(hall)).case).case
    with pytest.raises(Conflict) as refused:
        act(hall, clerk, case)
    assert refused.value.code == "case.not_in_state"
    assert len(slips(hall, case)) == 1


def test_needing_no_licence_is_told_with_its_reason(hall, clerk):
    case = intake.apply(hall, clerk, application(hall)).case
    with pytest.raises(Invalid, match=r"intake\.reason_missing"):
        intake.no_licence(hall, clerk, case.id, "  ", case.rev)


def test_the_table_says_beforehand_what_an_application_would_be(hall, clerk):
    gap = required(walk_through_matter(hall))[0]
    whole, lacks = application(hall), lacking(hall, walk_through_matter(hall), gap)
    assert intake.judge(hall, clerk, whole).row == "acceptance#acceptance-5"
    found = intake.judge(hall, clerk, lacks)
    assert (found.outcome, found.slip, len(found.missing)) == ("supplement", "supplement", 1)
    assert LAW in found.legal_basis
    wrong = intake.Findings(errors=("legal_representative",))
    assert intake.judge(hall, clerk, whole, wrong).outcome == "correct"
    assert cases.find(hall, clerk, "").total == 0, "nothing was entered"


def test_papers_of_the_situation_are_asked_for_when_they_were_noted(hall, clerk):
    whole = application(hall)
    noted = replace(whole, extra={}, situation=frozenset({"foreign_language"}))
    found = intake.judge(hall, clerk, noted)
    assert "中文译本" in found.missing
    given = dict.fromkeys(found.missing, MaterialHandedIn("received"))
    receipt = intake.receive(hall, clerk, replace(noted, extra=given))
    assert receipt.case.data["foreign_language"] is True
    kept = {row.name: row.no for row in cases.case(hall, clerk, receipt.case.id).materials}
    assert kept["中文译本"] > 900


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(
            {"situation": frozenset({"rich"})}, "intake.situation_unknown", id="no such situation"
        ),
        pytest.param(
            {"extra": {"户口本": MaterialHandedIn("received")}},
            "intake.material_unknown",
            id="not asked for",
        ),
        pytest.param(
            {"extra": {"营业执照": MaterialHandedIn("tolerated")}},
            "intake.not_tolerated",
            id="never tolerated",
        ),
    ],
)
def test_a_wrong_situation_is_refused(hall, clerk, changes, code):
    whole = application(hall)
    firm = replace(whole.applicant, kind="enterprise")
    with pytest.raises(Invalid) as refused:
        intake.receive(hall, clerk, replace(whole, applicant=firm, **changes))
    assert refused.value.code == code
