"""Files of the papers of a case.

Revision: 0015.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_attachments_case_id_cases"),
            nullable=False,
        ),
        sa.Column("material_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("removed_by", sa.String(64)),
        sa.Column("removed_at", Moment()),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_case_id", "attachments", ["case_id"])
    op.create_index("ix_attachments_digest", "attachments", ["digest"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_index("ix_attachments_digest", "attachments")
    op.drop_index("ix_attachments_case_id", "attachments")
    op.drop_table("attachments")
