"""A leaving looked at before: what the preview says is what the leaving then does."""

from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Forbidden, Missing
from engine.services import inquiries, intake, leaving, people, work
from tests.story import application

DAY, LAST = date(2015, 10, 26), date(2015, 10, 30)


@pytest.fixture
def keeper(cast):
    return cast.holder(None, "security_admin")


@pytest.fixture
def held(hall, clerk):
    task = intake.receive(hall, clerk, application(hall)).opened[0]
    work.claim(hall, clerk, task.id)
    return task


@pytest.fixture
def colleague(cast, unit_no, clerk):
    return next(one for one in cast.all_of("clerk", unit_no) if one.id != clerk.id)


def test_the_preview_says_what_the_leaving_does(hall, keeper, clerk, colleague, held, cast):
    people.cover_absence(hall, SYSTEM, "standin26", clerk.account, DAY, LAST, "病假")
    seen = leaving.preview(hall, keeper, clerk.account, colleague.account, DAY)
    assert [(one.task.id, one.to) for one in seen.tasks] == [(held.id, colleague)]
    assert [one.ground for one in seen.absences] == ["病假"]
    done = people.leave(hall, keeper, clerk.account, DAY, "调离", colleague.account)
    assert done.tasks == (held.id,)
    assert set(done.grants) == {one.id for one in seen.grants}
    assert done.absences == len(seen.absences)


def test_what_the_receiver_may_not_do_goes_back_to_the_posts(hall, keeper, clerk, held, head):
    for to in (None, head.account):
        (one,) = leaving.preview(hall, keeper, clerk.account, to, LAST).tasks
        assert one.to is None


def test_what_does_not_move_is_listed(hall, keeper, clerk):
    asked = inquiries.Asked("怎样办理？", "apply", right_window=False)
    opened = inquiries.open_inquiry(hall, clerk, asked)
    seen = leaving.preview(hall, keeper, clerk.account, None, DAY)
    assert [one.id for one in seen.contacts] == [opened.id]
    assert seen.projects == ()


def test_only_who_keeps_accounts_looks_and_nobody_is_said(hall, keeper, clerk):
    with pytest.raises(Forbidden):
        leaving.preview(hall, clerk, clerk.account, None, DAY)
    with pytest.raises(Missing):
        leaving.preview(hall, keeper, "nobody", None, DAY)
