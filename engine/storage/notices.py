"""Slips of the acceptance, notices among them, and the papers that follow an application."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.domain.case import CaseState
from engine.domain.notice import SUPPLEMENT, Channel, NoticeItem, OneTimeNotice, Slip
from engine.kernel.errors import Missing
from engine.storage.base import Moment, Plain, Word, metadata
from engine.storage.case_rows import CASE_MATERIALS, CASES
from engine.storage.cases import CaseMaterial
from engine.storage.statements import Prepared, insert_into
from engine.storage.unit import Unit

# The columns are the fields of Slip in their order.
SLIPS = sa.Table(
    "slips",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("no", sa.String(64), nullable=False, unique=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("row", sa.String(200), nullable=False),
    sa.Column("content", Plain, nullable=False),
    sa.Column("channel", Word(Channel), nullable=False),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("issued_by", sa.String(64), nullable=False),
    sa.Column("delivered_at", Moment),
)
_P = CASE_MATERIALS.c
# A literal, not a parameter: a partial index is used only where its condition is repeated.
TOLERATED = sa.text("case_materials.state = 'tolerated'")

ADD = Prepared(insert_into(SLIPS, *SLIPS.c.keys()))


@dataclass(frozen=True)
class ToleratedPaper:
    """A tolerated paper of a case under way that has not come yet, with its own last day."""

    case_id: str
    case_no: str
    no: int
    name: str
    until: date


def add(unit: Unit, slip: Slip) -> None:
    """Store a slip that was just made out."""
    ADD.run(unit.line, {field.name: getattr(slip, field.name) for field in fields(Slip)})


def slip(unit: Unit, slip_id: str) -> Slip:
    """Return a slip; Missing `slip.unknown`."""
    row = unit.connection.execute(sa.select(SLIPS).where(SLIPS.c.id == slip_id)).first()
    if row is None:
        raise Missing("slip.unknown", slip=slip_id)
    return Slip(*row)


def slips_of(unit: Unit, case_id: str) -> list[Slip]:
    """Return the slips of a case in the order in which they were made out."""
    rows = unit.connection.execute(
        sa.select(SLIPS).where(SLIPS.c.case_id == case_id).order_by(SLIPS.c.issued_at, SLIPS.c.id)
    )
    return [Slip(*row) for row in rows]


def notices_of(unit: Unit, case_id: str) -> list[OneTimeNotice]:
    """Return the notices of a case, the first one first."""
    return [as_notice(one) for one in slips_of(unit, case_id) if one.kind == SUPPLEMENT]


def delivered(unit: Unit, slip_id: str) -> None:
    """Note that a slip reached the applicant now."""
    unit.connection.execute(
        SLIPS.update().where(SLIPS.c.id == slip_id).values(delivered_at=unit.at)
    )


def as_slip(notice: OneTimeNotice, row: str) -> Slip:
    """Return the slip that a notice is kept as."""
    return Slip(
        id=notice.id,
        no=notice.no,
        kind=SUPPLEMENT,
        case_id=notice.case_id,
        row=row,
        content={
            "items": [asdict(item) for item in notice.items],
            "known": list(notice.known),
            "approved_by": notice.approved_by,
        },
        channel=notice.channel,
        issued_at=notice.issued_at,
        issued_by=notice.issued_by,
        delivered_at=notice.delivered_at,
    )


def as_notice(found: Slip) -> OneTimeNotice:
    """Return the notice that a slip holds; Missing `notice.unknown` when it is another slip."""
    if found.kind != SUPPLEMENT:
        raise Missing("notice.unknown", notice=found.id)
    content: Mapping[str, Any] = found.content
    return OneTimeNotice(
        id=found.id,
        no=found.no,
        case_id=found.case_id,
        items=tuple(NoticeItem(**item) for item in content["items"]),
        channel=found.channel,
        issued_at=found.issued_at,
        issued_by=found.issued_by,
        delivered_at=found.delivered_at,
        known=tuple(content["known"]),
        approved_by=content["approved_by"],
    )


def save_paper(unit: Unit, case_id: str, paper: CaseMaterial) -> None:
    """Store what became of a paper of a case."""
    values = {field.name: getattr(paper, field.name) for field in fields(CaseMaterial)}
    del values["no"]
    unit.connection.execute(
        CASE_MATERIALS.update().where(_P.case_id == case_id, _P.no == paper.no).values(values)
    )


def tolerate(unit: Unit, case_id: str, papers: list[CaseMaterial], until: date) -> None:
    """Give the tolerated papers among those of a case their own last day."""
    for paper in papers:
        if paper.state == "tolerated":
            save_paper(unit, case_id, replace(paper, tolerated_until=until))


def tolerated_of(unit: Unit, unit_no: int) -> list[ToleratedPaper]:
    """Return the tolerated papers of a unit's cases that have not come, the oldest day first."""
    under_way = CASES.c.state.in_((CaseState.ACCEPTED, CaseState.DECIDED))
    rows = unit.connection.execute(
        sa.select(CASES.c.id, CASES.c.case_no, _P.no, _P.name, _P.tolerated_until)
        .join(CASES, CASES.c.id == _P.case_id)
        .where(TOLERATED, _P.tolerated_until.is_not(None), under_way, CASES.c.unit_no == unit_no)
        .order_by(_P.tolerated_until, CASES.c.case_no, _P.no)
    )
    return [ToleratedPaper(*row) for row in rows]


def correct_answers(unit: Unit, case_id: str, answers: Mapping[str, object]) -> None:
    """Store the answers of an application as they were corrected."""
    unit.connection.execute(CASES.update().where(CASES.c.id == case_id).values(answers=answers))
