"""A key project: its record, its agent officer, and one page of all its parts."""

from datetime import date
from decimal import Decimal

import pytest

from engine.domain.case import CaseState
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.services import cases, catalogue, intake, joint, projects
from tests.joint import children, do, give, open_matter, stands
from tests.story import application, walk_through_matter

NO = "2015-430100-47-01-000001"


@pytest.fixture
def parent(hall, cast):
    hall.store.debug = True
    return open_matter(hall, cast, "重点工程审批代理")


@pytest.fixture
def agent(cast):
    return cast.holder(1, "reviewer")


@pytest.fixture
def enter(hall, cast, parent, agent):
    """Enter the project, with some parts changed."""

    def enter(by=None, case=None, **changes):
        said = {"number": NO, "name": "雁江二桥", "owner": "雁城城投集团", "agent_id": agent.id}
        said |= {"fee": Decimal(0), **changes}
        case = case or parent
        said.setdefault("seen", stands(hall, case.id).rev)
        by = by or cast.clerk(parent.unit_no)
        return projects.open_project(hall, by, case.id, **said)

    return enter


def test_m_key_2_the_page_shows_all_children_who_blocks_and_the_next_date(
    hall, cast, parent, enter, agent
):
    project = enter()
    give(hall, cast, parent, 13)
    page = projects.page(hall, agent, NO)
    assert (page.project, page.agent_name) == (project, agent.name)
    assert page.matter_name == "重点工程审批代理"
    assert [line.case.unit_no for line in page.family.lines] == [13, 14, 15, 16, 8, 32]
    assert page.family.blocking.case.unit_no == 14
    assert page.family.next_date == date(2015, 11, 2)
    chief = cast.holder(parent.unit_no, "chief")
    seen = stands(hall, parent.id).rev
    joint.survey(hall, chief, parent.id, (14, 16), date(2015, 10, 29), seen)
    assert projects.page(hall, chief, NO).family.next_date == date(2015, 10, 29)
    assert projects.of_agent(hall, agent) == [project]


@pytest.mark.parametrize("fee", ["0.01", "500"])
def test_m_key_2_a_fee_above_nothing_is_refused(enter, fee):
    with pytest.raises(Invalid, match=r"project\.fee"):
        enter(fee=Decimal(fee))
    assert enter().fee == 0


def test_m_key_2_the_matter_itself_costs_nothing(hall, parent):
    assert catalogue.matter(hall, parent.matter_no).fee == "不收费"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"number": "二桥"}, "project.number", id="a wrong number"),
        pytest.param({"name": " "}, "project.name", id="no name"),
        pytest.param({"owner": ""}, "project.name", id="no owner"),
        pytest.param({"agent_id": "nobody"}, "project.agent", id="no such agent officer"),
        pytest.param({"seen": 99}, "case.changed", id="a stale page"),
    ],
)
def test_a_record_that_cannot_be_is_refused(enter, changes, code):
    with pytest.raises((Invalid, Conflict), match=code.replace(".", r"\.")):
        enter(**changes)


def test_a_project_is_entered_once_by_its_lead_unit_for_a_joint_matter(hall, cast, parent, enter):
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        enter(by=cast.clerk(13))
    enter()
    with pytest.raises(Conflict, match=r"project\.known"):
        enter()
    with pytest.raises(Conflict, match=r"project\.known"):
        enter(number="2015-430100-47-01-000002")
    matter = walk_through_matter(hall)
    clerk = cast.clerk(matter.unit_no)
    single = intake.receive(hall, clerk, application(hall)).case
    with pytest.raises(Conflict, match=r"project\.not_joint"):
        enter(by=clerk, case=single)
    child = children(hall, parent)[13]
    with pytest.raises(Conflict, match=r"project\.not_joint"):
        enter(by=cast.clerk(13), case=child)


def test_another_agent_officer_takes_over(hall, cast, parent, enter, agent):
    enter()
    by, other = cast.clerk(parent.unit_no), cast.clerk(parent.unit_no)
    seen = stands(hall, parent.id).rev
    changed = projects.change_agent(hall, by, NO, other.id, seen)
    assert changed.agent_id == other.id
    assert (projects.of_agent(hall, agent), projects.of_agent(hall, other)) == ([], [changed])
    with pytest.raises(Conflict, match=r"project\.same_agent"):
        projects.change_agent(hall, by, NO, other.id, seen + 1)
    kinds = [line.kind for line in cases.case(hall, by, parent.id).history]
    assert [kinds.count(kind) for kind in ("ProjectOpened", "AgentOfficerChanged")] == [1, 1]


def test_a_page_is_for_those_who_take_part(hall, cast, parent, enter):
    enter()
    assert projects.page(hall, cast.clerk(32), NO).project.no == NO
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        projects.page(hall, cast.clerk(3), NO)
    with pytest.raises(Missing, match=r"project\.unknown"):
        projects.page(hall, cast.clerk(1), "nothing")


def test_a_key_project_goes_through_all_its_verbs(hall, cast, parent, enter):
    """归口受理、指点代理、一次告知、联合踏勘、限时办结、全程监督; overdue parts raise cards."""
    enter()
    for unit_no in (13, 14, 15, 16, 8, 32):
        give(hall, cast, parent, unit_no)
    for _ in range(3):
        done = do(hall, cast, parent.id, {"decision_outcome": "grant"})
    assert (done.case.state, done.case.outcome) == (CaseState.DECIDED, "granted")
    steps = [line.task.step for line in cases.case(hall, cast.clerk(1), parent.id).tasks]
    verbs = ["accept", "assign", "notify", "joint_survey", "supervise", "decide"]
    assert sorted(steps) == sorted(verbs)
