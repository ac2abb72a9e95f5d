"""Cards of the supervision: raised once for each occasion of a rule, listed by case and by day."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from engine.domain.card import Card
from engine.storage.base import Moment, Plain, Words, metadata
from engine.storage.unit import Unit

# The columns are the fields of Card in their order.
CARDS = sa.Table(
    "cards",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("rule", sa.String(32), nullable=False),
    sa.Column("occasion", sa.String(100), nullable=False),
    sa.Column("level", sa.String(32), nullable=False),
    sa.Column("recipients", Words, nullable=False),
    sa.Column("raised_at", Moment, nullable=False),
    sa.Column("reply_by", sa.Date),
    sa.Column("row", sa.String(200), nullable=False),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("facts", Plain, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.UniqueConstraint("case_id", "rule", "occasion", name="uq_cards_occasion"),
    sa.Index("ix_cards_raised_at", "raised_at"),
)


def add(unit: Unit, card: Card) -> None:
    """Store a card."""
    unit.connection.execute(
        CARDS.insert(), {field.name: getattr(card, field.name) for field in fields(Card)}
    )


def of_case(unit: Unit, case_id: str) -> list[Card]:
    """Return the cards of a case in the order in which they were raised."""
    return _cards(unit, CARDS.c.case_id == case_id)


def _cards(unit: Unit, condition: sa.ColumnElement[bool]) -> list[Card]:
    asked: sa.Select[Any] = (
        sa.select(CARDS).where(condition).order_by(CARDS.c.raised_at, CARDS.c.id)
    )
    return [Card(*row) for row in unit.connection.execute(asked)]
