"""Order of the queue, windows closed or open longer, appointments and inquiries.

Revision: 0011.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
HELD = sa.text("state <> 'cancelled'")
NOT_OPENED, NOT_ENDED, NOT_CLOSED = (
    sa.text(f"{column} IS NULL") for column in ("opened_at", "ended_at", "closed_at")
)
TICKET = ("needs_care", "key_project", "urgent", "appointment_at", "priority", "row", "for_window")


def upgrade() -> None:
    """Make the tables; the numbers of before are ordinary ones."""
    _add_to_tickets()
    _make_windows()
    _make_appointments()
    _make_inquiries()


def _add_to_tickets() -> None:
    for name in ("needs_care", "key_project", "urgent"):
        op.add_column(
            "tickets", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.add_column("tickets", sa.Column("appointment_at", Moment()))
    op.add_column(
        "tickets", sa.Column("priority", sa.Integer(), nullable=False, server_default="5")
    )
    op.add_column("tickets", sa.Column("row", sa.String(200), nullable=False, server_default=""))
    op.add_column("tickets", sa.Column("for_window", sa.Integer()))
    op.drop_index("ix_tickets_waiting", "tickets")
    _index("ix_tickets_waiting", "tickets", ["zone_no", "day", "priority", "queued_at"], WAITING)


def _make_windows() -> None:
    op.create_table(
        "window_closures",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("window_no", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("to_window", sa.Integer()),
        sa.Column("closed_at", Moment(), nullable=False),
        sa.Column("closed_by", sa.String(64), nullable=False),
        sa.Column("opened_at", Moment()),
        sa.Column("opened_by", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_window_closures"),
    )
    _index("uq_window_closures_open", "window_closures", ["window_no"], NOT_OPENED, unique=True)
    op.create_table(
        "extended_hours",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("window_no", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("officer_id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64)),
        sa.Column("case_id", sa.String(64)),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_extended_hours"),
    )
    op.create_index("ix_extended_hours_day", "extended_hours", ["day", "window_no"])
    _index("uq_extended_hours_open", "extended_hours", ["window_no"], NOT_ENDED, unique=True)


def _make_appointments() -> None:
    op.create_table(
        "appointment_slots",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointment_slots"),
        sa.UniqueConstraint("unit_no", "day", "at", name="uq_appointment_slots_unit_no_day_at"),
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("no", sa.String(32), nullable=False),
        sa.Column("slot_id", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("matter_no", sa.Integer()),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("needs_care", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("booked_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("ticket_id", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        sa.UniqueConstraint("no", name="uq_appointments_no"),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["appointment_slots.id"], name="fk_appointments_slot_id"
        ),
    )
    _index("uq_appointments_place", "appointments", ["slot_id", "place"], HELD, unique=True)
    _index("ix_appointments_day", "appointments", ["day", "unit_no"], HELD)


def _make_inquiries() -> None:
    op.create_table(
        "inquiries",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("officer_id", sa.String(64), nullable=False),
        sa.Column("window_no", sa.Integer()),
        sa.Column("visitor", sa.String(200)),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("first_inquiry", sa.String(32), nullable=False),
        sa.Column("window_kind", sa.String(32), nullable=False),
        sa.Column("stays_open", sa.Boolean(), nullable=False),
        sa.Column("row", sa.String(200), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("closed_at", Moment()),
        sa.Column("closed_by", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_inquiries"),
    )
    _index("ix_inquiries_open", "inquiries", ["opened_at"], NOT_CLOSED)
    op.create_table(
        "inquiry_transfers",
        sa.Column("inquiry_id", sa.String(64), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.String(64), nullable=False),
        sa.Column("receiver_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("handed_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment()),
        sa.PrimaryKeyConstraint("inquiry_id", "serial", name="pk_inquiry_transfers"),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name="fk_inquiry_transfers_inquiry_id"
        ),
    )


def _index(
    name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False
) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop the tables and the columns."""
    for table in (
        "inquiry_transfers",
        "inquiries",
        "appointments",
        "appointment_slots",
        "extended_hours",
        "window_closures",
    ):
        op.drop_table(table)
    op.drop_index("ix_tickets_waiting", "tickets")
    for name in reversed(TICKET):
        op.drop_column("tickets", name)
    _index("ix_tickets_waiting", "tickets", ["zone_no", "day", "queued_at", "id"], WAITING)
