"""Drawn lives keep the rates they are said to have."""

from datetime import date

import pytest

from engine.demo.lives import Kind, draw
from engine.domain.working_time import NoticedDay, calendar_of

CALENDAR = calendar_of([NoticedDay(date(2015, 10, 1), "holiday", "国庆节", "published")])
KINDS = {
    "short": Kind((1, 2), (1,), 1),
    "long": Kind((3,), (2, 5, 3), 10),
}


@pytest.fixture(scope="module")
def lives():
    return draw(KINDS, ("short",), CALENDAR, date(2015, 1, 5), 360, 20_000, 1)


@pytest.mark.parametrize(
    ("share", "of"),
    [
        (0.72, lambda life: life.kind == "short"),
        (0.09, lambda life: life.papers is not None),
        (0.04, lambda life: life.stop is not None),
        (0.015, lambda life: life.extended),
        (0.02, lambda life: life.refused),
        (0.008, lambda life: life.withdrawn is not None),
        (0.012, lambda life: life.steps[-1] > KINDS[life.kind].step_days[-1]),
    ],
    ids=["short", "a paper missing", "stopped", "extended", "refused", "withdrawn", "late"],
)
def test_the_shares_are_those_that_the_page_names(lives, share, of):
    found = sum(map(of, lives)) / len(lives)
    assert found == pytest.approx(share, rel=0.15)


def test_nobody_applies_on_a_free_day_and_all_in_order(lives):
    assert all(CALENDAR.is_working(life.applied.date()) for life in lives)
    assert lives == sorted(lives, key=lambda life: life.applied)
