"""Projects come back as they were stored, one for each case."""

from dataclasses import replace
from decimal import Decimal

from engine.domain.project import Project
from engine.storage import projects
from tests.engine.storage.samples import EVENT, case_of, put

NO = "2015-430100-47-01-000001"


def test_a_project_is_found_by_number_case_and_agent(office):
    made = Project("p1", NO, "二桥", "城投", "case-1", "o1", Decimal(0), office.now(), "o2")
    with office.unit() as unit:
        put(unit, case_of(office))
        projects.add(unit, made)
    with office.reading() as unit:
        assert projects.by_no(unit, NO) == made == projects.by_case(unit, "case-1")
        assert projects.of_agent(unit, "o1") == [made]
        assert projects.by_no(unit, "nothing") is None
    with office.unit() as unit:
        projects.change_agent(unit, "p1", "o9")
        unit.record(EVENT)
    with office.reading() as unit:
        assert projects.by_case(unit, "case-1") == replace(made, agent_id="o9")
        assert projects.of_agent(unit, "o1") == []
