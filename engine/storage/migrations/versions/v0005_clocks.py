"""Extensions of clocks, limits of steps, and the times in which clocks stand still.

Revision: 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """Add the column, the table and the index by which open clocks are found."""
    op.add_column(
        "clocks", sa.Column("extended_days", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("tasks", sa.Column("limit_days", sa.Integer()))
    op.create_table(
        "stops",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_stops_case_id"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("announced_until", sa.Date(), nullable=False),
        sa.Column("legal_basis", sa.String(500), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_stops"),
    )
    op.create_index("ix_stops_case_id", "stops", ["case_id"])
    op.create_index(
        "ix_clocks_due_on",
        "clocks",
        ["due_on", "case_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_clocks_due_on", "clocks")
    op.drop_index("ix_stops_case_id", "stops")
    op.drop_table("stops")
    op.drop_column("tasks", "limit_days")
    op.drop_column("clocks", "extended_days")
