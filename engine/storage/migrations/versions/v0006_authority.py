"""Grants to posts and for single matters, stand-ins that end early, people who leave.

Revision: 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a mandate name a post, and keep the days on which people came and left."""
    with op.batch_alter_table("grants") as grants:
        grants.alter_column("official_id", existing_type=sa.String(64), nullable=True)
        grants.add_column(sa.Column("post", sa.String(32)))
        grants.add_column(sa.Column("matters", sa.Text(), nullable=False, server_default="[]"))
        grants.add_column(sa.Column("granted_by", sa.String(64)))
        grants.create_index("ix_grants_post", ["post", "unit_no"])
    op.add_column("stand_ins", sa.Column("ended_on", sa.Date()))
    op.create_index("ix_stand_ins_stands_in_for", "stand_ins", ["stands_in_for"])
    op.add_column("officials", sa.Column("joined_on", sa.Date()))
    op.add_column("officials", sa.Column("left_on", sa.Date()))


def downgrade() -> None:
    """Drop what was added, and the mandates of posts with it."""
    op.drop_column("officials", "left_on")
    op.drop_column("officials", "joined_on")
    op.drop_index("ix_stand_ins_stands_in_for", "stand_ins")
    op.drop_column("stand_ins", "ended_on")
    op.execute("DELETE FROM grants WHERE official_id IS NULL")
    with op.batch_alter_table("grants") as grants:
        grants.drop_index("ix_grants_post")
        grants.drop_column("granted_by")
        grants.drop_column("matters")
        grants.drop_column("post")
        grants.alter_column("official_id", existing_type=sa.String(64), nullable=False)
