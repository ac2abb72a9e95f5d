"""The ledger's arithmetic: sums and percentages with one decimal."""

from decimal import Decimal

import pytest

from engine.domain.reform import LedgerRow, figures, figures_by_base, percentage

ROWS = [
    LedgerRow(1, "licence", 5, 1, 20, 1),
    LedgerRow(2, "licence", 7, 3, 45, 10),
    LedgerRow(3, "other", 5, 2, 20, 3),
]


def test_figures_are_sums_over_the_rows():
    all_of_them = figures(ROWS)
    assert (all_of_them.matters, all_of_them.instant) == (3, 1)
    assert (all_of_them.steps_before, all_of_them.steps) == (17, 6)
    assert (all_of_them.days_before, all_of_them.days) == (85, 14)
    assert all_of_them.step_cut == Decimal("64.7")
    assert all_of_them.day_cut == Decimal("83.5")
    assert all_of_them.instant_share == Decimal("33.3")


def test_each_base_has_its_own_figures():
    by_base = figures_by_base(ROWS)
    assert list(by_base) == ["licence", "other"]
    assert by_base["licence"] == figures(ROWS[:2])
    assert by_base["other"] == figures(ROWS[2:])


def test_a_published_change_moves_the_ledger_by_its_days():
    before = figures(ROWS)
    after = figures([ROWS[0], LedgerRow(2, "licence", 7, 3, 45, 8), ROWS[2]])
    assert before.days - after.days == 2


@pytest.mark.parametrize(
    ("row", "instant"),
    [
        pytest.param(LedgerRow(1, "licence", 5, 1, 20, 1), 1, id="one step, one day"),
        pytest.param(LedgerRow(1, "licence", 5, 2, 20, 1), 0, id="two steps"),
        pytest.param(LedgerRow(1, "licence", 5, 1, 20, 2), 0, id="two days"),
    ],
)
def test_instant_is_one_step_on_one_day(row, instant):
    assert figures([row]).instant == instant


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        pytest.param(3194, 4100, "77.9", id="the days of the article"),
        pytest.param(617, 1025, "60.2", id="the steps of the article"),
        pytest.param(61, 205, "29.8", id="the instant share of the article"),
        pytest.param(1, 2000, "0.1", id="half is rounded up"),
        pytest.param(0, 0, "0.0", id="nothing of nothing"),
        pytest.param(-1, 4, "-25.0", id="it became more"),
    ],
)
def test_percentages_have_one_decimal(part, whole, shown):
    assert str(percentage(part, whole)) == shown


def test_no_rows_have_no_share():
    assert str(figures([]).instant_share) == "0.0"
