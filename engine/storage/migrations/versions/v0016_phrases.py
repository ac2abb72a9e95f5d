"""The common phrases of officials.

Revision: 0016.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "phrases",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "official_id",
            sa.String(64),
            sa.ForeignKey("officials.id", name="fk_phrases_official_id_officials"),
            nullable=False,
        ),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_phrases"),
        sa.UniqueConstraint("official_id", "step", "text", name="uq_phrases_official_id_step_text"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("phrases")
