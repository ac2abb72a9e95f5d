"""Slots for appointments, and who booked their places."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date

import sqlalchemy as sa

from engine.domain.appointment import Appointment, AppointmentState, Slot
from engine.kernel.errors import Missing
from engine.storage.base import Moment, Word, metadata
from engine.storage.unit import Unit

HELD = sa.text("state <> 'cancelled'")

# The columns are the fields of Slot and of Appointment in their order.
SLOTS = sa.Table(
    "appointment_slots",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("unit_no", sa.Integer, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("at", sa.Time, nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.UniqueConstraint("unit_no", "day", "at"),
)
APPOINTMENTS = sa.Table(
    "appointments",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("no", sa.String(32), nullable=False, unique=True),
    sa.Column("slot_id", sa.ForeignKey("appointment_slots.id"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("unit_no", sa.Integer, nullable=False),
    sa.Column("matter_no", sa.Integer),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("phone", sa.LargeBinary, nullable=False),
    sa.Column("needs_care", sa.Boolean, nullable=False),
    sa.Column("state", Word(AppointmentState), nullable=False),
    sa.Column("booked_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ticket_id", sa.String(64)),
)
_S, _A = SLOTS.c, APPOINTMENTS.c
sa.Index(
    "uq_appointments_place",
    _A.slot_id,
    _A.place,
    unique=True,
    sqlite_where=HELD,
    postgresql_where=HELD,
)
sa.Index("ix_appointments_day", _A.day, _A.unit_no, sqlite_where=HELD, postgresql_where=HELD)


def add_slots(unit: Unit, slots: Sequence[Slot]) -> None:
    """Store slots."""
    unit.connection.execute(
        SLOTS.insert(),
        [{field.name: getattr(slot, field.name) for field in fields(Slot)} for slot in slots],
    )


def slots_of(unit: Unit, unit_no: int, day: date) -> list[Slot]:
    """Return the slots of a unit on a day, the earliest first."""
    rows = unit.connection.execute(
        sa.select(SLOTS).where(_S.unit_no == unit_no, _S.day == day).order_by(_S.at)
    )
    return [Slot(*row) for row in rows]


def lock_slot(unit: Unit, slot_id: str) -> Slot:
    """Return a slot, locked until the unit ends; Missing `appointment.no_slot`."""
    row = unit.connection.execute(
        sa.select(SLOTS).where(_S.id == slot_id).with_for_update()
    ).first()
    if row is None:
        raise Missing("appointment.no_slot", slot=slot_id)
    return Slot(*row)


def taken(unit: Unit, slot_ids: Sequence[str]) -> dict[str, frozenset[int]]:
    """Return the places of slots that somebody has, by slot."""
    found: dict[str, set[int]] = {slot_id: set() for slot_id in slot_ids}
    rows = unit.connection.execute(
        sa.select(_A.slot_id, _A.place).where(_A.slot_id.in_(slot_ids)).where(HELD)
    )
    for row in rows:
        found[row.slot_id].add(row.place)
    return {slot_id: frozenset(places) for slot_id, places in found.items()}


def add(unit: Unit, appointment: Appointment) -> None:
    """Store an appointment."""
    unit.connection.execute(
        APPOINTMENTS.insert(),
        {field.name: getattr(appointment, field.name) for field in fields(Appointment)},
    )


def save(unit: Unit, appointment: Appointment) -> None:
    """Store what became of an appointment."""
    unit.connection.execute(
        APPOINTMENTS.update()
        .where(_A.id == appointment.id)
        .values(
            state=appointment.state,
            ended_at=appointment.ended_at,
            ticket_id=appointment.ticket_id,
        )
    )


def lock(unit: Unit, appointment_id: str) -> Appointment:
    """Return an appointment, locked until the unit ends; Missing `appointment.unknown`."""
    row = unit.connection.execute(
        sa.select(APPOINTMENTS).where(_A.id == appointment_id).with_for_update()
    ).first()
    if row is None:
        raise Missing("appointment.unknown", appointment=appointment_id)
    return Appointment(*row)


def phones_on(unit: Unit, day: date) -> list[bytes]:
    """Return the sealed phones of those who have an open appointment on a day."""
    rows = unit.connection.execute(
        sa.select(_A.phone).where(_A.day == day).where(HELD, _A.state == AppointmentState.BOOKED)
    )
    return [row.phone for row in rows]


def of_day(unit: Unit, unit_no: int, day: date) -> list[Appointment]:
    """Return the appointments of a unit on a day that were not cancelled, the earliest first."""
    rows = unit.connection.execute(
        sa.select(APPOINTMENTS)
        .where(_A.unit_no == unit_no, _A.day == day)
        .where(HELD)
        .order_by(_A.starts_at, _A.place)
    )
    return [Appointment(*row) for row in rows]
