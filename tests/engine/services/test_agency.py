"""Agents act by a mandate, see what they did and nothing more, and only while it holds."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.people import Applicant
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_moment
from engine.services import agency, audit, cases, intake
from engine.storage import agency as stored
from tests.story import application, walk_through_matter

AGENT, NUMBER = "周代办", "110101199003070070"


@pytest.fixture
def clerk(hall, cast):
    hall.store.debug = True
    return cast.clerk(walk_through_matter(hall).unit_no)


@pytest.fixture
def asked(hall):
    given = application(hall)
    return agency.Asked(
        applicant=given.applicant,
        agent_name=AGENT,
        agent_number=NUMBER,
        agent_phone="13900000001",
        matter_nos=(given.matter_no,),
        valid_from=date(2015, 10, 26),
        valid_to=date(2015, 11, 30),
    )


@pytest.fixture
def mandate(hall, clerk, asked):
    return agency.give(hall, clerk, asked)


@pytest.fixture
def case(hall, clerk, mandate):
    """Receive an application that the agent handed in."""
    given = application(hall, mandate_no=mandate.no)
    return intake.receive(hall, clerk, given).case


def test_m_agent_1_every_act_shows_the_agent_and_the_applicant(hall, clerk, mandate, case, now):
    now.move_to(hall_moment("2015-10-26T10:30"))
    agency.act(hall, clerk, mandate.no, case.id, "supplement")
    acts = agency.acts_of(hall, clerk, case.id)
    assert [one.act for one in acts] == ["apply", "supplement"]
    assert {(one.agent_name, one.applicant_name) for one in acts} == {(AGENT, case.applicant_name)}
    told = [
        line.params
        for line in cases.case(hall, clerk, case.id).history
        if line.kind == "AgentActed"
    ]
    assert [(one["act"], one["mandate_no"]) for one in told] == [
        ("apply", mandate.no),
        ("supplement", mandate.no),
    ]
    assert all(AGENT not in str(one) for one in told), "events hold no names"
    assert audit.verify_trail(hall).intact


@pytest.mark.parametrize("ended", ["time", "revoked"])
def test_m_agent_1_the_end_of_the_mandate_closes_access(hall, clerk, mandate, case, now, ended):
    assert [one.case_id for one in agency.cases_for(hall, mandate.no, NUMBER)] == [case.id]
    if ended == "time":
        now.move_to(hall_moment("2015-12-01T09:00"))
    else:
        agency.revoke(hall, clerk, mandate.no, "不再委托")
    for closed in (
        lambda: agency.cases_for(hall, mandate.no, NUMBER),
        lambda: agency.case_for(hall, mandate.no, NUMBER, case.id),
    ):
        with pytest.raises(Forbidden, match=r"agency\.ended"):
            closed()
    with pytest.raises(Forbidden, match=r"authority\.refused") as refused:
        agency.act(hall, clerk, mandate.no, case.id, "collect")
    because = {"time": "mandate.ended", "revoked": "mandate.revoked"}[ended]
    assert refused.value.params["because"] == because
    last = cases.case(hall, clerk, case.id).history[-1]
    assert (last.kind, last.params["because"]) == ("ActRefused", because)
    assert agency.told(hall, case.id) == ("applicant",)


def test_m_agent_2_notices_go_to_both_and_the_agent_sees_no_other_case(hall, clerk, mandate, case):
    own = intake.receive(hall, clerk, application(hall)).case
    assert own.applicant_name == case.applicant_name
    assert agency.told(hall, case.id) == ("applicant", "agent")
    assert agency.told(hall, own.id) == ("applicant",)
    seen = agency.cases_for(hall, mandate.no, NUMBER)
    assert [(one.case_id, one.applicant_name) for one in seen] == [(case.id, case.applicant_name)]
    (one,) = seen
    assert (one.case_no, one.promised_due) == (case.case_no, case.promised_due)
    assert one.waiting_for
    assert one.papers
    with pytest.raises(Forbidden, match=r"agency\.other_case"):
        agency.case_for(hall, mandate.no, NUMBER, own.id)
    with pytest.raises(Missing, match=r"agency\.unknown"):
        agency.cases_for(hall, mandate.no, "110101199003070089")
    with pytest.raises(Missing, match=r"agency\.unknown"):
        agency.cases_for(hall, "没有", NUMBER)


def test_a_mandate_of_another_matter_or_applicant_lets_nothing_in(hall, clerk, asked):
    other = agency.give(hall, clerk, replace(asked, matter_nos=(1,)))
    with pytest.raises(Forbidden, match=r"authority\.refused") as refused:
        intake.receive(hall, clerk, application(hall, mandate_no=other.no))
    assert refused.value.params["because"] == "mandate.matter"
    stranger = agency.give(
        hall,
        clerk,
        replace(
            asked,
            applicant=Applicant("person", "别人", NUMBER, "1390000"),
            agent_number="110101199003070089",
        ),
    )
    with pytest.raises(Forbidden, match=r"authority\.refused") as refused:
        intake.receive(hall, clerk, application(hall, mandate_no=stranger.no))
    assert refused.value.params["because"] == "mandate.applicant"
    with pytest.raises(Missing, match=r"agency\.unknown"):
        intake.receive(hall, clerk, application(hall, mandate_no="没有"))
    with hall.reading() as unit:
        assert cases.cases.find(unit, "", None, 10, 0)[1] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"matter_nos": ()}, "agency.matters", id="for nothing"),
        pytest.param({"valid_to": date(2015, 10, 25)}, "agency.period", id="over already"),
        pytest.param({"agent_name": "  "}, "applicant.name", id="a nameless agent"),
        pytest.param({"agent_number": "110101199003070071"}, "code.id_check", id="a wrong number"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused(hall, clerk, asked, changes, code):
    with pytest.raises(Invalid, match=code.replace(".", r"\.")):
        agency.give(hall, clerk, replace(asked, **changes))


def test_nobody_is_his_own_agent(hall, clerk, asked):
    himself = replace(asked, applicant=replace(asked.applicant, kind="person", id_number=NUMBER))
    with pytest.raises(Invalid, match=r"agency\.self"):
        agency.give(hall, clerk, himself)


def test_a_mandate_is_revoked_once_and_with_a_reason(hall, clerk, mandate):
    with pytest.raises(Invalid, match=r"agency\.reason_missing"):
        agency.revoke(hall, clerk, mandate.no, "")
    assert agency.revoke(hall, clerk, mandate.no, "不再委托").revoked_on == date(2015, 10, 26)
    with pytest.raises(Conflict, match=r"agency\.revoked"):
        agency.revoke(hall, clerk, mandate.no, "再撤")
    with hall.reading() as unit:
        assert stored.by_no(unit, mandate.no).revoked_reason == "不再委托"


def test_an_act_is_one_of_a_closed_list_and_of_the_unit(hall, cast, clerk, mandate, case):
    with pytest.raises(Invalid, match=r"agency\.act"):
        agency.act(hall, clerk, mandate.no, case.id, "decide")
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        agency.act(hall, cast.clerk(3), mandate.no, case.id, "collect")
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        agency.acts_of(hall, cast.clerk(3), case.id)
