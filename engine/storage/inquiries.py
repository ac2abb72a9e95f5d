"""First inquiries and their way from officer to officer."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields

import sqlalchemy as sa

from engine.domain.inquiry import Inquiry, Transfer
from engine.kernel.errors import Missing
from engine.storage.base import Moment, metadata
from engine.storage.unit import Unit

OPEN = sa.text("closed_at IS NULL")

# The columns are the fields of Inquiry and of Transfer in their order.
INQUIRIES = sa.Table(
    "inquiries",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("officer_id", sa.String(64), nullable=False),
    sa.Column("window_no", sa.Integer),
    sa.Column("visitor", sa.String(200)),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("purpose", sa.String(32), nullable=False),
    sa.Column("first_inquiry", sa.String(32), nullable=False),
    sa.Column("window_kind", sa.String(32), nullable=False),
    sa.Column("stays_open", sa.Boolean, nullable=False),
    sa.Column("row", sa.String(200), nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("closed_at", Moment),
    sa.Column("closed_by", sa.String(64)),
)
TRANSFERS = sa.Table(
    "inquiry_transfers",
    metadata,
    sa.Column("inquiry_id", sa.ForeignKey("inquiries.id"), primary_key=True),
    sa.Column("serial", sa.Integer, primary_key=True),
    sa.Column("giver_id", sa.String(64), nullable=False),
    sa.Column("receiver_id", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("handed_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),
)
_I, _T = INQUIRIES.c, TRANSFERS.c
sa.Index("ix_inquiries_open", _I.opened_at, sqlite_where=OPEN, postgresql_where=OPEN)


def add(unit: Unit, inquiry: Inquiry) -> None:
    """Store a contact."""
    unit.connection.execute(
        INQUIRIES.insert(), {field.name: getattr(inquiry, field.name) for field in fields(Inquiry)}
    )


def lock(unit: Unit, inquiry_id: str) -> Inquiry:
    """Return a contact, locked until the unit ends; Missing `inquiry.unknown`."""
    row = unit.connection.execute(
        sa.select(INQUIRIES).where(_I.id == inquiry_id).with_for_update()
    ).first()
    if row is None:
        raise Missing("inquiry.unknown", inquiry=inquiry_id)
    return Inquiry(*row)


def close(unit: Unit, inquiry_id: str, answer: str) -> None:
    """Store the answer of a contact, which is closed with it."""
    unit.connection.execute(
        INQUIRIES.update()
        .where(_I.id == inquiry_id)
        .values(answer=answer, closed_at=unit.at, closed_by=unit.by.id)
    )


def open_ones(unit: Unit) -> list[Inquiry]:
    """Return the contacts that are open, the oldest first."""
    rows = unit.connection.execute(sa.select(INQUIRIES).where(OPEN).order_by(_I.opened_at, _I.id))
    return [Inquiry(*row) for row in rows]


def add_transfer(unit: Unit, transfer: Transfer) -> None:
    """Store that a contact was handed on."""
    unit.connection.execute(
        TRANSFERS.insert(),
        {field.name: getattr(transfer, field.name) for field in fields(Transfer)},
    )


def confirm(unit: Unit, transfer: Transfer) -> None:
    """Store that the receiver has a contact in hand."""
    unit.connection.execute(
        TRANSFERS.update()
        .where(_T.inquiry_id == transfer.inquiry_id, _T.serial == transfer.serial)
        .values(confirmed_at=unit.at)
    )


def transfers_of(unit: Unit, inquiry_id: str) -> list[Transfer]:
    """Return the way of a contact, in its order."""
    rows = unit.connection.execute(
        sa.select(TRANSFERS).where(_T.inquiry_id == inquiry_id).order_by(_T.serial)
    )
    return [Transfer(*row) for row in rows]


def transfers_of_open(unit: Unit) -> Mapping[str, list[Transfer]]:
    """Return the ways of the contacts that are open, by contact, each in its order."""
    rows = unit.connection.execute(
        sa.select(TRANSFERS)
        .join(INQUIRIES, _I.id == _T.inquiry_id)
        .where(_I.closed_at.is_(None))
        .order_by(_T.inquiry_id, _T.serial)
    )
    found: dict[str, list[Transfer]] = defaultdict(list)
    for row in rows:
        found[row.inquiry_id].append(Transfer(*row))
    return found
