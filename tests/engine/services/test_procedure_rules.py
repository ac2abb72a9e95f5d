"""What tables say of special procedures: whether clocks stop, by which law, who keeps out."""

import pytest

from engine.domain.case import Task, TaskState
from engine.domain.special_procedure import KINDS, STOPS_CLOCK
from engine.kernel.errors import Invalid, Missing
from engine.services import catalogue, intake, procedure_rules
from tests.story import application

FOOD, LAND = 377, 165


@pytest.fixture
def received(hall, cast):
    def receive(matter_no=FOOD):
        matter = catalogue.matter(hall, matter_no)
        return intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case

    return receive


@pytest.mark.parametrize("kind", KINDS)
def test_the_clocks_stop_for_what_the_law_lists_and_for_nothing_else(hall, received, kind):
    case = received()
    with hall.reading() as unit:
        judged = procedure_rules.judge(hall, unit, case, kind)
    assert judged.stops_clock is (kind in STOPS_CLOCK)
    assert judged.row.startswith("special_procedure#")
    assert "第四十五条" in judged.clock_law
    assert [one.table for one in judged.decisions] == ["special_law", "special_procedure"]


@pytest.mark.parametrize(
    ("matter_no", "stops"), [(FOOD, False), (LAND, True)], ids=["no row", "a row of its own"]
)
def test_a_survey_stops_the_clocks_only_by_the_row_of_a_special_law(
    hall, received, matter_no, stops
):
    case = received(matter_no)
    with hall.reading() as unit:
        judged = procedure_rules.judge(hall, unit, case, "survey")
    assert judged.stops_clock is stops
    assert ("现场踏勘规定" in judged.clock_law) is stops


@pytest.mark.parametrize(
    ("kind", "posts", "because", "needed"),
    [
        ("survey", ("clerk", "reviewer"), "ok", 2),
        ("survey", ("clerk",), "people_needed", 2),
        ("inspection", ("reviewer",), "people_needed", 2),
        ("tender", ("reviewer",), "people_needed", 2),
        ("expert_review", ("reviewer",), "ok", 1),
        ("hearing", ("head",), "ok", 1),
        ("survey", ("clerk", "head"), "role", 2),
        ("survey", ("clerk", "stand_in"), "stand_in.not_now", 2),
    ],
)
def test_those_who_sign_are_free_empowered_and_enough(
    hall, cast, received, kind, posts, because, needed
):
    case = received()
    team = tuple(cast.holder(case.unit_no, post) for post in posts)
    with hall.reading() as unit:
        verdict, found = procedure_rules.fit(hall, unit, team, KINDS[kind], case)
    assert (verdict.because, verdict.allowed, found) == (because, because == "ok", needed)


def test_a_team_is_named_by_accounts_each_once(hall, cast):
    clerk, head = cast.clerk(28), cast.holder(28, "head")
    with hall.reading() as unit:
        assert procedure_rules.team_of(unit, [head.account, clerk.account]) == (head, clerk)
        for accounts, code in (([], "nobody"), ([head.account] * 2, "person_twice")):
            with pytest.raises(Invalid, match=rf"procedure\.{code}"):
                procedure_rules.team_of(unit, accounts)
        with pytest.raises(Missing, match=r"account\.unknown"):
            procedure_rules.team_of(unit, ["nobody"])


def test_a_task_of_an_ordinary_case_keeps_nobody_out(hall, cast, received):
    case = received()
    with hall.reading() as unit:
        from_case = procedure_rules.kept_out(hall, unit, cast.clerk(28), _sign(case), case)
    assert from_case is None


def _sign(case):
    """A task named as the signing of a procedure, in a case that is none."""
    return Task(
        id="t", case_id=case.id, step="sign", name="签字", roles=("clerk",), power=None,
        form=None, form_version=None, unit_no=28, state=TaskState.OFFERED,
        opened_at=case.applied_at,
    )  # fmt: skip
