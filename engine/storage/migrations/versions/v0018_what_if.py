"""Replays of past cases under drafts.

Revision: 0018.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "what_if_runs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("days_before", sa.Integer()),
        sa.Column("days_after", sa.Integer()),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(64), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("started_by", sa.String(64), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_what_if_runs"),
    )
    op.create_index("ix_what_if_runs_started_at", "what_if_runs", ["started_at"])
    op.create_table(
        "what_if_changes",
        sa.Column(
            "run_id",
            sa.String(64),
            sa.ForeignKey("what_if_runs.id", name="fk_what_if_changes_run_id_what_if_runs"),
            nullable=False,
        ),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("matter_no", sa.Integer(), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "no", name="pk_what_if_changes"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("what_if_changes")
    op.drop_index("ix_what_if_runs_started_at", "what_if_runs")
    op.drop_table("what_if_runs")
