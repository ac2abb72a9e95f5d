"""What is known of who stands at a window: his appointment, cases of his unit, cases begun here."""

from datetime import datetime

import sqlalchemy as sa

from engine.domain.appointment import Appointment
from engine.storage.appointments import APPOINTMENTS
from engine.storage.case_rows import CASES
from engine.storage.unit import Unit

_A, _C = APPOINTMENTS.c, CASES.c


def appointment_of(unit: Unit, ticket_id: str) -> Appointment | None:
    """Return the appointment that a number of the queue was given for."""
    row = unit.connection.execute(sa.select(APPOINTMENTS).where(_A.ticket_id == ticket_id)).first()
    return None if row is None else Appointment(*row)


def latest(unit: Unit, unit_no: int, limit: int) -> list[tuple[str, bytes]]:
    """Return the latest cases of a unit, the newest first: id and sealed number of applicant."""
    rows = unit.connection.execute(
        sa.select(_C.id, _C.applicant_id)
        .where(_C.unit_no == unit_no)
        .order_by(_C.applied_at.desc(), _C.id.desc())
        .limit(limit)
    )
    return [(row.id, row.applicant_id) for row in rows]


def begun(
    unit: Unit, unit_no: int, window_no: int, since: datetime, before: datetime
) -> list[tuple[str, str]]:
    """Return id and number of the cases that were begun at a window, the newest first."""
    rows = unit.connection.execute(
        sa.select(_C.id, _C.case_no)
        .where(_C.unit_no == unit_no, _C.window_no == window_no)
        .where(_C.applied_at >= since, _C.applied_at < before)
        .order_by(_C.applied_at.desc(), _C.id.desc())
    )
    return [(row.id, row.case_no) for row in rows]
