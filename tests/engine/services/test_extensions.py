"""The statutory limit is extended once, by the head of the unit, and the applicant is told."""

from datetime import timedelta

import pytest

from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid
from engine.kernel.now import hall_moment
from engine.services import cases as case_pages
from engine.services import extensions, intake
from engine.storage import clocks as rows
from engine.worker.loop import Handlers, run_once
from engine.worker.tasks import HANDLERS
from tests.story import application, first_matter

MONDAY, REASON = "2026-06-01T09:00", "需要等待省厅批复"


@pytest.fixture
def matter(hall):
    return first_matter(hall, "commitment")


@pytest.fixture
def head(cast, matter):
    return cast.holder(matter.unit_no, "head")


@pytest.fixture
def case(hall, cast, matter, now):
    now.move_to(hall_moment(MONDAY))
    return intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case


def kinds_told(hall, by, case):
    return [line.kind for line in case_pages.case(hall, by, case.id).history]


def later(hall, day, days):
    with hall.reading() as unit:
        calendar = hall.library.shelf(unit).calendar
    return calendar.day_of_rank(calendar.rank(day) + days)


def test_m_limit_2_the_head_extends_once_and_the_applicant_is_told(hall, head, case):
    extended = extensions.extend(hall, head, case.id, REASON, case.rev)
    assert extended.statutory_due == later(hall, case.statutory_due, 10)
    assert extended.rev == case.rev + 1
    history = case_pages.case(hall, head, case.id).history
    event = next(line for line in history if line.kind == "Extended")
    assert (event.params["days"], event.params["reason"]) == (10, REASON)
    assert event.params["row"].startswith("authority#")
    assert event.params["notice_no"] == "2026延00001"
    sent = []
    handlers = Handlers(HANDLERS.inside, {"notice.send": lambda hall, job: sent.append(job.key)})
    while run_once(hall, handlers):
        pass
    assert f"{case.id}:extended" in sent
    with pytest.raises(Conflict) as again:
        extensions.extend(hall, head, case.id, REASON, extended.rev)
    assert again.value.code == "clock.extended"


@pytest.mark.parametrize("post", ["clerk", "reviewer", "chief"])
def test_m_limit_2_an_officer_is_refused_and_the_try_is_kept(hall, cast, matter, case, post):
    officer = cast.holder(matter.unit_no, post)
    with pytest.raises(Forbidden) as refused:
        extensions.extend(hall, officer, case.id, REASON, case.rev)
    assert refused.value.code == "authority.refused"
    assert not refused.value.params["verdict"].allowed
    view = case_pages.case(hall, officer, case.id)
    assert view.case.statutory_due == case.statutory_due
    assert view.history[-1].kind == "ActRefused"
    assert "Extended" not in kinds_told(hall, officer, case)


def test_fewer_days_than_the_law_allows_may_be_enough(hall, head, case):
    extended = extensions.extend(hall, head, case.id, REASON, case.rev, days=3)
    assert extended.statutory_due == later(hall, case.statutory_due, 3)


@pytest.mark.parametrize(
    ("given", "kind", "code"),
    [
        ({"reason": "  "}, Invalid, "extension.reason"),
        ({"reason": "长" * 1001}, Invalid, "extension.reason"),
        ({"days": 0}, Invalid, "extension.days"),
        ({"days": 11}, Invalid, "extension.days"),
        ({"seen": 99}, Conflict, "case.changed"),
    ],
    ids=["no reason", "a reason nobody reads", "no days", "more than the law", "a stale page"],
)
def test_what_is_no_extension_is_refused_and_changes_nothing(hall, head, case, given, kind, code):
    values = {"reason": REASON, "seen": case.rev, **given}
    with pytest.raises(HallError) as refused:
        extensions.extend(hall, head, case.id, **values)
    assert (type(refused.value), refused.value.code) == (kind, code)
    with hall.reading() as unit:
        assert not any(clock.extended_days for clock in rows.running(unit, case.id))


def test_after_the_statutory_day_it_is_too_late(hall, head, case, now):
    day = case.statutory_due + timedelta(days=1)
    now.move_to(hall_moment(f"{day.isoformat()}T09:00"))
    with pytest.raises(Conflict) as refused:
        extensions.extend(hall, head, case.id, REASON, case.rev)
    assert refused.value.code == "clock.passed"


def test_an_application_that_was_not_accepted_has_nothing_to_extend(hall, cast, matter, head, now):
    now.move_to(hall_moment(MONDAY))
    clerk = cast.clerk(matter.unit_no)
    applied = intake.apply(hall, clerk, application(hall, matter)).case
    with pytest.raises(Conflict) as refused:
        extensions.extend(hall, head, applied.id, REASON, applied.rev)
    assert refused.value.code == "case.not_in_state"
