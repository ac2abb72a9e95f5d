"""A demo year replayed: the figures are those of a plain recount (M-PLUS-1)."""

from datetime import date, timedelta

import pytest

from engine.demo.lives import draw
from engine.demo.year import kinds, play
from engine.domain.people import SYSTEM
from engine.kernel.errors import Forbidden, Invalid, Missing
from engine.kernel.now import hall_moment
from engine.paths import stock_dir
from engine.services import catalogue, replays, warnings
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.engine.demo.plain_year import Course

FIRST, LAST = date(2015, 11, 2), date(2016, 12, 31)
CASES, SEED = 250, 5
TABLES, PROCESSES = stock_dir("rules") / "tables", stock_dir("bpmn") / "matters"


def plain_late(lives, matters, promised, first=FIRST, last=LAST):
    """Count, life by life and day by day, the decided commitments and those that are late."""
    decided = late = 0
    for life in lives:
        statutory = matters[life.matter_no].statutory_days
        course = Course(life, promised, statutory)
        if life.kind != "commitment" or course.decided is None:
            continue
        if first <= course.accepted <= last:
            decided += 1
            late += course.decided > course.dues(course.decided + timedelta(days=1))[0]
    return decided, late


@pytest.fixture
def lives(hall, cast, now):
    """Play some months of commitments, and return how they went."""
    now.move_to(hall_moment(f"{FIRST.isoformat()}T08:00"))
    calendar = catalogue.calendar(hall)
    drawn = draw(kinds(hall), ("commitment",), calendar, FIRST, 120, CASES, SEED)
    warnings.keep_watch(hall)

    def work_off():
        while run_once(hall, HANDLERS):
            pass

    play(hall, cast, now, drawn, work_off, calendar)
    return drawn


@pytest.fixture
def matters(hall, lives):
    return {no: catalogue.matter(hall, no) for no in {life.matter_no for life in lives}}


def test_m_plus_1_a_promise_of_ten_days_made_eight_is_late_as_often_as_a_plain_recount_says(
    hall, lives, matters
):
    for days in (6, 8, 10, 12):
        question = replays.of_promise(hall, SYSTEM, "commitment", days, FIRST, LAST)
        cases, _, before, after = replays.replay_all(hall, question).totals
        assert (cases, before) == plain_late(lives, matters, 10)
        assert (cases, after) == plain_late(lives, matters, days)
        if days == 8:
            assert after > before
    some = date(2015, 12, 1), date(2015, 12, 31)
    question = replays.of_promise(hall, SYSTEM, "commitment", 8, *some)
    cases, _, _, after = replays.replay_all(hall, question).totals
    assert (cases, after) == plain_late(lives, matters, 8, *some)
    assert cases < CASES
    _replayed_as_published(hall)
    _replayed_under_drafts(hall)


def _replayed_as_published(hall):
    """What is in force changes nothing, and everything can be told."""
    source = (PROCESSES / "commitment.bpmn").read_bytes()
    for question in (
        replays.of_process(hall, SYSTEM, source, FIRST, LAST),
        *(
            replays.of_table(SYSTEM, (TABLES / f"{name}.dmn").read_bytes(), FIRST, LAST)
            for name in ("authority", "acceptance", "special_procedure")
        ),
    ):
        tally = replays.replay_all(hall, question)
        assert tally.asked > 0
        assert (tally.totals[1], tally.untold.total()) == (0, 0)


def _replayed_under_drafts(hall):
    source = (PROCESSES / "commitment.bpmn").read_text(encoding="utf-8")
    turned = source.replace('审批决定 = "grant"', '审批决定 = "x"')
    turned = turned.replace('审批决定 = "refuse"', '审批决定 = "grant"')
    turned = turned.replace('审批决定 = "x"', '审批决定 = "refuse"').encode()
    question = replays.of_process(hall, SYSTEM, turned, FIRST, LAST)
    tally = replays.replay_all(hall, question)
    assert tally.totals[0] == tally.totals[1] > 0
    assert set(tally.effects) <= {
        ("outcome", "granted", "refused"),
        ("outcome", "refused", "granted"),
    }


def test_nothing_is_asked_backwards_or_of_nobody(hall, cast):
    policy = cast.holder(None, "policy")
    for ask, kind, code in (
        (lambda: replays.of_promise(hall, policy, "commitment", 8, LAST, FIRST), Invalid, "period"),
        (lambda: replays.of_promise(hall, policy, "commitment", 0, FIRST, LAST), Invalid, "days"),
        (lambda: replays.of_promise(hall, policy, "no", 8, FIRST, LAST), Missing, "no_type"),
    ):
        with pytest.raises(kind) as refused:
            ask()
        assert refused.value.code == f"what_if.{code}"


def test_who_may_not_read_rules_replays_none(hall, cast):
    clerk = cast.seated("clerk", 6)
    with pytest.raises(Forbidden) as refused:
        replays.of_promise(hall, clerk, "commitment", 8, FIRST, LAST)
    assert refused.value.code == "what_if.not_allowed"


def test_a_hall_without_cases_replays_nothing(hall):
    source = (TABLES / "authority.dmn").read_bytes()
    question = replays.of_table(SYSTEM, source, FIRST, LAST)
    assert replays.replay_all(hall, question).plain()["cases"] == 0
