"""What becomes of an entered application: the table's words, each outcome, and later papers."""

import re

import pytest

from engine.domain.case import CaseState
from engine.domain.people import SYSTEM
from engine.services import cases, intake, notices, papers, people
from tests.engine.services.receiving import enter, lacking, let_pass, required, tolerant_matter
from tests.story import application, walk_through_matter
from tests.webui.visitor import Visitor

SEEN = re.compile(r'name="seen" value="(\d+)"')
LAW = "《中华人民共和国行政许可法》第三十二条"
SCRIPT = "<script>alert(1)</script>" + "㼆" * 475


@pytest.fixture
def matter(hall):
    """The matter of the walk-through."""
    return walk_through_matter(hall)


@pytest.fixture
def by(staff):
    """The clerk of window 06."""
    return staff[6]


@pytest.fixture
def whole(hall, by):
    """An application that was entered with all its papers."""
    return enter(hall, by, application(hall))


@pytest.fixture
def gaps(matter):
    """The two papers that `wanting` lacks."""
    return [paper for paper in matter.materials if paper.required][:2]


@pytest.fixture
def wanting(hall, by, matter, gaps):
    """An application that was entered without two of its papers."""
    return enter(hall, by, lacking(hall, matter, *(paper.no for paper in gaps)))


@pytest.fixture
def awaited(hall, cast):
    """A case that was accepted with a tolerated paper outstanding, its clerk and the paper."""
    matter, paper = tolerant_matter(hall)
    by = cast.clerk(matter.unit_no)
    case = enter(hall, by, lacking(hall, matter, paper.no, state="tolerated"))
    return case, by, paper


def outcome(case):
    return f"/window/cases/{case.id}/outcome"


def stored(hall, by, case):
    return cases.case(hall, by, case.id)


def act(visitor, case, name, fields=None, **more):
    """Send the form of an act as the page of now shows it."""
    seen = SEEN.search(visitor.read(outcome(case)))[1]
    return visitor.post(f"/window/cases/{case.id}/{name}", {"seen": seen, **(fields or {}), **more})


def sheet_fields(given, matter, *absent):
    """The fields of the counter's sheet; the papers in `absent` were not handed in."""
    states = {
        f"paper-{no}-state": "missing" if no in absent else paper.state
        for no, paper in given.materials.items()
    }
    return {
        "once": "the-key-of-this-form",
        "case-matter": str(matter.no),
        "applicant-kind": given.applicant.kind,
        "applicant-name": given.applicant.name,
        "applicant-id_number": given.applicant.id_number,
        "applicant-phone": given.applicant.phone,
        **states,
        **{key: str(value) for key, value in given.answers.items()},
    }


def test_the_counter_offers_to_register_first(clerk, matter):
    page = clerk.read("/window/6", query_string={"matter": matter.no})
    assert 'formaction="/window/6/apply"' in page
    assert "先登记" in page


def test_a_sheet_with_missing_papers_is_registered_and_leads_to_its_outcome(
    clerk, hall, by, matter, gaps
):
    fields = sheet_fields(application(hall), matter, *(paper.no for paper in gaps))
    answer = clerk.post("/window/6/apply", fields)
    assert answer.status_code == 303, answer.text[-2000:]
    case_id = re.fullmatch(r"/window/cases/(\w+)/outcome", answer.location)[1]
    assert cases.case(hall, by, case_id).case.state is CaseState.APPLIED
    page = clerk.read(answer.location)
    assert all(paper.name in page for paper in gaps)


def test_the_same_sheet_sent_twice_is_one_application(clerk, hall, matter):
    fields = sheet_fields(application(hall), matter)
    first = clerk.post("/window/6/apply", fields).location
    assert clerk.post("/window/6/apply", fields).location == first
    assert clerk.post("/window/6/receive", fields).location == first


def test_registering_still_asks_for_the_applicant_and_keeps_what_was_typed(clerk, hall, matter):
    fields = sheet_fields(application(hall), matter, required(matter)[0])
    answer = clerk.post("/window/6/apply", {**fields, "applicant-name": "", "applicant-phone": "5"})
    assert answer.status_code == 422
    assert 'href="#f-applicant-name"' in answer.text
    assert 'href="#f-papers"' not in answer.text
    assert 'value="5"' in answer.text


def test_registering_without_a_matter_says_so(clerk):
    assert "请先选择事项" in clerk.post("/window/6/apply").text


def test_what_the_table_says_stands_before_the_button_with_its_row(clerk, whole):
    page = clerk.read(outcome(whole))
    verdict = page.index("可以受理")
    assert verdict < page.index('data-key="F8 Ctrl+Enter"')
    assert "规则 受理判断 acceptance-5" in page


def test_what_is_wanting_has_no_button_to_accept(clerk, wanting, gaps):
    page = clerk.read(outcome(wanting))
    assert "现在不能受理" in page
    assert "受理判断 acceptance-7" in page
    assert f"缺少必备材料：{gaps[0].name}、{gaps[1].name}" in page
    assert 'data-key="F8' not in page


def test_accepting_leads_to_the_counter_where_the_next_step_waits(clerk, hall, by, matter):
    answer = clerk.post("/window/6/apply", sheet_fields(application(hall), matter))
    case_id = answer.location.split("/")[3]
    seen = SEEN.search(clerk.read(answer.location))[1]
    accepted = clerk.post(f"/window/cases/{case_id}/accept", seen=seen)
    assert accepted.location == f"/window/6?case={case_id}"
    assert cases.case(hall, by, case_id).case.state is CaseState.ACCEPTED
    assert "下一环节：审查" in clerk.read(accepted.location)


def test_a_forged_acceptance_of_what_is_wanting_is_refused_in_words(clerk, hall, by, wanting, gaps):
    answer = act(clerk, wanting, "accept")
    assert answer.status_code == 422
    assert f"缺少必备材料：{gaps[0].name}" in answer.text
    assert stored(hall, by, wanting).case.state is CaseState.APPLIED


def test_the_notice_names_each_missing_paper_and_can_be_printed(clerk, hall, by, wanting, gaps):
    page = clerk.read(outcome(wanting))
    assert page.count('value="未提交"') == 2
    whys = {
        f"why-{gaps[0].no}": "没有带来",
        f"why-{gaps[1].no}": "未提交",
        "notice-channel": "window",
    }
    answer = act(clerk, wanting, "notice", whys)
    assert answer.status_code == 303
    slip = notices.slips(hall, by, wanting.id)[0]
    shown = clerk.read(answer.location)
    assert f"补正告知书 {slip.no} 已开出，请打印" in shown
    assert f"补正告知书 {slip.no} 已开出，等申请人补正" in shown
    assert f"/desk/slips/{slip.id}" in shown
    items = notices.notice(hall, by, slip.id).items
    assert [(one.no, one.why) for one in items] == [
        (gaps[0].no, "没有带来"),
        (gaps[1].no, "未提交"),
    ]


def test_a_notice_that_was_posted_is_noted_as_delivered_once(clerk, hall, by, wanting):
    page = clerk.read(act(clerk, wanting, "notice", {"notice-channel": "post"}).location)
    (slip,) = notices.slips(hall, by, wanting.id)
    path = f"/window/cases/{wanting.id}/slips/{slip.id}"
    assert f'action="{path}"' in page
    answer = clerk.post(path)
    assert answer.status_code == 303
    assert notices.notice(hall, by, slip.id).delivered_at is not None
    assert f'action="{path}"' not in clerk.read(answer.location)
    again = clerk.post(path)
    assert again.status_code == 409
    assert f"告知书 {slip.no} 已经送达" in again.text


def test_a_paper_that_is_there_but_not_in_legal_form_is_told_too(clerk, hall, by, whole, gaps):
    assert act(clerk, whole, "notice", {f"why-{gaps[0].no}": "没有盖章"}).status_code == 303
    slip = notices.slips(hall, by, whole.id)[0]
    (item,) = notices.notice(hall, by, slip.id).items
    assert (item.wanting, item.why) == ("defective", "没有盖章")


def test_a_notice_of_nothing_is_refused_in_words(clerk, whole):
    answer = act(clerk, whole, "notice")
    assert answer.status_code == 422
    assert "材料齐全，没有需要告知的内容" in answer.text


def test_a_second_notice_for_what_was_known_is_refused_and_keeps_the_text(
    clerk, wanting, matter, gaps
):
    act(clerk, wanting, "notice")
    other = next(no for no in required(matter) if no not in {paper.no for paper in gaps})
    answer = act(clerk, wanting, "notice", {f"why-{other}": "现在才看到没有盖章"})
    assert answer.status_code == 409
    assert "不能再次要求" in answer.text
    assert 'value="现在才看到没有盖章"' in answer.text


@pytest.fixture
def repeated(clerk, wanting, matter, gaps):
    """The field of a paper that the first notice should have named, as it is now written."""
    act(clerk, wanting, "notice")
    other = next(no for no in required(matter) if no not in {paper.no for paper in gaps})
    return {f"why-{other}": "现在才看到没有盖章"}


def test_a_supervisor_at_the_screen_lets_a_second_notice_through(
    clerk, hall, by, wanting, repeated
):
    assert "监察人员账号" not in clerk.read(outcome(wanting)), "asked for only when it is needed"
    blocked = act(clerk, wanting, "notice", repeated)
    assert '<label for="f-approver-account">' in blocked.text
    password = people.new_password(hall, SYSTEM, "supervisor1")
    given = repeated | {"approver-account": "supervisor1", "approver-reason": "前次漏看公章"}
    for wrong, status, said in (("", 422, "请输入密码"), ("guess-1", 403, "账号或密码不正确")):
        answer = act(clerk, wanting, "notice", given | {"password": wrong})
        assert answer.status_code == status
        assert said in answer.text
        assert "guess-1" not in answer.text
        for kept in ("现在才看到没有盖章", "supervisor1", "前次漏看公章"):
            assert kept in answer.text
    answer = act(clerk, wanting, "notice", given | {"password": password})
    assert answer.status_code == 303, answer.text[-2000:]
    told = next(line for line in stored(hall, by, wanting).history if line.kind == "NoticeRepeated")
    supervisor = next(one for one in people.everybody(hall) if one.account == "supervisor1")
    assert (told.by_name, told.params["approved_by"]) == (by.name, supervisor.id)
    assert (told.params["reason"], told.params["confirmed"]) == ("前次漏看公章", "password")


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"approver-reason": " "}, 422, "请写明同意再次告知的理由"),
        ({"approver-account": "clerk06"}, 403, "不能同意再次告知"),
        ({"approver-account": "nobody99"}, 404, "没有账号“nobody99”"),
        ({"approver-account": SCRIPT}, 404, "&lt;script&gt;"),
    ],
)
def test_nobody_else_and_nothing_unexplained_lets_it_through(
    clerk, hall, by, wanting, repeated, changes, status, said
):
    given = {"approver-account": "supervisor1", "approver-reason": "漏看", "as_demo": "1"}
    answer = act(clerk, wanting, "notice", repeated | given | changes)
    assert answer.status_code == status
    assert said in answer.text
    assert "现在才看到没有盖章" in answer.text
    assert "<script>alert" not in answer.text
    kinds = [line.kind for line in stored(hall, by, wanting).history]
    assert "NoticeRepeated" not in kinds


def test_the_demo_lets_its_supervisor_confirm_without_a_password(clerk, wanting, repeated):
    given = {"approver-account": "supervisor1", "approver-reason": "漏看", "as_demo": "1"}
    assert act(clerk, wanting, "notice", repeated | given).status_code == 303


@pytest.mark.parametrize("channel", ["pigeon", SCRIPT])
def test_a_forged_channel_is_refused_and_shown_escaped(clerk, wanting, channel):
    answer = act(clerk, wanting, "notice", {"notice-channel": channel})
    assert answer.status_code == 422
    assert "没有这种告知方式" in answer.text
    assert "<script>alert" not in answer.text


def test_forged_papers_of_a_notice_are_refused(clerk, whole):
    assert act(clerk, whole, "notice", {"why-77": "x"}).status_code == 422
    assert act(clerk, whole, "notice", {"why-" + "9" * 5000: "x"}).status_code == 422


def test_papers_that_are_brought_let_it_be_accepted(clerk, hall, by, wanting, gaps):
    act(clerk, wanting, "notice")
    fields = {f"paper-{paper.no}-state": "received" for paper in gaps}
    answer = act(clerk, wanting, "supplement", fields, **{f"paper-{gaps[0].no}-copies": "2"})
    assert answer.status_code == 303
    page = clerk.read(answer.location)
    assert "材料已登记" in page
    assert "可以受理" in page
    rows = {row.no: row for row in stored(hall, by, wanting).materials}
    assert (rows[gaps[0].no].state, rows[gaps[0].no].copies) == ("received", 2)
    assert act(clerk, wanting, "accept").status_code == 303


def test_wrong_copies_keep_what_was_typed(clerk, wanting, gaps):
    no = gaps[0].no
    fields = {f"paper-{no}-state": "received", f"paper-{no}-copies": "两份"}
    answer = act(clerk, wanting, "supplement", fields, **{f"paper-{no}-remark": SCRIPT})
    assert answer.status_code == 422
    assert "份数应为 0 到 999 的整数" in answer.text
    assert 'value="两份"' in answer.text
    assert "<script>alert" not in answer.text


def test_nothing_brought_and_forged_states_are_refused_in_words(clerk, wanting, gaps):
    assert "没有写明补来的材料" in act(clerk, wanting, "supplement").text
    answer = act(clerk, wanting, "supplement", {f"paper-{gaps[0].no}-state": "eaten"})
    assert "的状态无效" in answer.text
    answer = act(clerk, wanting, "supplement", {"paper-77-state": "received"})
    assert "没有编号为 77 的材料" in answer.text
    answer = act(clerk, wanting, "supplement", {f"paper-{gaps[0].no}-state": "tolerated"})
    assert "不可容缺" in answer.text


def test_errors_of_the_form_are_corrected_on_the_spot(clerk, hall, by, matter, whole):
    given = sheet_fields(application(hall), matter)
    form = intake.application_form(hall, matter.no)
    answers = {key: text for key, text in given.items() if key in form.fields}
    name = next(key for key, each in form.fields.items() if each.kind == "textfield")
    assert "当场更正" in clerk.read(outcome(whole))
    answer = act(clerk, whole, "correct", {**answers, name: "雁城明月贸易有限公司"})
    assert answer.status_code == 303, answer.text[-2000:]
    assert "当场更正记录" in clerk.read(answer.location)
    assert stored(hall, by, whole).answers[name] == "雁城明月贸易有限公司"


def test_a_wrong_correction_names_its_fields_and_keeps_them(clerk, hall, by, matter, whole):
    before = stored(hall, by, whole).answers
    form = intake.application_form(hall, matter.no)
    name = next(key for key, each in form.fields.items() if each.required)
    kept = next(key for key, each in form.fields.items() if each.kind == "textfield")
    empty = dict.fromkeys(form.fields, "")
    answer = act(clerk, whole, "correct", {**empty, kept: SCRIPT})
    assert answer.status_code == 422
    assert 'href="#f-' in answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text
    assert stored(hall, by, whole).answers == before
    assert before[name] is not None


def test_a_correction_of_nothing_is_refused_in_words(clerk, hall, matter, whole):
    given = sheet_fields(application(hall), matter)
    form = intake.application_form(hall, matter.no)
    answers = {key: text for key, text in given.items() if key in form.fields}
    answer = act(clerk, whole, "correct", answers)
    assert answer.status_code == 422
    assert "没有更正任何一项" in answer.text


def test_declining_says_why_and_whom_to_turn_to(clerk, hall, by, whole):
    fields = {"decline-reason": SCRIPT, "decline-law": LAW, "decline-organ": "县食药监局"}
    answer = act(clerk, whole, "decline", fields)
    assert answer.status_code == 303
    assert stored(hall, by, whole).case.state is CaseState.DECLINED
    (slip,) = notices.slips(hall, by, whole.id)
    assert slip.content["organ"] == "县食药监局"
    page = clerk.read(answer.location)
    assert f"不予受理通知书 {slip.no} 已开出" in page
    assert "这件申请的状态是“不予受理”" in page
    printed = clerk.read(f"/desk/slips/{slip.id}")
    assert "<script>alert" not in printed
    assert "&lt;script&gt;alert" in printed


def test_declining_without_a_reason_names_the_field_and_keeps_the_rest(clerk, hall, by, whole):
    answer = act(clerk, whole, "decline", {"decline-reason": " ", "decline-organ": "县局"})
    assert answer.status_code == 422
    assert "不予受理须写明理由和法律依据" in answer.text
    assert 'id="f-decline-reason-error"' in answer.text
    assert 'value="县局"' in answer.text
    assert stored(hall, by, whole).case.state is CaseState.APPLIED


def test_what_needs_no_licence_is_told_with_its_reason(clerk, hall, by, whole):
    empty = act(clerk, whole, "no-licence")
    assert empty.status_code == 422
    assert "请写明为什么不需要许可" in empty.text
    assert (
        act(clerk, whole, "no-licence", {"told-reason": "备案即可，不需要许可"}).status_code == 303
    )
    (slip,) = notices.slips(hall, by, whole.id)
    assert (slip.kind, slip.content["told"]) == ("no_licence", "备案即可，不需要许可")


def test_after_five_days_it_is_accepted_by_law_and_no_notice_is_given(
    clerk, hall, by, now, wanting
):
    now.move_to(now().replace(month=11, day=3))
    clerk = Visitor(clerk.app, "clerk06")
    page = clerk.read(outcome(wanting))
    assert "依法自收到申请之日起视为受理" in page
    assert "开出补正告知书" not in page
    late = act(clerk, wanting, "notice")
    assert late.status_code == 409
    assert "告知期限已于" in late.text
    assert act(clerk, wanting, "accept").status_code == 303
    assert stored(hall, by, wanting).case.accepted_at == wanting.applied_at


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("accept", {}),
        ("notice", {}),
        ("decline", {"decline-reason": "写了很久的理由", "decline-law": LAW}),
        ("no-licence", {"told-reason": "写了很久的理由"}),
        ("supplement", {"paper-1-state": "received", "paper-1-remark": "写了很久的理由"}),
    ],
)
def test_a_stale_page_changes_nothing_and_keeps_the_text(clerk, hall, by, wanting, name, fields):
    answer = clerk.post(f"/window/cases/{wanting.id}/{name}", {"seen": "99", **fields})
    assert answer.status_code == 409
    assert "已被他人更新" in answer.text
    assert "写了很久的理由" in answer.text or not fields
    assert stored(hall, by, wanting).case.state is CaseState.APPLIED


def test_what_a_colleague_did_meanwhile_is_said_and_the_text_kept(clerk, whole):
    fields = {"decline-reason": "写了很久的理由", "decline-law": LAW}
    act(clerk, whole, "decline", fields)
    page = clerk.read(outcome(whole))
    assert 'name="decline-reason"' not in page
    again = clerk.post(f"/window/cases/{whole.id}/decline", {"seen": "1", **fields})
    assert again.status_code == 409
    assert "您填写的内容（未提交）" in again.text
    assert "写了很久的理由" in again.text


def test_a_tolerated_paper_that_is_brought_is_taken(app, hall, awaited):
    case, by, paper = awaited
    visitor = Visitor(app, by.account)
    assert "可以受理" in visitor.read(outcome(case))
    accepted = act(visitor, case, "accept")
    assert accepted.location == outcome(case)
    page = visitor.read(accepted.location)
    assert paper.name in page
    assert "2015-11-09" in page
    answer = act(visitor, case, f"papers/{paper.no}")
    assert answer.status_code == 303
    assert papers.tolerated(hall, by) == []
    after = visitor.read(answer.location)
    assert "没有待收的材料" in after
    seen = str(stored(hall, by, case).case.rev)
    again = visitor.post(f"/window/cases/{case.id}/papers/{paper.no}", seen=seen)
    assert again.status_code == 422
    assert "不在等待补齐的容缺材料之中" in again.text


def test_another_unit_neither_sees_nor_decides(app, hall, by, whole):
    stranger = Visitor(app, "clerk54")
    assert stranger.get(outcome(whole)).status_code == 403
    for name in (
        "accept",
        "notice",
        "correct",
        "decline",
        "no-licence",
        "supplement",
        "papers/1",
        "slips/x",
    ):
        assert stranger.post(f"/window/cases/{whole.id}/{name}", seen="0").status_code == 403
    assert stored(hall, by, whole).case.state is CaseState.APPLIED


def test_who_does_not_serve_a_window_stays_out(app, whole):
    assert Visitor(app, "head26").get(outcome(whole)).status_code == 403


def test_an_unknown_application_is_not_found(clerk):
    assert clerk.get("/window/cases/none/outcome").status_code == 404
    assert clerk.post("/window/cases/none/accept", seen="0").status_code == 404


def test_a_forged_post_without_the_token_is_refused(clerk, whole):
    answer = clerk.client.post(f"/window/cases/{whole.id}/accept", data={"seen": "0"})
    assert answer.status_code == 403


def test_the_worker_accepts_what_nobody_answered_and_the_page_says_what_it_is(
    app, hall, by, now, wanting
):
    let_pass(hall, now, "2015-11-03T09:00")
    page = Visitor(app, "clerk06").read(outcome(wanting))
    assert "这件申请的状态是“办理中”" in page
    assert "受理通知书" in page
