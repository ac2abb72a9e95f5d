"""Key projects (重点工程审批代理): the record, the agent officer, the page of all its parts."""

from dataclasses import dataclass, replace
from decimal import Decimal

from engine.domain.case import Case
from engine.domain.events.joint import AgentOfficerChanged, ProjectOpened
from engine.domain.people import Official
from engine.domain.project import Project, check_fee, check_name, check_number
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import children, parallel
from engine.services.hall import Hall
from engine.services.parallel import Family
from engine.storage import cases, people, projects
from engine.storage.unit import Unit


@dataclass(frozen=True)
class ProjectPage:
    """A project with its agent officer and all its parts: who blocks, the next date (M-KEY-2)."""

    project: Project
    agent_name: str
    matter_name: str
    family: Family


def open_project(
    hall: Hall,
    by: Official,
    case_id: str,
    *,
    number: str,
    name: str,
    owner: str,
    agent_id: str,
    fee: Decimal,
    seen: int,
) -> Project:
    """Enter the record of a key project for a joint matter, with its agent officer (指点代理).

    Raises Invalid `project.number`, `project.name`, `project.agent`, `project.fee` for any fee;
    Conflict `case.changed`, `project.not_joint`, `project.closed`, `project.known`; Forbidden
    `case.other_unit` for anyone but the lead unit.
    """
    cost = check_fee(fee)
    with hall.unit(by) as unit:
        case = _locked(hall, unit, by, case_id, seen)
        no = check_number(number, hall_day(unit.at))
        if projects.by_no(unit, no) or projects.by_case(unit, case.id):
            raise Conflict("project.known", number=no)
        project = Project(
            id=unit.ids(),
            no=no,
            name=check_name(name),
            owner=check_name(owner),
            case_id=case.id,
            agent_id=_agent(unit, agent_id).id,
            fee=cost,
            opened_at=unit.at,
            opened_by=by.id,
        )
        projects.add(unit, project)
        unit.record(
            ProjectOpened(
                case_id=case.id, project_id=project.id, project_no=no, agent=project.agent_id
            )
        )
        cases.update(unit, case, seen)
        return project


def change_agent(hall: Hall, by: Official, project_no: str, agent_id: str, seen: int) -> Project:
    """Give a project another agent officer; `seen` is the revision of its case.

    Raises Missing `project.unknown`, Conflict `project.same_agent`, and as `open_project`.
    """
    with hall.unit(by) as unit:
        project = _project(unit, project_no)
        case = _locked(hall, unit, by, project.case_id, seen)
        agent = _agent(unit, agent_id)
        if agent.id == project.agent_id:
            raise Conflict("project.same_agent", name=agent.name)
        projects.change_agent(unit, project.id, agent.id)
        unit.record(
            AgentOfficerChanged(
                case_id=case.id,
                project_id=project.id,
                project_no=project.no,
                former=project.agent_id,
                agent=agent.id,
            )
        )
        cases.update(unit, case, seen)
        return replace(project, agent_id=agent.id)


def page(hall: Hall, by: Official, project_no: str) -> ProjectPage:
    """Return a project with all its parts.

    Open to its agent officer, the lead unit, the units that take part, and who reads all cases.
    Raises Missing `project.unknown`, Forbidden `case.other_unit`.
    """
    with hall.reading() as unit:
        project = _project(unit, project_no)
        case = cases.case(unit, project.case_id)
        found = parallel.family_of(hall, unit, case)
        units = {case.unit_no, *(line.case.unit_no for line in found.lines)}
        if by.unit_no not in units and by.id != project.agent_id and not by.may("case.read_all"):
            raise Forbidden("case.other_unit", case=case.case_no)
        agent = people.official(unit, project.agent_id)
        return ProjectPage(
            project=project,
            agent_name=agent.name if agent else "",
            matter_name=hall.library.matter(unit, case.matter_no).name,
            family=found,
        )


def of_agent(hall: Hall, by: Official) -> list[Project]:
    """Return the projects that the official himself acts for."""
    with hall.reading() as unit:
        return projects.of_agent(unit, by.id)


def _locked(hall: Hall, unit: Unit, by: Official, case_id: str, seen: int) -> Case:
    case = cases.lock(unit, case_id)
    if by.unit_no != case.unit_no:
        raise Forbidden("case.other_unit", case=case.case_no)
    cases.refuse_changed(case, seen)
    if case.parent_id is not None or case.matter_no not in _joint_matters(hall, unit):
        raise Conflict("project.not_joint", case=case.case_no)
    if not children.is_open(case):
        raise Conflict("project.closed", case=case.case_no)
    return case


def _joint_matters(hall: Hall, unit: Unit) -> frozenset[int]:
    return frozenset(hall.library.shelf(unit).joint_procedures)


def _agent(unit: Unit, agent_id: str) -> Official:
    found = people.official(unit, agent_id)
    if found is None:
        raise Invalid("project.agent", agent=agent_id)
    return found


def _project(unit: Unit, project_no: str) -> Project:
    found = projects.by_no(unit, project_no.strip())
    if found is None:
        raise Missing("project.unknown", number=project_no)
    return found
