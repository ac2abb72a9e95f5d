"""Slips and notices, tolerated papers, visits, and what becomes of a licence.

Revision: 0008.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TOLERATED = sa.text("state = 'tolerated'")
ENDING = sa.text("renewal_asked_on IS NOT NULL")


def upgrade() -> None:
    """Make the tables and add the columns; the licences that exist are in force without end."""
    op.add_column("matters", sa.Column("licence_days", sa.Integer()))
    op.add_column("case_materials", sa.Column("tolerated_until", sa.Date()))
    op.add_column("case_materials", sa.Column("brought_at", Moment()))
    op.create_index(
        "ix_case_materials_tolerated_until",
        "case_materials",
        ["tolerated_until", "case_id"],
        sqlite_where=TOLERATED,
        postgresql_where=TOLERATED,
    )
    _make_slips()
    _make_visits()
    _add_to_licences()


def _make_slips() -> None:
    op.create_table(
        "slips",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("no", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        _of_case("slips"),
        sa.Column("row", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("issued_by", sa.String(64), nullable=False),
        sa.Column("delivered_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_slips"),
        sa.UniqueConstraint("no", name="uq_slips_no"),
    )
    op.create_index("ix_slips_case_id", "slips", ["case_id"])


def _make_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.String(64), nullable=False),
        _of_case("visits"),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("ticket_id", sa.String(64)),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index("ix_visits_case_id", "visits", ["case_id"])
    op.create_index("ix_visits_at", "visits", ["at"])


def _add_to_licences() -> None:
    op.add_column(
        "licences", sa.Column("state", sa.String(32), nullable=False, server_default="valid")
    )
    op.add_column(
        "licences", sa.Column("edition", sa.Integer(), nullable=False, server_default="1")
    )
    for name in ("valid_to", "renewal_asked_on", "ended_on"):
        op.add_column("licences", sa.Column(name, sa.Date()))
    op.create_index(
        "ix_licences_renewal_asked_on",
        "licences",
        ["valid_to"],
        sqlite_where=ENDING,
        postgresql_where=ENDING,
    )
    op.create_table(
        "licence_editions",
        sa.Column(
            "licence_id",
            sa.String(64),
            sa.ForeignKey("licences.id", name="fk_licence_editions_licence_id"),
            nullable=False,
        ),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("replaced_at", Moment(), nullable=False),
        sa.Column("replaced_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("licence_id", "edition", name="pk_licence_editions"),
    )


def _of_case(table: str) -> sa.Column[str]:
    return sa.Column(
        "case_id",
        sa.String(64),
        sa.ForeignKey("cases.id", name=f"fk_{table}_case_id"),
        nullable=False,
    )


def downgrade() -> None:
    """Drop the tables and the columns."""
    op.drop_table("licence_editions")
    op.drop_index("ix_licences_renewal_asked_on", "licences")
    for name in ("ended_on", "renewal_asked_on", "valid_to", "edition", "state"):
        op.drop_column("licences", name)
    op.drop_table("visits")
    op.drop_table("slips")
    op.drop_index("ix_case_materials_tolerated_until", "case_materials")
    op.drop_column("case_materials", "brought_at")
    op.drop_column("case_materials", "tolerated_until")
    op.drop_column("matters", "licence_days")
