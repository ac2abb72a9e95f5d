"""What is printed of a case: every kind of slip on its own sheet, and the way the case went."""

import re

import pytest

from engine.demo.carry import carry
from engine.services import (
    cases,
    catalogue,
    extensions,
    intake,
    licences,
    notices,
    people,
    printouts,
    work,
)
from engine.services import special_procedures as procedures
from tests.engine.services.receiving import enter, lacking, required
from tests.story import answers, application, walk_through_matter
from tests.webui.visitor import Visitor
from webui.kit.qr import qr

FOOD = 377
LAW = "《中华人民共和国行政许可法》第三十二条"
SCRIPT = "<script>alert(1)</script>" + "𠮷" * 475
GRANTED = {"review_outcome": "pass", "decision_outcome": "grant"}
REFUSED = {
    "review_outcome": "pass",
    "decision_outcome": "refuse",
    "refuse_reason": SCRIPT,
    "refuse_law": "公司登记管理条例第二十条",
    "refuse_remedy": "六十日内可以申请行政复议，六个月内可以提起诉讼。",
}


@pytest.fixture
def matter(hall):
    """The matter of the walk-through."""
    return walk_through_matter(hall)


@pytest.fixture
def by(staff):
    """The clerk of window 06."""
    return staff[6]


@pytest.fixture
def received(hall, by):
    """A case of the walk-through's matter that was accepted at the window."""
    return intake.receive(hall, by, application(hall)).case


@pytest.fixture
def decided(hall, cast, matter):
    """A case of the walk-through's matter, decided as the answers say."""
    return lambda wanted: carry(hall, cast, matter.no, wanted).case


def sheet(visitor, hall, by, case, kind):
    """Return the printed sheet of a kind, reached from the list of the case."""
    _, sheets = printouts.of_case(hall, by, case.id)
    found = next(one for one in sheets if one.kind == kind)
    address = (
        f"/desk/slips/{found.slip_id}" if found.slip_id else f"/desk/cases/{case.id}/slips/{kind}"
    )
    assert f'href="{address}"' in visitor.read(f"/desk/cases/{case.id}/slips")
    return visitor.read(address)


def test_a_case_without_slips_says_so(clerk, hall, by):
    case = enter(hall, by, application(hall))
    assert "还没有开出文书" in clerk.read(f"/desk/cases/{case.id}/slips")


def test_the_list_names_each_slip_with_number_and_row(clerk, hall, by, received):
    (slip,) = notices.slips(hall, by, received.id)
    page = clerk.read(f"/desk/cases/{received.id}/slips")
    for text in (slip.no, "受理通知书", "窗口当面交付", by.name, "受理判断 acceptance-5"):
        assert text in page, text


def test_the_acceptance_says_when_and_until_when(clerk, hall, by, received, matter):
    page = sheet(clerk, hall, by, received, "acceptance")
    for text in (
        "受理通知书",
        "林晓禾",
        matter.name,
        received.case_no,
        f"{received.promised_due.isoformat()} 周",
        f"{received.statutory_due.isoformat()} 周",
        matter.materials[0].name,
        "演示印章",
        "无法律效力",
    ):
        assert text in page, text
    assert "11010519491231002X" not in page


def test_every_sheet_has_a_code_to_the_public_pages(clerk, hall, by, received):
    page = sheet(clerk, hall, by, received, "acceptance")
    assert qr("http://localhost/").path in page
    assert 'aria-label="扫码进入政务大厅公开页面"' in page


def test_the_notice_lists_all_that_is_wanting(clerk, hall, by, matter):
    gaps = required(matter)[:2]
    case = enter(hall, by, lacking(hall, matter, *gaps))
    notices.issue(hall, by, case.id, {gaps[0]: SCRIPT}, "post", case.rev)
    page = sheet(clerk, hall, by, case, "supplement")
    assert "补正告知书" in page
    assert all(paper.name in page for paper in matter.materials if paper.no in gaps)
    assert "除上列内容外，不再要求补正" in page
    assert "邮寄" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_declining_names_reason_law_and_organ(clerk, hall, by):
    case = enter(hall, by, application(hall))
    intake.decline(hall, by, case.id, "不属本机关职权", LAW, case.rev, "县食药监局")
    page = sheet(clerk, hall, by, case, "decline")
    for text in ("不予受理通知书", "不属本机关职权", LAW, "县食药监局"):
        assert text in page, text


def test_what_needs_no_licence_is_told(clerk, hall, by):
    case = enter(hall, by, application(hall))
    intake.no_licence(hall, by, case.id, "备案即可", case.rev)
    page = sheet(clerk, hall, by, case, "no_licence")
    assert "无需许可告知书" in page
    assert "备案即可" in page


def test_a_correction_shows_before_and_after(clerk, hall, by):
    given = application(hall)
    name, before = next((key, text) for key, text in given.answers.items() if isinstance(text, str))
    case = enter(hall, by, given)
    changed = intake.correct(hall, by, case.id, {name: f"{before}号"}, case.rev)
    assert changed.slip.kind == "correction"
    page = sheet(clerk, hall, by, case, "correction")
    assert "当场更正记录" in page
    assert f">{before}<" in page
    assert f">{before}号<" in page


def test_a_special_procedure_says_how_long_and_what_the_limit_does(app, hall, cast):
    matter = catalogue.matter(hall, FOOD)
    by = cast.clerk(matter.unit_no)
    case = intake.receive(hall, by, application(hall, matter)).case
    chief = cast.holder(matter.unit_no, "chief")
    two = [by.account, cast.holder(matter.unit_no, "reviewer").account]
    procedures.start(hall, chief, case.id, "inspection", 5, "食品安全法第三十五条", two, case.rev)
    page = sheet(Visitor(app, by.account), hall, by, case, "special_procedure")
    for text in ("特别程序告知书", "检验", "5 个工作日", "食品安全法第三十五条"):
        assert text in page, text


def test_an_extension_gives_its_reasons_and_the_new_limit(clerk, hall, cast, by, received):
    head = cast.holder(received.unit_no, "head")
    extended = extensions.extend(hall, head, received.id, "案情复杂", received.rev)
    page = sheet(clerk, hall, by, received, "extension")
    for text in ("延期告知书", "案情复杂", "10 个工作日", extended.statutory_due.isoformat()):
        assert text in page, text
    assert re.search(r"2015延\d{5}", page)


def test_a_decision_that_grants_leads_to_its_licence(clerk, hall, by, decided):
    case = decided(GRANTED)
    licence = cases.case(hall, by, case.id).licence
    page = sheet(clerk, hall, by, case, "decision")
    assert "准予行政许可决定书" in page
    assert "救济途径" not in page
    assert licence.no in page
    assert qr(f"http://localhost/licences/check?no={licence.no}").path in page


def test_a_refusal_gives_reason_law_and_remedy_escaped(clerk, hall, by, decided):
    page = sheet(clerk, hall, by, decided(REFUSED), "decision")
    assert "不予行政许可决定书" in page
    for name in ("refuse_law", "refuse_remedy"):
        assert REFUSED[name] in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_receipt_of_delivery_is_open_until_it_is_delivered(clerk, hall, by, decided):
    case = decided(GRANTED)
    before = sheet(clerk, hall, by, case, "delivery")
    assert "送达回证" in before
    assert before.count("slip-blank") == 5
    hander = next(one for one in people.everybody(hall) if one.account == "clerk01")
    licences.hand_out(hall, hander, case.id, taken_by="林晓禾", window_no=1, seen=case.rev)
    after = sheet(clerk, hall, by, case, "delivery")
    assert "窗口领取" in after
    assert hander.name in after
    assert after.count("slip-blank") == 1


def test_a_result_that_was_posted_says_its_reference(clerk, hall, by, decided):
    case = decided(GRANTED)
    hander = next(one for one in people.everybody(hall) if one.account == "clerk01")
    licences.send(hall, hander, case.id, "post", "EMS-1", case.rev)
    page = sheet(clerk, hall, by, case, "delivery")
    assert "EMS-1" in page
    assert "邮寄" in page


def test_the_flow_tells_steps_people_and_days(clerk, hall, by, received):
    task = next(line.task for line in cases.case(hall, by, received.id).tasks)
    work.complete_task(hall, by, task.id, answers(hall, task), received.rev)
    page = clerk.read(f"/desk/cases/{received.id}/flow")
    for text in ("环节流转单", received.case_no, task.name, by.name, "核准", "办理中"):
        assert text in page, text


def test_the_flow_of_an_application_without_steps_says_so(clerk, hall, by):
    case = enter(hall, by, application(hall))
    assert "还没有环节" in clerk.read(f"/desk/cases/{case.id}/flow")


def test_what_a_case_does_not_have_is_not_printed(clerk, received):
    for kind in ("decision", "delivery", "extension", "nonsense"):
        assert clerk.get(f"/desk/cases/{received.id}/slips/{kind}").status_code == 404
    assert clerk.get("/desk/slips/none").status_code == 404


def test_another_unit_prints_nothing(app, hall, by, received):
    (slip,) = notices.slips(hall, by, received.id)
    stranger = Visitor(app, "clerk54")
    for path in (
        f"/desk/cases/{received.id}/slips",
        f"/desk/cases/{received.id}/flow",
        f"/desk/cases/{received.id}/slips/decision",
        f"/desk/slips/{slip.id}",
    ):
        assert stranger.get(path).status_code == 403, path


def test_a_stranger_is_sent_to_sign_in(visitor, received):
    assert visitor.get(f"/desk/cases/{received.id}/slips").status_code == 303


def test_the_pages_speak_english_too(clerk, hall, by, decided):
    case = decided(GRANTED)
    clerk.post("/account/language", language="en", next="/")
    for path in ("slips", "flow", "slips/decision", "slips/delivery"):
        page = clerk.read(f"/desk/cases/{case.id}/{path}")
        assert 'lang="en"' in page
        assert not re.search(r">(slip|flow|outcome)\.\w+", page), path
