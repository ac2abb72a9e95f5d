"""Publishing warns of steps that nobody may do today (M-GRANT-3)."""

from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import HallError
from engine.services import people, publishing, staffing
from engine.storage import authority
from tests.story import first_matter

TODAY = date(2015, 10, 26)


@pytest.fixture
def drawn(hall):
    return publishing.in_force(hall).processes


def take_away(hall, unit_no, power, post):
    """Revoke a power of everybody who has a post of a unit."""
    with hall.reading() as unit:
        named = {one.id for one in people.everybody(hall) if one.post == post}
        found = [
            grant
            for grant in authority.holders(unit, unit_no, power, TODAY)
            if grant.official_id in named
        ]
    for grant in found:
        people.revoke(hall, SYSTEM, grant.id, TODAY, "机构改革")


def test_m_grant_3_every_step_of_the_city_has_somebody_today(hall, drawn):
    assert staffing.unheld(hall, drawn) == []


def test_m_grant_3_a_step_without_a_holder_is_named_with_its_unit(hall, drawn):
    unit_no = first_matter(hall, "one_review").unit_no
    take_away(hall, unit_no, "decide", "chief")
    found = staffing.unheld(hall, {"one_review": drawn["one_review"]})
    assert [(one.process, one.task, one.power, one.units) for one in found] == [
        ("one_review", "approve", "decide", (unit_no,))
    ]
    assert found[0].name
    assert staffing.unheld(hall, {"commitment": drawn["commitment"]}) == []


def test_a_mandate_that_the_table_makes_nothing_of_holds_nothing(hall, drawn):
    unit_no = first_matter(hall, "one_review").unit_no
    take_away(hall, unit_no, "decide", "chief")
    given = people.NewGrant(None, unit_no, "decide", "雁政授〔2015〕7号", TODAY, post="head")
    people.grant(hall, SYSTEM, [given])
    assert len(staffing.unheld(hall, {"one_review": drawn["one_review"]})) == 1


def test_a_mandate_of_the_post_holds_the_step_from_its_first_day(hall, drawn):
    unit_no = first_matter(hall, "one_review").unit_no
    take_away(hall, unit_no, "decide", "chief")
    first = date(2015, 11, 2)
    given = people.NewGrant(None, unit_no, "decide", "雁政授〔2015〕7号", first, post="chief")
    people.grant(hall, SYSTEM, [given])
    wanted = {"one_review": drawn["one_review"]}
    assert len(staffing.unheld(hall, wanted)) == 1
    assert staffing.unheld(hall, wanted, first) == []


def test_who_has_left_holds_nothing(hall, drawn, cast):
    unit_no = first_matter(hall, "commitment").unit_no
    people.leave(hall, SYSTEM, cast.holder(unit_no, "head").account, TODAY, "退休")
    wanted = {"commitment": drawn["commitment"]}
    assert staffing.unheld(hall, wanted) == []
    found = staffing.unheld(hall, wanted, date(2015, 10, 27))
    assert [(one.task, one.units) for one in found] == [("decide", (unit_no,))]


def test_nothing_to_publish_is_nothing_to_warn_of_and_what_cannot_be_read_is_refused(hall):
    assert staffing.unheld(hall, {}) == []
    with pytest.raises(HallError) as refused:
        staffing.unheld(hall, {"x": b"<no"})
    assert refused.value.code.startswith("process.")
