"""What cases await from one another, and child cases with their parent.

Revision: 0003, after the versions in time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OF_PARENT = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    """Make the table and add the columns; the cases that exist are nobody's children."""
    op.add_column("cases", sa.Column("parent_id", sa.String(64)))
    op.add_column("cases", sa.Column("parent_task", sa.String(64)))
    op.create_index(
        "ix_cases_parent_id",
        "cases",
        ["parent_id"],
        sqlite_where=OF_PARENT,
        postgresql_where=OF_PARENT,
    )
    op.create_table(
        "awaited",
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_awaited_case_id"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("element", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", "name", "element", name="pk_awaited"),
    )
    op.create_index("ix_awaited_kind_name", "awaited", ["kind", "name"])


def downgrade() -> None:
    """Drop the table and the columns."""
    op.drop_table("awaited")
    op.drop_index("ix_cases_parent_id", "cases")
    op.drop_column("cases", "parent_task")
    op.drop_column("cases", "parent_id")
