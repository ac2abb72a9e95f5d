"""Cards of the supervision, and the index by which each morning finds what presses.

Revision: 0012.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('offered', 'claimed')")


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "cards",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_cards_case_id"),
            nullable=False,
        ),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("occasion", sa.String(100), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("reply_by", sa.Date()),
        sa.Column("row", sa.String(200), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cards"),
        sa.UniqueConstraint("case_id", "rule", "occasion", name="uq_cards_occasion"),
    )
    op.create_index("ix_cards_raised_at", "cards", ["raised_at"])
    op.create_index(
        "ix_tasks_pressing",
        "tasks",
        ["first_due", "case_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Drop the table and the index."""
    op.drop_index("ix_tasks_pressing", "tasks")
    op.drop_index("ix_cards_raised_at", "cards")
    op.drop_table("cards")
