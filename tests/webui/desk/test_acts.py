"""The acts beside the steps: who may, who may not and by which row, and what was done so far."""

import re

import pytest

from engine.domain.people import SYSTEM
from engine.services import (
    cases,
    catalogue,
    intake,
    people,
    seals,
    special_procedures,
    urgent,
    work,
)
from tests.story import answers, application
from tests.webui.visitor import Visitor

SEEN = re.compile(r'name="seen" value="(\d+)"')
COMMITTED = 346
LAW = "《中华人民共和国食品安全法》第三十五条"
SCRIPT = "<script>alert(1)</script>" + "长" * 500


@pytest.fixture
def matter(hall):
    """A matter of unit 26 that is promised within days."""
    return catalogue.matter(hall, COMMITTED)


@pytest.fixture
def case(hall, cast, matter):
    return intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case


@pytest.fixture
def person(app, cast, matter):
    """Sign in somebody of the unit by his post."""
    return lambda post: Visitor(app, cast.holder(matter.unit_no, post).account)


@pytest.fixture
def walked(hall, cast):
    """A case of the walk-through's matter whose review waits."""
    return intake.receive(hall, cast.clerk(26), application(hall))


@pytest.fixture
def decided(hall, cast, walked):
    task = walked.opened[0]
    clerk, chief = cast.clerk(26), cast.holder(26, "chief")
    done = work.complete_task(hall, clerk, task.id, answers(hall, task), walked.case.rev)
    task = done.opened[0]
    return work.complete_task(hall, chief, task.id, answers(hall, task), done.case.rev).case


def at(case):
    return f"/desk/cases/{case.id}/acts"


def send(visitor, case, path, **fields):
    page = visitor.read(at(case))
    return visitor.post(f"{at(case)}/{path}", {"seen": SEEN.search(page)[1], **fields})


def forged(visitor, case, path, **fields):
    return visitor.post(f"{at(case)}/{path}", {"seen": str(case.rev), **fields})


def now_stands(hall, case):
    with hall.reading() as unit:
        return cases.cases.case(unit, case.id)


def start(hall, cast, case, **changes):
    """Start an inspection by two people who may sign."""
    two = [cast.holder(case.unit_no, post) for post in ("clerk", "reviewer")]
    fields = {
        "kind": "inspection",
        "days": "5",
        "legal_basis": LAW,
        "chair": two[0].account,
        "people": [two[1].account],
    }
    return fields | changes


def section(page, name):
    """Return the card of an act, "" without one."""
    found = re.search(rf'<section class="card ?" id="{name}">', page)
    return "" if found is None else page[found.start() : page.index("</form>", found.start())]


def why_not(page):
    """Return what is said of the acts that are refused."""
    return page[page.index('id="refused"') : page.index('class="desk-side"')]


def test_the_chief_may_organise_dispose_and_withdraw_but_not_extend(person, case):
    page = person("chief").read(at(case))
    for name in ("organise", "urgent", "withdraw"):
        card = section(page, name)
        assert card.index('class="verdict yes"') < card.index("<form")
    assert "雁政授" in section(page, "urgent")
    assert not section(page, "extend")
    refused = why_not(page)
    assert "不能办理的操作及原因" in refused
    assert "延长法定期限" in refused
    assert "本岗位不行使这项权力" in refused
    assert re.search(r"规则 .*authority-\d+", refused)
    assert "还没有决定，不能用章" in refused


def test_the_clerk_may_only_withdraw_and_reads_which_row_says_no(person, case):
    page = person("clerk").read(at(case))
    assert section(page, "withdraw")
    for name in ("organise", "extend", "urgent", "seal"):
        assert not section(page, name)
    assert why_not(page).count("authority-") >= 3


def test_the_head_may_extend(person, case):
    page = person("head").read(at(case))
    assert "依法最多延长 10 个工作日" in section(page, "extend")
    assert not section(page, "organise") or 'class="verdict yes"' in section(page, "organise")


def test_a_case_without_any_history_of_acts_says_so(person, case):
    page = person("chief").read(at(case))
    for sentence in ("没有启动过特别程序", "没有行使过特别处置权", "没有用过章"):
        assert sentence in page


def test_somebody_of_another_unit_does_not_see_the_acts(app, case):
    assert Visitor(app, "clerk54").get(at(case)).status_code == 403


def test_an_unknown_case_is_not_found(person):
    assert person("chief").get("/desk/cases/none/acts").status_code == 404


def test_a_supervisor_reads_why_nothing_is_his_and_posts_nothing(app, hall, case):
    visitor = Visitor(app, "supervisor1")
    page = visitor.read(at(case))
    assert "您现在不能对这个办件办理任何操作" in page
    assert "<details open>" in why_not(page)
    assert forged(visitor, case, "withdraw", reason="x").status_code == 403
    assert now_stands(hall, case).rev == case.rev


def test_a_post_without_the_token_is_refused(person, case):
    visitor = person("chief")
    answer = visitor.client.post(f"{at(case)}/withdraw", data={"reason": "x"})
    assert answer.status_code == 403


# Special procedures


def test_a_special_procedure_is_started_announced_anew_and_broken_off(hall, cast, person, case):
    chief = person("chief")
    answer = send(chief, case, "procedure", **start(hall, cast, case))
    assert answer.status_code == 303, answer.text[-3000:]
    page = chief.read(answer.location)
    assert "特别程序已启动" in page
    (procedure,) = special_procedures.of_case(hall, cast.holder(case.unit_no, "chief"), case.id)
    assert procedure.is_running
    for text in ("检验", "进行中", "期间不计入时限", procedure.notice_no, LAW):
        assert text in page, text
    assert f'href="/desk/cases/{procedure.child_id}"' in page
    path = f"procedure/{procedure.id}"
    nothing = send(chief, case, f"{path}/reannounce", days="12", reason=" ")
    assert nothing.status_code == 422
    assert "请写明延长所需时间的原因" in nothing.text
    assert 'value="12"' in nothing.text
    later = send(chief, case, f"{path}/reannounce", days="12", reason="样品须送省级机构复检")
    assert "所需时间已重新告知" in chief.read(later.location)
    ended = send(chief, case, f"{path}/end", result="broken_off")
    assert "提前终止" in chief.read(ended.location)
    twice = send(chief, case, f"{path}/end", result="broken_off")
    assert twice.status_code == 409
    assert "已经结束" in twice.text


def test_a_procedure_that_too_few_signed_is_not_done(hall, cast, person, case):
    chief = person("chief")
    send(chief, case, "procedure", **start(hall, cast, case))
    (procedure,) = special_procedures.of_case(hall, cast.holder(case.unit_no, "chief"), case.id)
    answer = send(chief, case, f"procedure/{procedure.id}/end", result="done")
    assert answer.status_code == 403
    assert "须由2人以上进行并各自签字，现为0人" in answer.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("kind", "", "请选择种类"),
        ("kind", "dance", "请选择种类"),
        ("days", "", "须为1至400个工作日"),
        ("days", "许多", "须为1至400个工作日"),
        ("legal_basis", " ", "请写明启动特别程序的依据"),
        ("chair", "", "请指定参加的人员"),
        ("chair", "nobody99", "没有账号“nobody99”"),
    ],
)
def test_a_wrong_field_is_said_at_the_field_and_the_rest_is_kept(
    hall, cast, person, case, field, typed, said
):
    fields = start(hall, cast, case) | {"legal_basis": "我写的依据"} | {field: typed}
    answer = send(person("chief"), case, "procedure", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#f-organise-' in answer.text
    if field != "legal_basis":
        assert "我写的依据" in answer.text
    assert re.search(r'name="people" value="\w+" checked', answer.text)
    assert now_stands(hall, case).rev == case.rev


def test_one_person_is_too_few_for_an_inspection_and_the_row_says_so(hall, cast, person, case):
    fields = start(hall, cast, case, people=[])
    answer = send(person("chief"), case, "procedure", **fields)
    assert answer.status_code == 403
    assert "须由2人以上进行并各自签字，现为1人" in answer.text
    assert "规则" in answer.text
    assert LAW in answer.text


def test_a_forged_start_is_refused_and_kept_in_the_history(hall, cast, person, case):
    answer = forged(person("clerk"), case, "procedure", **start(hall, cast, case))
    assert answer.status_code == 403
    assert "未获准" in answer.text
    assert "您填写的内容（未提交）" in answer.text
    assert LAW in answer.text
    head = cast.holder(case.unit_no, "head")
    assert cases.case(hall, head, case.id).history[-1].kind == "ActRefused"
    assert special_procedures.of_case(hall, head, case.id) == []


def test_an_unknown_procedure_is_not_found(person, case):
    answer = forged(person("chief"), case, "procedure/none/end", result="done")
    assert answer.status_code == 404


# Extension


def test_the_head_extends_once(hall, person, case):
    head = person("head")
    answer = send(head, case, "extend", days="", reason="需要等待省厅批复")
    page = head.read(answer.location)
    assert "期限已延长" in page
    assert "已经延期一次" in why_not(page)
    assert now_stands(hall, case).statutory_due > case.statutory_due
    again = send(head, case, "extend", reason="再等一等")
    assert again.status_code == 409
    assert "再等一等" in again.text


@pytest.mark.parametrize("days", ["0", "11", "x", "-3"])
def test_the_head_extends_by_no_more_than_the_law_allows(hall, person, case, days):
    answer = send(person("head"), case, "extend", days=days, reason="需要等待省厅批复")
    assert answer.status_code == 422
    assert "延期天数须在 1 至 10 个工作日之间" in answer.text
    assert "需要等待省厅批复" in answer.text
    assert now_stands(hall, case).rev == case.rev


def test_an_extension_by_the_chief_is_refused_with_its_row(person, case):
    answer = forged(person("chief"), case, "extend", reason="我来延期")
    assert answer.status_code == 403
    assert re.search(r"未获准：本岗位不行使这项权力（规则 .*authority-\d+）", answer.text)
    assert "我来延期" in answer.text


# Urgent


def test_an_urgent_use_waits_for_its_review(hall, person, case):
    chief = person("chief")
    answer = send(chief, case, "urgent", kind="out_of_order", reason="防汛物资")
    page = chief.read(answer.location)
    assert "复核任务已派出" in page
    assert "待复核" in page
    assert "防汛物资" in page
    assert "提前办理" in page[page.index('id="urgent-uses"') :]


def test_a_reviewed_use_shows_what_was_found(hall, cast, person, walked):
    chief, head = cast.holder(26, "chief"), cast.holder(26, "head")
    used = urgent.use(hall, chief, walked.case.id, "shorten", "当日投用", walked.case.rev)
    review = {"after_review_finding": "upheld", "after_review_opinion": "情况属实，处置得当"}
    work.complete_task(hall, head, used.task_id, review, now_stands(hall, walked.case).rev)
    page = person("chief").read(at(walked.case))
    assert "处置得当" in page
    assert head.name in page


@pytest.mark.parametrize(
    ("kind", "reason", "said"),
    [("", "急", "请选择种类"), ("shorten", "  ", "行使特别处置权须写明理由")],
)
def test_urgency_needs_a_kind_and_a_reason(person, case, kind, reason, said):
    answer = send(person("chief"), case, "urgent", kind=kind, reason=reason)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_clerk_is_refused_urgency_and_his_text_is_kept(person, case):
    answer = forged(person("clerk"), case, "urgent", kind="shorten", reason="我很急")
    assert answer.status_code == 403
    assert "未获准" in answer.text
    assert "我很急" in answer.text


def test_a_changed_case_keeps_the_text_and_lets_it_be_sent_again(person, case):
    chief = person("chief")
    old = chief.post(f"{at(case)}/urgent", seen="0", kind="shorten", reason="防汛物资")
    assert old.status_code == 409
    assert "防汛物资" in old.text
    again = {"seen": SEEN.search(old.text)[1], "kind": "shorten", "reason": "防汛物资"}
    assert chief.post(f"{at(case)}/urgent", again).status_code == 303


# Withdrawal


def test_a_withdrawn_case_allows_nothing_more(hall, person, case):
    clerk = person("clerk")
    blank = send(clerk, case, "withdraw", reason=" ")
    assert blank.status_code == 422
    assert "请写明撤回的理由" in blank.text
    answer = send(clerk, case, "withdraw", reason="申请人改变计划")
    page = clerk.read(answer.location)
    assert "申请已撤回" in page
    assert "已撤回" in page
    assert "您现在不能对这个办件办理任何操作" in page
    assert now_stands(hall, case).state == "withdrawn"
    rev = now_stands(hall, case).rev
    twice = clerk.post(f"{at(case)}/withdraw", seen=str(rev), reason="再撤一次")
    assert twice.status_code == 409
    assert "办件当前状态不允许此操作" in twice.text
    assert "再撤一次" in twice.text


def test_a_stranger_does_not_withdraw(app, hall, case):
    assert forged(Visitor(app, "clerk54"), case, "withdraw", reason="x").status_code == 403
    assert now_stands(hall, case).state == "accepted"


def test_scripts_and_long_texts_are_shown_as_text(person, case):
    answer = send(person("head"), case, "extend", days="99", reason=SCRIPT)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    again = forged(person("clerk"), case, "extend", reason=SCRIPT)
    assert "<script>alert" not in again.text
    assert "&lt;script&gt;alert(1)" in again.text


# Seal


def test_the_seal_is_set_a_second_time_with_a_reason_only(hall, cast, app, decided):
    visitor, chief = Visitor(app, "chief26"), cast.holder(26, "chief")
    page = visitor.read(at(decided))
    assert "有效" in page[page.index('id="seal-uses"') :]
    card = section(page, "seal")
    assert "准予行政许可决定书" in card
    digest = re.search(r'name="document" value="([^"]+)"', card)[1]
    bare = send(visitor, decided, "seal", document=digest, as_demo="1")
    assert bare.status_code == 422
    assert "再次用章须写明理由" in bare.text
    answer = send(visitor, decided, "seal", document=digest, reason="加盖决定书", as_demo="1")
    assert "用章已登记" in visitor.read(answer.location)
    uses = seals.uses(hall, chief, decided.id)
    # Both uses are of the same frozen moment, so their order says nothing.
    assert len(uses) == 2
    assert ("准予行政许可决定书", "加盖决定书") in {(one.document, one.reason) for one in uses}


def test_the_seal_asks_for_the_password_again(hall, cast, app, decided):
    password = people.new_password(hall, SYSTEM, "chief26")
    visitor = Visitor(app, "chief26")
    card = section(visitor.read(at(decided)), "seal")
    assert re.search(r'<label for="f-seal-password">.*</label>', card)
    assert 'autocomplete="current-password"' in card
    digest = re.search(r'name="document" value="([^"]+)"', card)[1]
    fields = {"document": digest, "reason": "加盖决定书"}
    for typed, status, said in (("", 422, "请输入密码"), ("guess-1", 403, "密码不正确")):
        answer = send(visitor, decided, "seal", password=typed, **fields)
        assert answer.status_code == status
        assert said in answer.text
        assert "加盖决定书" in answer.text, "nothing typed is lost"
        assert f'value="{digest}" checked' in answer.text
        assert "guess-1" not in answer.text, "a password is never shown again"
    answer = send(visitor, decided, "seal", password=password, **fields)
    assert "用章已登记" in visitor.read(answer.location)
    history = cases.case(hall, cast.holder(26, "chief"), decided.id).history
    assert [line.params["confirmed"] for line in history if line.kind == "SealUsed"] == [
        "decision",
        "password",
    ]


def test_after_five_wrong_passwords_the_seal_is_locked(hall, cast, app, decided):
    password = people.new_password(hall, SYSTEM, "chief26")
    visitor = Visitor(app, "chief26")
    fields = {"document": "sm3:00", "reason": "加盖决定书"}
    for _ in range(5):
        assert send(visitor, decided, "seal", password="wrong", **fields).status_code == 403
    answer = send(visitor, decided, "seal", password=password, **fields)
    assert answer.status_code == 410
    assert "登录失败次数过多，请 30 分钟后再试" in answer.text
    assert "加盖决定书" in answer.text
    assert len(seals.uses(hall, cast.holder(26, "chief"), decided.id)) == 1


def test_a_password_is_not_shown_when_the_seal_is_no_longer_possible(app, walked):
    visitor = Visitor(app, "chief26")
    answer = forged(
        visitor, walked.case, "seal", document="x", reason="先盖章", password="my-secret-1"
    )
    assert answer.status_code in (403, 409)
    assert "先盖章" in answer.text
    assert "my-secret-1" not in answer.text


def test_a_document_of_nobody_gets_no_seal(hall, cast, app, decided):
    answer = send(
        Visitor(app, "chief26"), decided, "seal", document="sm3:00", reason="伪造", as_demo="1"
    )
    assert answer.status_code == 422
    assert "请选择要用章的文书" in answer.text
    assert len(seals.uses(hall, cast.holder(26, "chief"), decided.id)) == 1


def test_nothing_is_sealed_before_the_decision(app, walked):
    answer = forged(
        Visitor(app, "chief26"), walked.case, "seal", document="x", reason="先盖章", as_demo="1"
    )
    assert answer.status_code == 409
    assert "还没有决定，不能用章" in answer.text
    assert "先盖章" in answer.text


def test_the_clerk_does_not_seal(app, decided):
    clerk = Visitor(app, "clerk06")
    digest = re.search(
        r'name="document" value="([^"]+)"', Visitor(app, "chief26").read(at(decided))
    )[1]
    answer = forged(clerk, decided, "seal", document=digest, reason="我来盖", as_demo="1")
    assert answer.status_code == 403
    assert "未获准" in answer.text
    assert "我来盖" in answer.text


def test_a_decided_case_is_not_extended_organised_or_withdrawn_any_more(app, decided):
    page = Visitor(app, "chief26").read(at(decided))
    assert not any(section(page, name) for name in ("organise", "urgent", "withdraw", "extend"))
    assert "办件当前状态不允许此操作" in why_not(page)


def test_the_page_is_complete_in_english(person, case):
    visitor = person("chief")
    visitor.client.set_cookie("language", "en")
    page = visitor.read(at(case))
    assert "What may be done" in page
    assert "acts." not in re.sub(r"desk\.acts|/acts[./]", "", page)
