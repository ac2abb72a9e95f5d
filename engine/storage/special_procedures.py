"""The special procedures of cases, those that run and those that have ended."""

from dataclasses import fields

import sqlalchemy as sa

from engine.domain.special_procedure import SpecialProcedure
from engine.kernel.errors import Missing
from engine.storage.base import Moment, Words, metadata
from engine.storage.statements import Prepared, insert_into
from engine.storage.unit import Unit

# The columns are the fields of SpecialProcedure in their order.
SPECIAL_PROCEDURES = sa.Table(
    "special_procedures",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("child_id", sa.ForeignKey("cases.id"), nullable=False, unique=True),
    sa.Column("notice_no", sa.String(64), nullable=False),
    sa.Column("announced_days", sa.Integer, nullable=False),
    sa.Column("announced_until", sa.Date, nullable=False),
    sa.Column("legal_basis", sa.String(500), nullable=False),
    sa.Column("stops_clock", sa.Boolean, nullable=False),
    sa.Column("clock_law", sa.String(500), nullable=False),
    sa.Column("row", sa.String(200), nullable=False),
    sa.Column("people", Words, nullable=False),
    sa.Column("people_needed", sa.Integer, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("started_by", sa.String(64), nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", sa.String(64)),
    sa.Column("result", sa.String(32)),
)
_P = SPECIAL_PROCEDURES.c
ADD = Prepared(insert_into(SPECIAL_PROCEDURES, *SPECIAL_PROCEDURES.c.keys()))
OF_CASE = Prepared(
    sa.select(SPECIAL_PROCEDURES)
    .where(_P.case_id == sa.bindparam("case_id"))
    .order_by(_P.started_at, _P.id)
)


def add(unit: Unit, procedure: SpecialProcedure) -> None:
    """Store a procedure that began."""
    ADD.run(unit.line, {field.name: getattr(procedure, field.name) for field in fields(procedure)})


def save(unit: Unit, procedure: SpecialProcedure) -> None:
    """Store what was announced anew, or how a procedure ended."""
    unit.connection.execute(
        SPECIAL_PROCEDURES.update()
        .where(_P.id == procedure.id)
        .values(
            notice_no=procedure.notice_no,
            announced_days=procedure.announced_days,
            announced_until=procedure.announced_until,
            ended_at=procedure.ended_at,
            ended_by=procedure.ended_by,
            result=procedure.result,
        )
    )


def procedure(unit: Unit, procedure_id: str) -> SpecialProcedure:
    """Return a procedure; Missing `procedure.unknown`."""
    row = unit.connection.execute(
        sa.select(SPECIAL_PROCEDURES).where(_P.id == procedure_id)
    ).first()
    if row is None:
        raise Missing("procedure.unknown", procedure=procedure_id)
    return SpecialProcedure(*row)


def of_case(unit: Unit, case_id: str) -> list[SpecialProcedure]:
    """Return the procedures of a case, the first one first."""
    return [SpecialProcedure(*row) for row in OF_CASE.rows(unit.line, case_id=case_id)]


def running(unit: Unit, case_id: str) -> list[SpecialProcedure]:
    """Return the procedures of a case that have not ended, the first one first."""
    return [one for one in of_case(unit, case_id) if one.is_running]


def of_child(unit: Unit, child_id: str) -> SpecialProcedure | None:
    """Return the procedure that a child case carries out, None for other cases."""
    row = unit.connection.execute(
        sa.select(SPECIAL_PROCEDURES).where(_P.child_id == child_id)
    ).first()
    return None if row is None else SpecialProcedure(*row)
