"""People looked up by name, unit, post and state; what is kept of one; the absences."""

from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Forbidden, Missing
from engine.services import directory, intake, people, work
from tests.story import application

DAY, LAST = date(2015, 10, 26), date(2015, 10, 30)


@pytest.fixture
def keeper(cast):
    return cast.holder(None, "security_admin")


@pytest.fixture
def away(hall, cast):
    """The chief of unit 26 is away until Friday."""
    people.cover_absence(hall, SYSTEM, "standin26", "chief26", DAY, LAST, "出差")
    return cast.holder(26, "chief")


def accounts(found):
    return [row.official.account for row in found.rows]


def test_each_filter_narrows_the_list(hall, keeper, away):
    assert directory.find(hall, keeper).total == len(people.everybody(hall))
    assert accounts(directory.find(hall, keeper, "STANDIN26")) == ["standin26"]
    assert accounts(directory.find(hall, keeper, away.name, 26, "chief")) == ["chief26"]
    assert directory.find(hall, keeper, "_").rows == []
    clerks = directory.find(hall, keeper, post="clerk", page=6)
    assert (clerks.total, len(clerks.rows)) == (258, 8)


def test_states_are_told_apart_with_their_last_day(hall, keeper, away, cast):
    clerk, later = cast.clerk(26), cast.clerk(27)
    people.disable(hall, keeper, clerk.account, "外借")
    people.leave(hall, keeper, later.account, LAST, "退休")
    (absent,) = directory.find(hall, keeper, state=directory.ABSENT).rows
    assert (absent.official.id, absent.until, absent.state) == (away.id, LAST, "absent")
    assert absent.covered_by.account == "standin26"
    (left,) = directory.find(hall, keeper, state=directory.LEFT).rows
    assert (left.official.id, left.until) == (clerk.id, date(2015, 10, 25))
    working = directory.find(hall, keeper, state=directory.WORKING)
    assert working.total == len(people.everybody(hall)) - 2
    lines = directory.find(hall, keeper, later.account, state=directory.WORKING).rows
    assert [row.until for row in lines if row.official.id == later.id] == [LAST]


def test_a_person_is_shown_with_all_that_is_kept_of_him(hall, keeper, cast, away):
    clerk = cast.clerk(26)
    task = intake.receive(hall, clerk, application(hall)).opened[0]
    work.claim(hall, clerk, task.id)
    one = directory.person(hall, keeper, clerk.account)
    assert [held.task.id for held in one.tasks] == [task.id]
    assert one.grants
    assert {each.post for each in one.deputies} == {"stand_in"}
    assert clerk.id not in {each.id for each in one.colleagues}
    (covered,) = directory.person(hall, keeper, away.account).covered_by
    (acting,) = directory.person(hall, keeper, "standin26").acts_for
    assert covered == acting
    assert (covered.absent.id, covered.deputy.account) == (away.id, "standin26")
    own = directory.person(hall, keeper, keeper.account)
    assert (own.verdict.because, own.colleagues) == ("people.oneself", [])


def test_only_who_keeps_accounts_looks_people_up(hall, cast, keeper):
    for act in (
        lambda by: directory.find(hall, by),
        lambda by: directory.person(hall, by, "chief26"),
    ):
        with pytest.raises(Forbidden):
            act(cast.holder(26, "head"))
    with pytest.raises(Missing):
        directory.person(hall, keeper, "nobody")


def test_a_head_sees_and_names_the_absences_of_the_own_unit(hall, cast, away):
    own = directory.absences(hall, cast.holder(26, "head"))
    assert [row.absent.id for row in own.rows] == [away.id]
    assert own.yours == {away.id}
    assert [one.account for one in own.deputies] == ["standin26"]
    assert away.account in {one.account for one in own.away}
    other = directory.absences(hall, cast.holder(27, "head"))
    assert other.rows == []
    manager = directory.absences(hall, cast.holder(None, "hall_manager"))
    assert [row.absent.id for row in manager.rows] == [away.id]
    assert (manager.yours, manager.away, manager.deputies) == (frozenset(), [], [])


def test_posts_and_the_matters_of_a_unit_are_there_to_choose_from(hall):
    assert {"clerk", "chief", "security_admin"} <= set(directory.posts(hall))
    found = directory.matters_of(hall, 26)
    assert {one.unit_no for one in found} == {26}
    assert directory.matters_of(hall, 99) == []
