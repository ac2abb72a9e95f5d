"""Figures are counted by the database, on both, from the rows that they speak of."""

from datetime import date, timedelta

import pytest

from engine.domain.card import Card
from engine.domain.clocks import Stop
from engine.storage import cards, clocks, statistics
from tests.engine.storage import samples
from tests.engine.storage.samples import EVENT


@pytest.fixture
def counted(office):
    """Store two decided cases, one child, one open case, two cards, a stop that ended, one open."""
    at = office.now()
    with office.unit() as unit:
        for name, outcome, parent in (
            ("a", "granted", None),
            ("b", "refused", None),
            ("c", "granted", "a"),
            ("d", None, None),
        ):
            samples.put(
                unit,
                samples.case_of(
                    office,
                    id=name,
                    case_no=name,
                    outcome=outcome,
                    decided_at=at + timedelta(days=1) if outcome else None,
                    parent_id=parent,
                ),
            )
        for no, rule in enumerate(("S02", "S02", "S03")):
            cards.add(
                unit,
                Card(f"k{no}", "a", rule, str(no), "yellow", (), at, None, "supervision#1", "v"),
            )
        for no, ended in enumerate((date(2015, 10, 28), None)):
            first, last = date(2015, 10, 26), date(2015, 10, 27)
            clocks.add_stop(unit, Stop(f"s{no}", "a", "hearing", first, last, "law", "p", ended))
    return office


def test_cards_are_counted_by_rule(counted):
    with counted.reading() as unit:
        assert statistics.cards_by_rule(unit) == {"S02": 2, "S03": 1}


def test_cases_are_counted_by_outcome_without_children(counted):
    with counted.reading() as unit:
        assert statistics.outcomes(unit) == {"granted": 1, "refused": 1}
        assert len(list(statistics.decided(unit))) == 2


def test_only_stops_that_ended_are_counted(counted):
    with counted.reading() as unit:
        assert [stop.id for stop in statistics.ended_stops(unit)] == ["s0"]


def test_events_are_counted_by_kind(counted):
    with counted.reading() as unit:
        assert statistics.events_by_kind(unit)[type(EVENT).__name__] >= 4
