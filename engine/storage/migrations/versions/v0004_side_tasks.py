"""Tasks beside the process: why a task is there, and the task it belongs to.

Revision: 0004, after what is between cases.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; the tasks that exist are steps."""
    op.add_column(
        "tasks", sa.Column("purpose", sa.String(32), nullable=False, server_default="step")
    )
    op.add_column("tasks", sa.Column("of_task", sa.String(64)))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("tasks", "of_task")
    op.drop_column("tasks", "purpose")
