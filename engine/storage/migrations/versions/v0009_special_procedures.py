"""The special procedures of cases.

Revision: 0009.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "special_procedures",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_special_procedures_case_id"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column(
            "child_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_special_procedures_child_id"),
            nullable=False,
        ),
        sa.Column("notice_no", sa.String(64), nullable=False),
        sa.Column("announced_days", sa.Integer(), nullable=False),
        sa.Column("announced_until", sa.Date(), nullable=False),
        sa.Column("legal_basis", sa.String(500), nullable=False),
        sa.Column("stops_clock", sa.Boolean(), nullable=False),
        sa.Column("clock_law", sa.String(500), nullable=False),
        sa.Column("row", sa.String(200), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("people_needed", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("started_by", sa.String(64), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("ended_by", sa.String(64)),
        sa.Column("result", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_special_procedures"),
        sa.UniqueConstraint("child_id", name="uq_special_procedures_child_id"),
    )
    op.create_index("ix_special_procedures_case_id", "special_procedures", ["case_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_special_procedures_case_id", "special_procedures")
    op.drop_table("special_procedures")
