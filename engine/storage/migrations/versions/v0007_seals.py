"""Urgent handling and uses of the seal.

Revision: 0007.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

URGENT = sa.text("urgent_at IS NOT NULL AND decided_at IS NULL AND closed_at IS NULL")


def upgrade() -> None:
    """Make both tables, and mark urgent cases."""
    op.add_column("cases", sa.Column("urgent_at", Moment()))
    op.create_index(
        "ix_cases_urgent_at", "cases", ["id"], sqlite_where=URGENT, postgresql_where=URGENT
    )
    op.create_table(
        "urgent_uses",
        sa.Column("id", sa.String(64), nullable=False),
        _of_case("urgent_uses"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("used_by", sa.String(64), nullable=False),
        sa.Column("used_at", Moment(), nullable=False),
        sa.Column("mandate_no", sa.String(100)),
        sa.Column("acting_for", sa.String(64)),
        sa.Column(
            "task_id",
            sa.String(64),
            sa.ForeignKey("tasks.id", name="fk_urgent_uses_task_id"),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("finding", sa.String(32)),
        sa.Column("reviewed_by", sa.String(64)),
        sa.Column("reviewed_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_urgent_uses"),
        sa.UniqueConstraint("task_id", name="uq_urgent_uses_task_id"),
    )
    op.create_index("ix_urgent_uses_case_id", "urgent_uses", ["case_id"])
    op.create_table(
        "seal_uses",
        sa.Column("id", sa.String(64), nullable=False),
        _of_case("seal_uses"),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("used_by", sa.String(64), nullable=False),
        sa.Column("used_at", Moment(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("mandate_no", sa.String(100)),
        sa.Column("acting_for", sa.String(64)),
        sa.Column("voided_at", Moment()),
        sa.Column("void_because", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_seal_uses"),
    )
    op.create_index("ix_seal_uses_case_id", "seal_uses", ["case_id"])


def _of_case(table: str) -> sa.Column[str]:
    return sa.Column(
        "case_id",
        sa.String(64),
        sa.ForeignKey("cases.id", name=f"fk_{table}_case_id"),
        nullable=False,
    )


def downgrade() -> None:
    """Drop both tables and the mark."""
    op.drop_table("seal_uses")
    op.drop_table("urgent_uses")
    op.drop_index("ix_cases_urgent_at", "cases")
    op.drop_column("cases", "urgent_at")
