"""Changes: drafts of several definitions, published together.

Drafts were rows of definitions before; what was never published counts as withdrawn.

Revision: 0019.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "changes",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date()),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("begun_by", sa.String(64), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("submitted_by", sa.String(64)),
        sa.Column("submitted_at", Moment()),
        sa.Column("ended_by", sa.String(64)),
        sa.Column("ended_at", Moment()),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_begun_at", "changes", ["begun_at"])
    op.create_table(
        "change_parts",
        _change("change_parts"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("based_on", sa.String(64)),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.String(64), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", "kind", "key", name="pk_change_parts"),
    )
    op.create_table(
        "change_steps",
        _change("change_steps"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", "kind", "key", "no", name="pk_change_steps"),
    )
    op.create_table(
        "change_approvals",
        _change("change_approvals"),
        sa.Column("permission", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", "permission", name="pk_change_approvals"),
    )
    op.execute(
        "UPDATE definitions SET state = 'withdrawn' WHERE state IN ('draft', 'checked', 'approved')"
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("change_approvals", "change_steps", "change_parts"):
        op.drop_table(table)
    op.drop_index("ix_changes_begun_at", "changes")
    op.drop_table("changes")


def _change(table: str) -> sa.Column[str]:
    name = f"fk_{table}_change_id_changes"
    return sa.Column(
        "change_id", sa.String(64), sa.ForeignKey("changes.id", name=name), nullable=False
    )
