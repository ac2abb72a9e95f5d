"""What people have typed and not sent yet.

Revision: 0013.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "unsent",
        sa.Column(
            "official_id",
            sa.String(64),
            sa.ForeignKey("officials.id", name="fk_unsent_official_id_officials"),
            nullable=False,
        ),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("official_id", "place", name="pk_unsent"),
    )
    op.create_index("ix_unsent_kept_at", "unsent", ["kept_at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_index("ix_unsent_kept_at", "unsent")
    op.drop_table("unsent")
