"""The calendar is changed by notice, and every open clock follows it."""

from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.domain.working_time import HOLIDAY, PROVISIONAL, PUBLISHED, NoticedDay
from engine.kernel.errors import Forbidden, Invalid
from engine.kernel.now import hall_moment
from engine.services import calendar, catalogue, clocks, intake
from engine.services import cases as case_pages
from engine.services.clocks import Cause
from engine.storage import cases, jobs
from engine.storage import clocks as clock_rows
from engine.worker.loop import Handlers, run_once
from engine.worker.tasks import HANDLERS
from tests.story import application, first_matter

FRIDAY = "2026-12-18T09:00"
NEW_YEAR = date(2027, 1, 4)
NOTICE = "国办发明电〔2026〕9号"


@pytest.fixture
def clerk(hall, cast):
    return cast.clerk(first_matter(hall, "commitment").unit_no)


@pytest.fixture
def case(hall, clerk, now):
    now.move_to(hall_moment(FRIDAY))
    return intake.receive(hall, clerk, application(hall, first_matter(hall, "commitment"))).case


def holiday(day, kind=HOLIDAY):
    return NoticedDay(day, kind, "元旦", PUBLISHED)


def published_2027(hall, extra=()):
    """The days of 2027 as they are known, put in force by a notice, and some more."""
    known = catalogue.calendar(hall)
    days = [
        NoticedDay(day, HOLIDAY, known.names[day], PUBLISHED)
        for day in sorted(known.holidays)
        if day.year == 2027
    ]
    return calendar.import_year(hall, SYSTEM, 2027, [*days, *map(holiday, extra)], NOTICE)


def work_off(hall, sent=None):
    """Run all jobs that are due; `sent` collects the keys of the notices."""

    def send(hall, job):
        if sent is not None:
            sent.append(job.key)

    run_all(hall, Handlers(HANDLERS.inside, {"notice.send": send}))


def run_all(hall, handlers):
    while run_once(hall, handlers):
        pass


def told(hall, clerk, case, kind):
    history = case_pages.case(hall, clerk, case.id).history
    return [line.params for line in history if line.kind == kind]


def test_m_clk_6_the_notice_of_2027_moves_provisional_days_and_tells_the_applicant(
    hall, clerk, case
):
    assert (case.promised_due, case.provisional) == (NEW_YEAR, True)
    published_2027(hall, extra=[NEW_YEAR])
    sent = []
    work_off(hall, sent)
    moved = case_pages.case(hall, clerk, case.id).case
    assert (moved.promised_due, moved.provisional) == (date(2027, 1, 5), False)
    events = told(hall, clerk, case, "ClockMoved")
    assert {"clock": "promised", "was_due": "2027-01-04", "due_on": "2027-01-05"}.items() <= (
        events[0].items()
    )
    assert {event["why"] for event in events} == {"calendar"}
    assert [key for key in sent if key.startswith(f"{case.id}:calendar:")] != []
    assert moved.rev == case.rev, "a page that was opened before stays valid"


def test_a_notice_that_moves_no_day_only_settles_it_and_sends_nothing(hall, clerk, case):
    published_2027(hall)
    sent = []
    work_off(hall, sent)
    settled = case_pages.case(hall, clerk, case.id).case
    assert (settled.promised_due, settled.provisional) == (NEW_YEAR, False)
    assert told(hall, clerk, case, "ClockMoved") == []
    assert {event["clock"] for event in told(hall, clerk, case, "ClockSettled")} >= {"promised"}
    assert not any(":calendar:" in key for key in sent)


def test_an_earlier_due_day_is_told_in_the_history_and_sent_to_nobody(hall, clerk, case):
    day = NoticedDay(date(2026, 12, 26), calendar.WORKED_WEEKEND, "元旦调休", PUBLISHED)
    calendar.change(hall, SYSTEM, [day], NOTICE)
    sent = []
    work_off(hall, sent)
    assert case_pages.case(hall, clerk, case.id).case.promised_due == date(2026, 12, 31)
    assert not any(":calendar:" in key for key in sent)


def test_the_limits_of_open_steps_follow(hall, clerk, case):
    def due():
        tasks = case_pages.case(hall, clerk, case.id).tasks
        return next(line.task.due_on for line in tasks if line.task.is_open)

    before = due()
    calendar.change(hall, SYSTEM, [holiday(date(2026, 12, 21))], NOTICE)
    work_off(hall)
    assert due() > before
    assert "step" in {event["clock"] for event in told(hall, clerk, case, "ClockMoved")}


def test_closed_clocks_stay_as_they_were(hall, clerk, case):
    with hall.unit(clerk) as unit:
        found = cases.lock(unit, case.id)
        clocks.close(unit, case.id)
        clocks.open_clock(hall, unit, found, "delivery", 10)
        cases.update(unit, clocks.suspend(hall, unit, found, cause()), found.rev)
    published_2027(hall, extra=[NEW_YEAR])
    work_off(hall)
    with hall.reading() as unit:
        rows = {row.kind: row for row in clock_rows.clocks_of(unit, case.id)}
    assert rows["promised"].due_on == NEW_YEAR
    assert rows["delivery"].due_on == date(2027, 1, 5)


def cause():
    return Cause("inspection", date(2026, 12, 18), "行政许可法第四十五条", "p1")


def test_a_suspension_counts_in_the_new_calendar_too(hall, clerk, case):
    with hall.unit(clerk) as unit:
        found = cases.lock(unit, case.id)
        stopped = Cause("inspection", date(2026, 12, 24), "行政许可法第四十五条", "p1")
        after = cases.update(unit, clocks.suspend(hall, unit, found, stopped), found.rev)
    assert after.promised_due == date(2027, 1, 8)
    calendar.change(hall, SYSTEM, [holiday(date(2026, 12, 23))], NOTICE)
    work_off(hall)
    # The day was not counted before, being suspended; free it is not counted twice.
    assert case_pages.case(hall, clerk, case.id).case.promised_due == date(2027, 1, 8)


def test_the_jobs_go_on_where_the_last_batch_was_committed(hall, clerk, case, monkeypatch):
    monkeypatch.setattr(calendar, "BATCH", 2)
    matter = first_matter(hall, "commitment")
    others = [intake.receive(hall, clerk, application(hall, matter)).case for _ in range(6)]
    published_2027(hall, extra=[NEW_YEAR])
    batches = []

    def failing(hall, unit, job):
        batches.append(job.payload["after"])
        HANDLERS.inside["calendar.recompute"](hall, unit, job)
        if len(batches) == 3:
            raise Killed

    class Killed(BaseException):
        """The worker dies in the middle of a batch."""

    handlers = Handlers(
        {**HANDLERS.inside, "calendar.recompute": failing}, {"notice.send": lambda hall, job: None}
    )
    with pytest.raises(Killed):
        run_all(hall, handlers)
    run_all(hall, handlers)
    assert batches[2] == batches[3], "the batch that was lost is done again"
    assert len(batches) == len(set(batches)) + 1
    for one in (case, *others):
        assert case_pages.case(hall, clerk, one.id).case.promised_due == date(2027, 1, 5)
        moved = [event["clock"] for event in told(hall, clerk, one, "ClockMoved")]
        assert len(moved) == len(set(moved)), "no clock is moved twice"


def test_the_change_is_told_once_with_what_was_known_before(hall):
    changed = calendar.change(hall, SYSTEM, [holiday(NEW_YEAR), holiday(date(2027, 1, 1))], NOTICE)
    assert [one.after.day for one in changed] == [date(2027, 1, 4), date(2027, 1, 1)]
    assert changed[0].before is None
    assert changed[1].before.status == PROVISIONAL


def test_a_notice_that_says_what_is_known_changes_nothing_and_leaves_no_job(hall):
    published_2027(hall)
    work_off(hall)
    assert published_2027(hall) == []
    with hall.unit() as unit:
        assert jobs.claim(unit) is None


@pytest.mark.parametrize(
    ("days", "notice", "code"),
    [
        ([holiday(NEW_YEAR)], "  ", "calendar.notice"),
        ([holiday(NEW_YEAR, "feast")], NOTICE, "calendar.day"),
        ([holiday(NEW_YEAR, "worked_weekend")], NOTICE, "calendar.day"),
        ([holiday(NEW_YEAR), holiday(NEW_YEAR)], NOTICE, "calendar.day"),
    ],
    ids=["no notice", "a kind that is none", "a Monday worked in exchange", "the same day twice"],
)
def test_what_no_notice_can_say_is_refused(hall, days, notice, code):
    with pytest.raises(Invalid) as refused:
        calendar.change(hall, SYSTEM, days, notice)
    assert refused.value.code == code


def test_a_day_of_another_year_is_refused(hall):
    with pytest.raises(Invalid) as refused:
        calendar.import_year(hall, SYSTEM, 2027, [holiday(date(2028, 1, 3))], NOTICE)
    assert refused.value.code == "calendar.day"


def test_a_preview_tells_what_the_recomputing_will_do_and_writes_nothing(hall, clerk, case):
    day = holiday(date(2026, 12, 23))
    seen = calendar.preview(hall, SYSTEM, [day], NOTICE)
    assert [(one.before, one.after) for one in seen.changed] == [(None, day)]
    assert (seen.cases, seen.later, seen.earlier, seen.overdue) == (1, 1, 0, 0)
    unmoved = case_pages.case(hall, clerk, case.id).case
    assert unmoved == case
    calendar.change(hall, SYSTEM, [day], NOTICE)
    work_off(hall)
    moved = {event["clock"]: event["due_on"] for event in told(hall, clerk, case, "ClockMoved")}
    shown = {one.kind: one.after.isoformat() for one in seen.moves if one.kind in moved}
    assert shown.items() <= moved.items()
    assert "promised" in shown
    assert calendar.preview(hall, SYSTEM, [day], NOTICE).changed == ()


def test_a_preview_of_a_whole_year_counts_what_comes_earlier_and_what_is_overdue_at_once(
    hall, clerk, case, now
):
    calendar.change(hall, SYSTEM, [holiday(date(2026, 12, 23))], NOTICE)
    work_off(hall)
    due = case_pages.case(hall, clerk, case.id).case.promised_due
    now.move_to(hall_moment(f"{due.isoformat()}T09:00"))
    known = catalogue.calendar(hall)
    kept = [
        NoticedDay(day, kind, known.names[day], PUBLISHED)
        for kind, days in ((HOLIDAY, known.holidays), ("worked_weekend", known.worked_weekends))
        for day in days
        if day.year == 2026 and day != date(2026, 12, 23)
    ]
    seen = calendar.preview(hall, SYSTEM, kept, NOTICE, 2026)
    assert [one.day for one in seen.changed] == [date(2026, 12, 23)]
    assert (seen.cases, seen.later, seen.earlier, seen.overdue) == (1, 0, 1, 1)


def test_a_case_that_ends_before_the_changed_day_is_not_looked_at(hall, case):
    seen = calendar.preview(hall, SYSTEM, [holiday(date(2028, 6, 1))], NOTICE)
    assert len(seen.changed) == 1
    assert (seen.cases, seen.moves) == (0, ())


def test_nobody_but_policy_staff_looks_ahead_or_changes(hall, cast, clerk):
    policy = cast.holder(None, "policy")
    assert calendar.may_change(policy)
    for act in (calendar.preview, calendar.change):
        with pytest.raises(Forbidden) as refused:
            act(hall, clerk, [holiday(NEW_YEAR)], NOTICE)
        assert refused.value.code == "calendar.not_allowed"
