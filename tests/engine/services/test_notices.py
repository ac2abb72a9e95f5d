"""The one-time notice: complete, once, within five days, the same list for everybody."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.case import CaseState
from engine.domain.notice import Channel
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.services import cases, intake, notices, papers, sign_in
from engine.services.intake import MaterialHandedIn
from engine.storage import notices as rows
from tests.engine.services.receiving import enter, lacking, let_pass, required
from tests.story import application, walk_through_matter

COPY = "复印件没有加盖公章"


@pytest.fixture
def matter(hall):
    return walk_through_matter(hall)


@pytest.fixture
def clerk(cast, matter):
    return cast.clerk(matter.unit_no)


@pytest.fixture
def head(cast, matter):
    return cast.holder(matter.unit_no, "head")


def kinds(hall, clerk, case):
    return [line.kind for line in cases.case(hall, clerk, case.id).history]


def open_clocks(hall, clerk, case):
    view = cases.case(hall, clerk, case.id)
    return {clock.kind: clock.due_on for clock in view.clocks if clock.left is not None}


def test_the_notice_names_everything_that_is_missing_without_being_told(hall, clerk, matter):
    gaps = required(matter)[:2]
    case = enter(hall, clerk, lacking(hall, matter, *gaps))
    issued = notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    assert [item.no for item in issued.notice.items] == gaps
    assert {item.wanting for item in issued.notice.items} == {"missing"}
    assert issued.case.state is CaseState.APPLIED
    assert issued.notice.no.startswith("S-2015-")
    assert issued.notice.delivered_at == issued.notice.issued_at


def test_the_notice_stops_the_five_days(hall, clerk, matter):
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    assert open_clocks(hall, clerk, case) == {"notice": date(2015, 11, 2)}
    notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    assert open_clocks(hall, clerk, case) == {}


def test_a_paper_that_is_there_but_not_in_form_is_named_with_what_is_wrong(hall, clerk, matter):
    bad, gone = required(matter)[:2]
    case = enter(hall, clerk, lacking(hall, matter, gone))
    notice = notices.issue(hall, clerk, case.id, {bad: COPY}, "window", case.rev).notice
    found = {item.no: (item.wanting, item.why) for item in notice.items}
    assert found == {bad: ("defective", COPY), gone: ("missing", "")}
    stored = {row.no: row.state for row in cases.case(hall, clerk, case.id).materials}
    assert stored[bad] == "missing", "until it is brought again"


def approval(hall, official, reason="前次漏看"):
    return notices.Approval(sign_in.confirm_as(hall, official.account), reason)


def test_m_notice_1_a_second_notice_for_a_paper_wanting_at_the_first_is_blocked(
    hall, clerk, matter
):
    gone, overlooked = required(matter)[:2]
    case = enter(hall, clerk, lacking(hall, matter, gone))
    first = notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    with pytest.raises(Conflict) as refused:
        notices.issue(hall, clerk, case.id, {overlooked: COPY}, "window", first.case.rev)
    name = next(paper.name for paper in matter.materials if paper.no == overlooked)
    assert refused.value.code == "notice.known_paper"
    assert refused.value.params["papers"] == (name,)
    assert len(kinds(hall, clerk, case)) == len(kinds(hall, clerk, first.case)), "nothing is kept"


def test_m_notice_1_with_a_supervisor_it_goes_through_and_counts_as_a_breach(
    hall, clerk, head, matter
):
    gone, overlooked = required(matter)[:2]
    case = enter(hall, clerk, lacking(hall, matter, gone))
    first = notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    second = notices.issue(
        hall,
        clerk,
        case.id,
        {overlooked: COPY},
        "window",
        first.case.rev,
        approval=approval(hall, head),
    )
    assert second.notice.approved_by == head.id
    assert [item.no for item in second.notice.items] == sorted([gone, overlooked]), "complete again"
    told = cases.case(hall, clerk, case.id).history
    breach = next(line for line in told if line.kind == "NoticeRepeated")
    assert breach.params["known"] == list(second.notice.known)
    assert len(second.notice.known) == 1
    assert breach.params["approved_by"] == head.id
    assert (breach.params["reason"], breach.params["confirmed"]) == ("前次漏看", "demo")
    assert breach.by_name == clerk.name


def test_a_supervisor_says_why_and_has_just_confirmed(hall, now, clerk, head, matter):
    gone, overlooked = required(matter)[:2]
    case = enter(hall, clerk, lacking(hall, matter, gone))
    first = notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    act = (hall, clerk, case.id, {overlooked: COPY}, "window", first.case.rev)
    with pytest.raises(Invalid) as silent:
        notices.issue(*act, approval=approval(hall, head, " "))
    assert silent.value.code == "notice.approval_reason"
    old = approval(hall, head)
    now.advance(minutes=6)
    with pytest.raises(Forbidden) as stale:
        notices.issue(*act, approval=old)
    assert stale.value.code == "confirm.stale"


def test_a_colleague_at_the_window_cannot_let_it_through(hall, cast, clerk, matter):
    gone, overlooked = required(matter)[:2]
    case = enter(hall, clerk, lacking(hall, matter, gone))
    first = notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    for approver in (clerk, cast.all_of("clerk", matter.unit_no)[1]):
        with pytest.raises(Forbidden) as refused:
            notices.issue(
                hall,
                clerk,
                case.id,
                {overlooked: COPY},
                "window",
                first.case.rev,
                approval=approval(hall, approver),
            )
        assert refused.value.code == "notice.approver"


def test_what_was_named_and_has_not_come_needs_no_second_notice(hall, clerk, matter):
    gone = required(matter)[0]
    case = enter(hall, clerk, lacking(hall, matter, gone))
    first = notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    with pytest.raises(Conflict) as refused:
        notices.issue(hall, clerk, case.id, {gone: "还是没有"}, "window", first.case.rev)
    assert refused.value.code == "notice.nothing_new"
    assert refused.value.params["no"] == first.notice.no


def test_a_paper_brought_since_and_wrong_again_is_new(hall, now, clerk, matter):
    gone = required(matter)[0]
    case = enter(hall, clerk, lacking(hall, matter, gone))
    first = notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    now.advance(days=1)
    brought = papers.supplement(
        hall, clerk, case.id, {gone: MaterialHandedIn("received")}, first.case.rev
    )
    now.advance(minutes=5)
    second = notices.issue(hall, clerk, case.id, {gone: COPY}, "window", brought.rev)
    assert second.notice.known == ()
    assert "NoticeRepeated" not in kinds(hall, clerk, case)


def test_m_notice_2_no_notice_in_five_days_is_acceptance_as_of_the_receipt(hall, now, cast, matter):
    let_pass(hall, now, "2026-09-18T16:00")
    clerk = cast.clerk(matter.unit_no)
    case = enter(hall, clerk, lacking(hall, matter, *required(matter)))
    assert open_clocks(hall, clerk, case) == {"notice": date(2026, 9, 24)}
    let_pass(hall, now, "2026-09-24T23:59")
    assert cases.case(hall, clerk, case.id).case.state is CaseState.APPLIED
    let_pass(hall, now, "2026-09-25T00:01")
    view = cases.case(hall, clerk, case.id)
    assert view.case.state is CaseState.ACCEPTED
    assert {clock.kind: clock.started_on for clock in view.clocks if clock.left is not None} == {
        "promised": date(2026, 9, 18),
        "statutory": date(2026, 9, 18),
    }
    deemed = next(line for line in view.history if line.kind == "DeemedAccepted")
    assert deemed.params["row"] == "acceptance#acceptance-3"
    assert deemed.params["received_on"] == "2026-09-18"
    assert deemed.by_name == "系统" or deemed.by_name == "system"
    assert view.case.accepted_at == case.applied_at


def test_m_notice_2_a_notice_on_the_fifth_day_is_in_time(hall, now, cast, matter):
    let_pass(hall, now, "2026-09-18T16:00")
    clerk = cast.clerk(matter.unit_no)
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    let_pass(hall, now, "2026-09-24T17:29")
    notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    let_pass(hall, now, "2026-10-20T09:00")
    assert cases.case(hall, clerk, case.id).case.state is CaseState.APPLIED


def test_a_notice_after_the_fifth_day_is_too_late_even_if_no_worker_runs(hall, now, clerk, matter):
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    now.advance(days=8)
    with pytest.raises(Conflict) as refused:
        notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    assert refused.value.code == "notice.too_late"
    accepted = intake.accept(hall, clerk, case.id, case.rev)
    assert accepted.case.accepted_at == case.applied_at, "accepted by law, whatever is missing"
    assert accepted.slip.content["deemed"] is True


def test_an_application_accepted_in_time_is_not_deemed_accepted_again(hall, now, clerk, matter):
    case = enter(hall, clerk, application(hall, matter))
    accepted = intake.accept(hall, clerk, case.id, case.rev).case
    let_pass(hall, now, "2015-11-03T09:00")
    assert kinds(hall, clerk, accepted).count("Accepted") == 1


def test_m_notice_3_the_reader_gets_the_very_list_that_was_stored(hall, clerk, matter):
    case = enter(hall, clerk, lacking(hall, matter, *required(matter)))
    issued = notices.issue(hall, clerk, case.id, {}, "window", case.rev).notice
    assert notices.notice(hall, clerk, issued.id) == issued
    with hall.reading() as unit:
        assert rows.notices_of(unit, case.id) == [issued]
        slip = rows.slip(unit, issued.id)
    assert [item["name"] for item in slip.content["items"]] == [one.name for one in issued.items]


def test_m_notice_3_each_item_has_its_law_and_its_specimen(hall, clerk, matter):
    by_agent = application(hall, matter)
    by_agent = replace(
        by_agent, applicant=replace(by_agent.applicant, agent="周代理"), extra={}, materials={}
    )
    case = enter(hall, clerk, by_agent)
    notice = notices.issue(hall, clerk, case.id, {}, "window", case.rev).notice
    names = [item.name for item in notice.items]
    assert "授权委托书" in names, "the situation adds it"
    assert set(required(matter)) <= {item.no for item in notice.items}
    assert all(item.legal_basis for item in notice.items)
    assert len({item.specimen for item in notice.items}) == len(notice.items)


def test_a_paper_of_the_situation_may_be_named_though_nobody_noted_it(hall, clerk, matter):
    whole = application(hall, matter)
    agent = replace(whole, applicant=replace(whole.applicant, agent="周代理"))
    case = enter(hall, clerk, agent)
    wanted = {"授权委托书": "没有提交授权委托书"}
    issued = notices.issue(hall, clerk, case.id, wanted, "window", case.rev)
    (item,) = issued.notice.items
    assert (item.name, item.form, item.wanting) == ("授权委托书", "original", "missing")
    with pytest.raises(Invalid, match=r"intake\.materials_missing"):
        intake.accept(hall, clerk, case.id, issued.case.rev)
    given = {item.no: MaterialHandedIn("received")}
    brought = papers.supplement(hall, clerk, case.id, given, issued.case.rev)
    assert intake.accept(hall, clerk, case.id, brought.rev).case.state is CaseState.ACCEPTED


def test_what_is_sent_reaches_the_applicant_later(hall, now, clerk, matter):
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    sent = notices.issue(hall, clerk, case.id, {}, "post", case.rev).notice
    assert sent.channel is Channel.POST
    assert sent.delivered_at is None
    now.advance(days=3)
    there = notices.delivered(hall, clerk, sent.id)
    assert there.delivered_at == now()
    assert notices.notice(hall, clerk, sent.id) == there
    with pytest.raises(Conflict, match=r"notice\.delivered"):
        notices.delivered(hall, clerk, sent.id)


@pytest.mark.parametrize(
    ("wanted", "channel", "error", "code"),
    [
        pytest.param({99: "x"}, "window", Invalid, "notice.paper_unknown", id="on no list"),
        pytest.param({"户口本": "x"}, "window", Invalid, "notice.paper_unknown", id="not asked"),
        pytest.param({1: "  "}, "window", Invalid, "notice.why_missing", id="no word why"),
        pytest.param({}, "pigeon", Invalid, "notice.channel", id="no such channel"),
        pytest.param({}, "window", Invalid, "notice.nothing_wanted", id="nothing is wanting"),
    ],
)
def test_a_wrong_notice_changes_nothing(hall, clerk, matter, wanted, channel, error, code):
    case = enter(hall, clerk, application(hall, matter))
    with pytest.raises(error) as refused:
        notices.issue(hall, clerk, case.id, wanted, channel, case.rev)
    assert refused.value.code == code
    assert kinds(hall, clerk, case) == ["Applied"]


def test_only_the_unit_gives_notice_on_a_fresh_page_before_the_acceptance(
    hall, cast, clerk, matter
):
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    other = cast.clerk(1 if matter.unit_no != 1 else 2)
    with pytest.raises(Forbidden, match=r"intake\.other_unit"):
        notices.issue(hall, other, case.id, {}, "window", case.rev)
    with pytest.raises(Conflict, match=r"case\.changed"):
        notices.issue(hall, clerk, case.id, {}, "window", case.rev + 1)
    accepted = intake.receive(hall, clerk, application(hall, matter)).case
    with pytest.raises(Conflict, match=r"case\.not_in_state"):
        notices.issue(hall, clerk, accepted.id, {1: COPY}, "window", accepted.rev)


def test_a_notice_is_shown_to_its_unit_and_to_those_who_read_all(hall, cast, clerk, matter):
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    issued = notices.issue(hall, clerk, case.id, {}, "window", case.rev).notice
    other = cast.clerk(1 if matter.unit_no != 1 else 2)
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        notices.notice(hall, other, issued.id)
    reader = replace(other, permissions=other.permissions | {"case.read_all"})
    assert notices.notice(hall, reader, issued.id) == issued
    with pytest.raises(Missing, match=r"slip\.unknown"):
        notices.notice(hall, clerk, "nothing")
    accepted = intake.receive(hall, clerk, application(hall, matter))
    with pytest.raises(Missing, match=r"notice\.unknown"):
        notices.notice(hall, clerk, accepted.slip.id)


def test_the_slips_of_a_case_are_listed_in_their_order(hall, now, cast, clerk, matter):
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    issued = notices.issue(hall, clerk, case.id, {}, "window", case.rev)
    now.advance(days=1)
    given = {required(matter)[0]: MaterialHandedIn("received")}
    brought = papers.supplement(hall, clerk, case.id, given, issued.case.rev)
    accepted = intake.accept(hall, clerk, case.id, brought.rev)
    assert [one.kind for one in notices.slips(hall, clerk, case.id)] == ["supplement", "acceptance"]
    assert notices.slips(hall, clerk, case.id)[1] == accepted.slip
    other = cast.clerk(1 if matter.unit_no != 1 else 2)
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        notices.slips(hall, other, case.id)
