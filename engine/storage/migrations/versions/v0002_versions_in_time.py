"""Versions with drafts, periods and two people; decisions with their legal basis.

Revision: 0002, after the opening.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADDED = ("effective_to", "state", "author", "second", "note")


def upgrade() -> None:
    """Add the columns; what was published before was written by who published it."""
    op.add_column("definitions", sa.Column("effective_to", sa.Date()))
    op.add_column(
        "definitions",
        sa.Column("state", sa.String(32), nullable=False, server_default="published"),
    )
    op.add_column(
        "definitions", sa.Column("author", sa.String(64), nullable=False, server_default="")
    )
    op.add_column("definitions", sa.Column("second", sa.String(64)))
    op.add_column("definitions", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE definitions SET author = published_by")
    op.add_column(
        "decisions", sa.Column("legal_basis", sa.Text(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("decisions", "legal_basis")
    for name in ADDED:
        op.drop_column("definitions", name)
