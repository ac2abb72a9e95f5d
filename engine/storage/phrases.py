"""The common phrases of officials, one row for each, by person and step."""

import sqlalchemy as sa

from engine.domain.phrase import Phrase
from engine.storage.base import Moment, metadata
from engine.storage.statements import Prepared
from engine.storage.unit import Unit

PHRASES = sa.Table(
    "phrases",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("official_id", sa.String(64), sa.ForeignKey("officials.id"), nullable=False),
    sa.Column("step", sa.String(200), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.UniqueConstraint("official_id", "step", "text"),
)
_P = PHRASES.c
OF_STEP = Prepared(
    sa.select(_P.id, _P.text)
    .where(_P.official_id == sa.bindparam("official_id"), _P.step == sa.bindparam("step"))
    .order_by(_P.added_at, _P.id)
)


def of_step(unit: Unit, official_id: str, step: str) -> list[Phrase]:
    """Return what an official keeps for a step, the first one first."""
    return [Phrase(*row) for row in OF_STEP.rows(unit.line, official_id=official_id, step=step)]


def add(unit: Unit, official_id: str, step: str, phrase: Phrase) -> None:
    """Keep a phrase."""
    unit.connection.execute(
        PHRASES.insert(),
        {
            "id": phrase.id,
            "official_id": official_id,
            "step": step,
            "text": phrase.text,
            "added_at": unit.at,
        },
    )


def drop(unit: Unit, official_id: str, phrase_id: str) -> bool:
    """Forget a phrase of an official; False when he keeps none of that id."""
    done = unit.connection.execute(
        PHRASES.delete().where(_P.official_id == official_id, _P.id == phrase_id)
    )
    return done.rowcount > 0
