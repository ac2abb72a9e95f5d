"""A year of the hall comes to the figures of the plain one: delay, suspension, cards."""

from dataclasses import asdict
from datetime import date

import pytest

from engine.demo.lives import draw
from engine.demo.year import SHORT, kinds, play
from engine.kernel.now import hall_moment
from engine.services import audit, catalogue, statistics, warnings
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.engine.demo import plain_year

FIRST = date(2015, 11, 2)


def work_off(hall):
    while run_once(hall, HANDLERS):
        pass


def live(hall, cast, now, cases, seed):
    """Play a year and return the hall's figures and the plain ones."""
    now.move_to(hall_moment(f"{FIRST.isoformat()}T08:00"))
    days = catalogue.calendar(hall)
    lives = draw(kinds(hall), SHORT, days, FIRST, 120, cases, seed)
    warnings.keep_watch(hall)
    play(hall, cast, now, lives, lambda: work_off(hall), days)
    matters = {
        number: (matter.promised_days, matter.statutory_days)
        for number in {life.matter_no for life in lives}
        for matter in [catalogue.matter(hall, number)]
    }
    return asdict(statistics.totals(hall)), plain_year.totals(lives, matters)


def test_five_hundred_cases_come_to_the_figures_of_the_plain_year(hall, cast, now):
    figures, plain = live(hall, cast, now, 500, 1)
    assert figures == plain
    assert audit.verify_trail(hall).intact


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2, 6))
def test_other_years_too(hall, cast, now, seed):
    figures, plain = live(hall, cast, now, 2_000, seed)
    assert figures == plain


def test_the_same_seed_draws_the_same_lives(hall):
    known, days = kinds(hall), catalogue.calendar(hall)
    once, again, other = (draw(known, SHORT, days, FIRST, 120, 200, seed) for seed in (7, 7, 8))
    assert once == again
    assert once != other
