"""Joint surveys with their units, held cases, and the joint answers."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.domain.case import CaseState
from engine.domain.joint import OPEN, JointSurvey, Participant, SurveyState
from engine.domain.parallel import Hold, JointAnswer
from engine.kernel.errors import Missing
from engine.storage.base import Moment, Plain, Word, metadata
from engine.storage.case_rows import CASES
from engine.storage.statements import Prepared
from engine.storage.unit import Unit

# The columns are the fields of the dataclasses in their order.
HOLDS = sa.Table(
    "holds",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("parent_id", sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("cause", sa.String(32), nullable=False),
    sa.Column("source_id", sa.String(64), nullable=False),
    sa.Column("row", sa.String(200), nullable=False),
    sa.Column("held_at", Moment, nullable=False),
    sa.Column("released_at", Moment),
    sa.Column("released_by", sa.String(64)),
    sa.Index("ix_holds_case_id", "case_id"),
    sa.Index("ix_holds_source_id", "source_id"),
)
SURVEYS = sa.Table(
    "joint_surveys",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("state", Word(SurveyState), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("proposed_by", sa.String(64), nullable=False),
    sa.Column("stops_clocks", sa.Boolean, nullable=False),
    sa.Column("row", sa.String(200), nullable=False),
    sa.Column("legal_basis", sa.Text, nullable=False),
    sa.Column("fixed_at", Moment),
    sa.Column("record_task", sa.String(64)),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("recorded_by", sa.String(64)),
    sa.Column("ended_at", Moment),
    sa.Index("ix_joint_surveys_case_id", "case_id"),
)
PARTICIPANTS = sa.Table(
    "survey_participants",
    metadata,
    sa.Column("survey_id", sa.ForeignKey("joint_surveys.id"), primary_key=True),
    sa.Column("unit_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("date_task", sa.String(64)),
    sa.Column("accepted", sa.Boolean),
    sa.Column("other_day", sa.Date),
    sa.Column("answered_by", sa.String(64)),
    sa.Column("answered_at", Moment),
    sa.Column("sign_task", sa.String(64)),
    sa.Column("signed_by", sa.String(64)),
    sa.Column("signed_at", Moment),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Column("left_at", Moment),
    sa.Index("ix_survey_participants_case_id", "case_id"),
)
ANSWERS = sa.Table(
    "joint_answers",
    metadata,
    sa.Column("case_id", sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("no", sa.String(64), nullable=False, unique=True),
    sa.Column("outcome", sa.String(64), nullable=False),
    sa.Column("content", Plain, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("issued_by", sa.String(64), nullable=False),
)
_H, _S, _P = HOLDS.c, SURVEYS.c, PARTICIPANTS.c
_CASE_ID: sa.BindParameter[str] = sa.bindparam("case_id")
# Asked at each step of a child case, so it is prepared.
HELD = Prepared(
    sa.select(HOLDS)
    .where(_H.case_id == _CASE_ID, _H.released_at.is_(None))
    .order_by(_H.held_at, _H.id)
)


def hold(unit: Unit, held: Hold) -> None:
    """Store that the steps of a case wait."""
    unit.connection.execute(HOLDS.insert(), _values(held))


def hold_of(unit: Unit, case_id: str) -> Hold | None:
    """Return why the steps of a case wait, the first reason of several; None when they do not."""
    row = HELD.first(unit.line, case_id=case_id)
    return None if row is None else Hold(*row)


def holds_by(unit: Unit, source_id: str) -> list[Hold]:
    """Return what still waits because of a child case or a survey."""
    rows = unit.connection.execute(
        sa.select(HOLDS)
        .where(_H.source_id == source_id, _H.released_at.is_(None))
        .order_by(_H.case_id)
    )
    return [Hold(*row) for row in rows]


def release(unit: Unit, hold_id: str) -> None:
    """Let the steps of a case go on, by whom the unit is opened for."""
    unit.connection.execute(
        HOLDS.update().where(_H.id == hold_id).values(released_at=unit.at, released_by=unit.by.id)
    )


def parents_of_silent(unit: Unit, matter_nos: Collection[int], today: date) -> list[str]:
    """Return the cases of some matters that have an open child whose own limit has passed."""
    rows = unit.connection.execute(
        sa.select(CASES.c.parent_id)
        .where(
            CASES.c.parent_id.is_not(None),
            CASES.c.parent_task.is_not(None),
            CASES.c.state == CaseState.ACCEPTED,
            CASES.c.promised_due < today,
            CASES.c.matter_no.in_(sorted(matter_nos)),
        )
        .distinct()
        .order_by(CASES.c.parent_id)
    )
    return [str(parent_id) for parent_id in rows.scalars()]


def add_survey(unit: Unit, survey: JointSurvey) -> None:
    """Store a survey that was proposed."""
    unit.connection.execute(SURVEYS.insert(), _values(survey))


def save_survey(unit: Unit, survey: JointSurvey) -> None:
    """Store what became of a survey."""
    values = _values(survey)
    unit.connection.execute(SURVEYS.update().where(_S.id == survey.id).values(values))


def survey(unit: Unit, survey_id: str, *, lock: bool = False) -> JointSurvey:
    """Return a survey, with `lock` held until the unit ends; Missing `joint.survey_unknown`."""
    asked = sa.select(SURVEYS).where(_S.id == survey_id)
    row = unit.connection.execute(asked.with_for_update() if lock else asked).first()
    if row is None:
        raise Missing("joint.survey_unknown", survey=survey_id)
    return JointSurvey(*row)


def surveys_of(unit: Unit, case_id: str) -> list[JointSurvey]:
    """Return the surveys of a case, the oldest first."""
    return _surveys(unit, _S.case_id == case_id)


def open_survey(unit: Unit, case_id: str) -> JointSurvey | None:
    """Return the survey of a case that is not over; there is at most one."""
    return next(iter(_surveys(unit, _S.case_id == case_id, _S.state.in_(OPEN))), None)


def surveys_of_unit(
    unit: Unit, unit_no: int, since: date, until: date
) -> list[tuple[JointSurvey, Participant]]:
    """Return the surveys of a unit between two days that were not called off, by day."""
    rows = unit.connection.execute(
        sa.select(SURVEYS, PARTICIPANTS)
        .join(PARTICIPANTS, _P.survey_id == _S.id)
        .where(
            _P.unit_no == unit_no,
            _P.left_at.is_(None),
            _S.day.between(since, until),
            _S.state != SurveyState.CALLED_OFF,
        )
        .order_by(_S.day, _S.proposed_at)
    )
    width = len(fields(JointSurvey))
    return [(JointSurvey(*row[:width]), Participant(*row[width:])) for row in rows]


def survey_by_task(unit: Unit, task_id: str) -> str | None:
    """Return the id of the survey that a task of a date, record or signature belongs to."""
    of_unit = sa.select(_P.survey_id).where((_P.date_task == task_id) | (_P.sign_task == task_id))
    found = unit.connection.execute(
        of_unit.union(sa.select(_S.id).where(_S.record_task == task_id))
    ).first()
    return None if found is None else str(found[0])


def add_participants(unit: Unit, participants: list[Participant]) -> None:
    """Store the units of a survey."""
    unit.connection.execute(PARTICIPANTS.insert(), [_values(one) for one in participants])


def save_participant(unit: Unit, one: Participant) -> None:
    """Store what a unit answered or signed."""
    unit.connection.execute(
        PARTICIPANTS.update()
        .where(_P.survey_id == one.survey_id, _P.unit_no == one.unit_no)
        .values(_values(one))
    )


def participants_of(unit: Unit, survey_id: str) -> list[Participant]:
    """Return the units of a survey by number."""
    rows = unit.connection.execute(
        sa.select(PARTICIPANTS).where(_P.survey_id == survey_id).order_by(_P.unit_no)
    )
    return [Participant(*row) for row in rows]


def add_answer(unit: Unit, answer: JointAnswer) -> None:
    """Store the joint answer of a case."""
    unit.connection.execute(ANSWERS.insert(), _values(answer))


def answer_of(unit: Unit, case_id: str) -> JointAnswer | None:
    """Return the joint answer of a case, if one was made out."""
    row = unit.connection.execute(sa.select(ANSWERS).where(ANSWERS.c.case_id == case_id)).first()
    return None if row is None else JointAnswer(*row)


def _surveys(unit: Unit, *conditions: sa.ColumnElement[bool]) -> list[JointSurvey]:
    rows = unit.connection.execute(
        sa.select(SURVEYS).where(*conditions).order_by(_S.proposed_at, _S.id)
    )
    return [JointSurvey(*row) for row in rows]


def _values(stored: Any) -> Mapping[str, object]:
    return {field.name: getattr(stored, field.name) for field in fields(stored)}
