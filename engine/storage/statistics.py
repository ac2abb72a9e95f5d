"""Figures of the hall, counted by the database from the rows that they speak of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.domain.clocks import Stop
from engine.storage.cards import CARDS
from engine.storage.case_rows import CASES
from engine.storage.clocks import STOPS
from engine.storage.journal import EVENTS
from engine.storage.unit import Unit


@dataclass(frozen=True)
class DecidedCase:
    """When a case was accepted and decided, and when it should have been by promise and by law."""

    accepted_at: datetime
    decided_at: datetime
    promised_due: date | None
    statutory_due: date | None


def events_by_kind(unit: Unit) -> Mapping[str, int]:
    """Return how many events of each kind there are."""
    kind, number = EVENTS.c.kind, sa.func.count()
    rows = unit.connection.execute(sa.select(kind, number).group_by(kind))
    return {row[0]: int(row[1]) for row in rows}


def cards_by_rule(unit: Unit) -> Mapping[str, int]:
    """Return how many cards each rule of supervision has raised."""
    rows = unit.connection.execute(sa.select(CARDS.c.rule, sa.func.count()).group_by(CARDS.c.rule))
    return {rule: int(number) for rule, number in rows}


def outcomes(unit: Unit) -> Mapping[str, int]:
    """Return how many cases that are nobody's children were decided in each way."""
    rows = unit.connection.execute(
        sa.select(CASES.c.outcome, sa.func.count())
        .where(CASES.c.decided_at.is_not(None), CASES.c.parent_id.is_(None))
        .group_by(CASES.c.outcome)
    )
    return {str(outcome): int(number) for outcome, number in rows}


def decided(unit: Unit) -> Iterator[DecidedCase]:
    """Yield the decided cases that are nobody's children."""
    for row in unit.connection.execute(
        sa.select(
            CASES.c.accepted_at, CASES.c.decided_at, CASES.c.promised_due, CASES.c.statutory_due
        ).where(CASES.c.decided_at.is_not(None), CASES.c.parent_id.is_(None))
    ):
        yield DecidedCase(*row)


def ended_stops(unit: Unit) -> Iterator[Stop]:
    """Yield the times in which clocks stood still and that are over."""
    for row in unit.connection.execute(sa.select(STOPS).where(STOPS.c.ended_on.is_not(None))):
        yield Stop(*row)
