"""Seven afternoons at the desks of the hall, each in a real Chromium from page to page."""

from datetime import date

import pytest

from engine.kernel.now import hall_moment
from engine.services import cases, catalogue, intake, special_procedures, warnings, work
from tests.joint import children, open_matter, open_tasks, stands, sweep
from tests.journeys.desks import desks, fill, keep, leave, press
from tests.story import answers, application, first_matter, walk_through_matter
from tests.webui.chromium import chromium, served
from webui.app import create_app
from webui.build import build_translations

pytestmark = pytest.mark.browser
COMMITTED = 346
LAW = "《中华人民共和国行政许可法》第四十六条"


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def hall_of_desks(hall, browser):
    build_translations()
    app = create_app(hall)
    with served(app) as place:
        with desks(hall, browser, place) as opened:
            yield opened
        app.extensions["live"].close()


@pytest.fixture
def committed(hall, cast):
    """A case of unit 26 that is promised within days."""
    matter = catalogue.matter(hall, COMMITTED)
    return intake.receive(hall, cast.clerk(26), application(hall, matter)).case


def test_an_application_is_supplemented_and_handed_in_again(hall_of_desks, hall, cast, now):
    """The clock begins on the day on which the last paper came."""
    clerk = hall_of_desks.sit("clerk06", f"/window/6?matter={walk_through_matter(hall).no}")
    given = application(hall)
    absent = [no for no, paper in given.materials.items() if paper.state == "received"][:2]
    clerk.keyboard.press("Alt+a")
    for no in absent:
        clerk.locator(f"[name=paper-{no}-state][value=missing]").check(force=True)
    who = given.applicant
    people = {"kind": who.kind, "name": who.name, "id_number": who.id_number, "phone": who.phone}
    fill(clerk, {f"applicant-{key}": value for key, value in people.items()})
    fill(clerk, given.answers)
    press(clerk, "先登记")
    told = clerk.inner_text("main")
    assert "现在不能受理" in told
    press(clerk, "开出补正告知书", "#notice")
    told = keep(clerk, "supplement-1-notice")
    assert "补正告知书" in told
    case_id = clerk.url.split("/cases/")[1].split("/")[0]
    assert stands(hall, case_id).promised_due is None, "no clock runs yet"

    hall_of_desks.leave_all()
    now.move_to(hall_moment("2015-10-28T10:00"))
    clerk = hall_of_desks.sit("clerk06", f"/window/cases/{case_id}/outcome")
    for no in absent:
        clerk.locator(f"[name=paper-{no}-state][value=received]").check(force=True)
    press(clerk, "登记补正材料", "#supplement")
    assert "可以受理" in keep(clerk, "supplement-2-complete")
    leave(clerk, lambda: clerk.keyboard.press("F8"))
    hall_of_desks.go(clerk, f"/desk/cases/{case_id}")
    told = keep(clerk, "supplement-3-accepted")
    accepted = stands(hall, case_id)
    assert accepted.promised_due == date(2015, 11, 2), "three working days from the last paper"
    assert accepted.promised_due.isoformat() in told
    assert "补正" in told


def test_a_hearing_stops_the_clock_of_a_commitment_and_moves_its_due_day(
    hall_of_desks, hall, cast, committed, now
):
    before = committed.promised_due
    chief = hall_of_desks.sit("chief26", f"/desk/cases/{committed.id}/acts")
    fields = {"kind": "hearing", "days": 30, "legal_basis": LAW, "chair": "head26"}
    for name, value in fields.items():
        field = chief.locator(f"#organise [name={name}]")
        if name in ("kind", "chair"):
            field.select_option(value)
        else:
            field.fill(str(value))
    press(chief, "启动并书面告知申请人", "#organise")
    assert "特别程序已启动" in keep(chief, "hearing-1-started")
    hall_of_desks.go(chief, f"/desk/cases/{committed.id}")
    told = keep(chief, "hearing-2-stopped")
    assert "因听证中止计时，预计至" in told

    (procedure,) = special_procedures.of_case(hall, cast.holder(26, "chief"), committed.id)
    hearing = procedure.child_id
    for wanted in ({"hearing_wish": "asked"}, {}):
        hall_of_desks.complete(hall_of_desks.waiting(hearing), "chief26", **wanted)
    hall_of_desks.leave_all()
    now.move_to(hall_moment("2015-11-25T09:30"))
    sweep(hall)
    steps = {task.step: task for task in open_tasks(hall, hearing)}
    hall_of_desks.complete(steps["explain"], "chief26")
    chair = hall_of_desks.complete(steps["sign"], "head26")
    sweep(hall)
    after = stands(hall, committed.id)
    assert (before, after.promised_due) == (date(2015, 11, 9), date(2015, 12, 8))
    hall_of_desks.go(chair, f"/desk/cases/{committed.id}")
    told = keep(chair, "hearing-3-runs-on")
    assert after.promised_due.isoformat() in told
    assert "中止计时，预计至" not in told


def test_four_units_answer_side_by_side_and_one_answer_is_given(hall_of_desks, hall, cast):
    parent = open_matter(hall, cast, "施工许可联合审批")
    units = children(hall, parent)
    assert len(units) >= 4
    lead = hall_of_desks.sit(
        cast.holder(parent.unit_no, "chief"), f"/desk/cases/{parent.id}/family"
    )
    assert keep(lead, "parallel-1-asked").count("等待意见") >= 4
    for case in units.values():
        task = hall_of_desks.waiting(case.id)
        hall_of_desks.complete(task, cast.for_task(task), opinion_outcome="agree")
        sweep(hall)
    hall_of_desks.go(lead, f"/desk/cases/{parent.id}/family")
    told = keep(lead, "parallel-2-agreed")
    assert told.count("同意") >= len(units)
    hands = set()
    while stands(hall, parent.id).decided_at is None:
        task = hall_of_desks.waiting(parent.id)
        official = cast.for_task(task, hands)
        hands.add(official.id)
        hall_of_desks.complete(task, official)
        sweep(hall)
    hall_of_desks.go(lead, f"/desk/cases/{parent.id}/family")
    press(lead, "答复")
    assert "联审〔2015〕" in keep(lead, "parallel-3-answer")
    chief = cast.holder(parent.unit_no, "chief")
    licences = [cases.case(hall, chief, one.id).licence for one in [parent, *units.values()]]
    assert sum(one is not None for one in licences) == 1


def test_an_urgent_act_is_reviewed_afterwards(hall_of_desks, hall, committed):
    chief = hall_of_desks.sit("chief26", f"/desk/cases/{committed.id}/acts")
    chief.locator("#urgent [name=kind][value=shorten]").check(force=True)
    chief.fill("#urgent [name=reason]", "防汛物资当日投用")
    press(chief, "特别处置", "#urgent")
    assert "待复核" in keep(chief, "urgent-1-used")
    review = next(
        task for task in open_tasks(hall, committed.id) if task.purpose.value == "after_review"
    )
    head = hall_of_desks.complete(
        review,
        "head26",
        after_review_finding="upheld",
        after_review_opinion="情况属实，处置得当",
    )
    hall_of_desks.go(head, f"/desk/cases/{committed.id}/acts")
    told = keep(head, "urgent-2-reviewed")
    assert "处置得当" in told
    assert "待复核" not in told


def test_a_stand_in_decides_while_the_chief_is_away_and_the_page_says_by_what(
    hall_of_desks, hall, cast
):
    received = intake.receive(hall, cast.clerk(26), application(hall))
    clerk, review = cast.clerk(26), received.opened[0]
    passed = work.complete_task(hall, clerk, review.id, answers(hall, review), received.case.rev)
    (approval,) = passed.opened
    deputy = hall_of_desks.sit("standin26", f"/desk/tasks/{approval.id}")
    assert 'class="verdict no"' in deputy.content()

    head = hall_of_desks.sit("head26", "/admin/absences")
    for name, account in (("absent", "chief26"), ("account", "standin26")):
        head.select_option(f"#cover [name={name}]", account)
    head.fill("#cover [name=ground]", "外出培训")
    press(head, "", "#cover")
    assert "外出培训" in keep(head, "stand-in-1-named")

    hall_of_desks.go(deputy, "/desk/?tab=offered")
    assert approval.name in deputy.inner_text("main")
    hall_of_desks.go(deputy, f"/desk/tasks/{approval.id}")
    assert 'class="verdict yes"' in deputy.content()
    told = keep(deputy, "stand-in-2-may")
    assert "雁政授〔2015〕" in told
    fill(deputy, answers(hall, approval))
    leave(deputy, lambda: deputy.keyboard.press("F8"))
    hall_of_desks.go(deputy, f"/desk/cases/{received.case.id}")
    told = keep(deputy, "stand-in-3-decided")
    assert cast.holder(26, "stand_in").name in told
    assert stands(hall, received.case.id).outcome == "granted"


def test_twenty_instant_tasks_are_done_in_one_go_and_the_one_done_meanwhile_is_said(
    hall_of_desks, hall, cast
):
    matter = first_matter(hall, "instant")
    clerk = cast.clerk(matter.unit_no)
    received = [intake.receive(hall, clerk, application(hall, matter)) for _ in range(21)]
    tasks = [one.opened[0] for one in received]
    who = cast.for_task(tasks[0])
    opened = hall_of_desks.sit(who, f"/desk/tasks/{tasks[0].id}")
    leave(opened, opened.locator(f"main a[href*='/desk/batch?task={tasks[0].id}']").first.click)
    assert opened.locator("[name=chosen]:checked").count() == 21
    keep(opened, "batch-1-chosen")
    last = tasks[-1]
    work.complete_task(hall, who, last.id, answers(hall, last), received[-1].case.rev)
    fill(opened, answers(hall, tasks[0]))
    leave(opened, lambda: opened.keyboard.press("F8"))
    told = keep(opened, "batch-2-done")
    assert "已办结 20 件" in told
    assert "1 件没有办理" in told
    assert received[-1].case.case_no in told
    assert all(stands(hall, one.case.id).outcome for one in received)


def test_a_case_over_its_day_stands_in_red_and_is_escalated(hall_of_desks, hall, cast, now):
    case = intake.receive(hall, cast.clerk(26), application(hall)).case
    now.move_to(hall_moment("2015-11-06T09:05"))
    warnings.keep_watch(hall)
    sweep(hall)
    clerk = hall_of_desks.sit("clerk06", "/desk/?tab=overdue")
    told = keep(clerk, "overdue-1-inbox")
    assert "已超 6 个工作日" in told
    assert clerk.locator("tr.overdue .days.overdue").count() >= 1
    red = clerk.locator("tr.overdue .days.overdue").first.evaluate(
        "one => getComputedStyle(one).color"
    )
    assert red == "rgb(198, 40, 40)", "red is kept for what is overdue"
    for who in ("head26", "supervisor1"):
        opened = hall_of_desks.sit(who, f"/desk/cases/{case.id}")
        assert "红牌" in keep(opened, "overdue-2-card")
    view = cases.case(hall, cast.holder(None, "supervisor"), case.id)
    assert "CardRaised" in [line.kind for line in view.history]
