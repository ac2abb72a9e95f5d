"""Cases with their tasks, papers and decisions: the rows that every step touches."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from engine.domain.case import Case, Task, TaskState
from engine.kernel.errors import Conflict, Missing
from engine.storage import decisions
from engine.storage.case_rows import (
    CASE_MATERIALS,
    CASES,
    DECIDED,
    DECISIONS,
    OPEN,
    TASKS,
)
from engine.storage.catalogue_rows import MATTERS
from engine.storage.statements import Prepared, insert_into
from engine.storage.unit import Unit

# Stands for "no day at all" in an index that begins with the most pressing one.
NEVER = date.max
_C, _T = CASES.c, TASKS.c

CASE_FIELDS = tuple(field.name for field in fields(Case))
TASK_FIELDS = tuple(field.name for field in fields(Task))
CASE = tuple(_C[name] for name in CASE_FIELDS)
TASK = tuple(_T[name] for name in TASK_FIELDS)
# What is settled when the application is entered and never changes afterwards.
FIXED = {
    "id",
    "case_no",
    "matter_no",
    "unit_no",
    "applied_at",
    "applied_by",
    "applicant_kind",
    "parent_id",
    "parent_task",
}

_CASE_ID: sa.BindParameter[str] = sa.bindparam("case_id")
_OF_TASKS = _T.case_id == _CASE_ID

_BY_ID = sa.select(*CASE).where(_C.id == _CASE_ID)
ADD_CASE = Prepared(insert_into(CASES, *CASES.c.keys()))
BY_ID = Prepared(_BY_ID)
LOCK = Prepared(_BY_ID.with_for_update())
ANSWERS = Prepared(sa.select(_C.answers).where(_C.id == _CASE_ID))
UPDATE = Prepared(
    CASES.update()
    .where(_C.id == sa.bindparam("case_id"), _C.rev == sa.bindparam("seen"))
    .values({name: sa.bindparam(f"new_{name}") for name in CASE_FIELDS if name not in FIXED})
)
ADD_TASK = Prepared(insert_into(TASKS, *TASKS.c.keys()))
TASK_BY_ID = Prepared(sa.select(*TASK).where(_T.id == sa.bindparam("task_id")))
TASKS_OF = Prepared(sa.select(*TASK).where(_OF_TASKS).order_by(_T.opened_at, _T.done_at, _T.id))
# Who gives an opinion or reviews an act has not handled the case: only steps and surveys count.
DONE_BY = Prepared(
    sa.select(_T.step, _T.done_by)
    .where(_OF_TASKS, _T.done_by.is_not(None))
    .where(sa.text("tasks.purpose IN ('step', 'survey')"))
    .order_by(_T.done_at)
)
SAVE_TASK = Prepared(
    TASKS.update()
    .where(_T.id == sa.bindparam("task_id"))
    .where(OPEN)
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("state", "holder_id", "done_at", "done_by", "answers")
        }
    )
)
CANCEL = Prepared(
    TASKS.update()
    .where(_T.id == sa.bindparam("task_id"))
    .where(OPEN)
    .values(state=sa.bindparam("new_state"))
)
REDRAW = Prepared(
    TASKS.update()
    .where(_T.id == sa.bindparam("task_id"))
    .where(OPEN)
    .values({name: sa.bindparam(f"new_{name}") for name in ("name", "roles", "power")})
)
PRESS = Prepared(
    TASKS.update()
    .where(_OF_TASKS)
    .where(OPEN)
    .values(
        first_due=sa.case(
            (_T.due_on < sa.bindparam("day", type_=sa.Date), _T.due_on),
            else_=sa.bindparam("day", type_=sa.Date),
        )
    )
)
ADD_MATERIAL = Prepared(insert_into(CASE_MATERIALS, *CASE_MATERIALS.c.keys()))
MATERIALS_OF = Prepared(
    sa.select(*(column for column in CASE_MATERIALS.c if column.name != "case_id"))
    .where(CASE_MATERIALS.c.case_id == _CASE_ID)
    .order_by(CASE_MATERIALS.c.no)
)
ADD_DECISION = Prepared(insert_into(DECISIONS, *DECISIONS.c.keys()))


@dataclass(frozen=True)
class Sealed:
    """What a case keeps encrypted of its applicant, and who acts for him."""

    id_number: bytes
    phone: bytes
    agent: str | None


@dataclass(frozen=True)
class CaseMaterial:
    """A paper of a case: received, tolerated (容缺) until a day, or missing.

    `brought_at` is when it came, if that was after the application.
    """

    no: int
    name: str
    required: bool
    state: str
    copies: int
    remark: str
    tolerated_until: date | None = None
    brought_at: datetime | None = None


class Decided(Protocol):
    """What a decision must tell to be stored; decisions are made by a sibling room."""

    @property
    def table(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, object]: ...
    @property
    def outcome(self) -> Any: ...
    @property
    def rows(self) -> tuple[str, ...]: ...
    @property
    def legal_basis(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class StoredDecision:
    """A decision as it was made: the facts that were seen, the version that was asked."""

    id: str
    case_id: str
    task_id: str
    table: str
    version: str
    facts: Mapping[str, object]
    outcome: Mapping[str, object]
    rows: tuple[str, ...]
    at: datetime
    legal_basis: tuple[str, ...]


def insert(
    unit: Unit,
    case: Case,
    *,
    matter_type: str,
    applicant_id: bytes,
    applicant_phone: bytes,
    agent: str | None,
    answers: Mapping[str, object],
) -> None:
    """Store a new case; number and phone of the applicant come encrypted."""
    values = {name: getattr(case, name) for name in CASE_FIELDS}
    values |= {
        "matter_type": matter_type,
        "applicant_id": applicant_id,
        "applicant_phone": applicant_phone,
        "agent": agent,
        "answers": answers,
    }
    ADD_CASE.run(unit.line, values)
    _remember(unit, case)


def case(unit: Unit, case_id: str) -> Case:
    """Return a case; Missing `case.unknown`."""
    return _case(unit, BY_ID, case_id)


def lock(unit: Unit, case_id: str, seen: int | None = None) -> Case:
    """Return a case that nobody else changes until the unit ends.

    Raises Missing `case.unknown`; with the revision that a page had `seen` as `refuse_changed`.
    """
    found = _case(unit, LOCK, case_id)
    if seen is not None:
        refuse_changed(found, seen)
    return found


def refuse_changed(case: Case, seen: int) -> None:
    """Raise Conflict `case.changed` when a page has seen another revision of a case."""
    if case.rev != seen:
        raise Conflict("case.changed", case=case.case_no)


def case_by_no(unit: Unit, case_no: str) -> Case | None:
    """Return the case with a number."""
    row = unit.connection.execute(sa.select(*CASE).where(_C.case_no == case_no)).first()
    return None if row is None else Case(*row)


def update(unit: Unit, case: Case, seen: int) -> Case:
    """Store a case over the revision that was seen, and return it with the next one.

    Raises Conflict `case.changed` when the case has another revision by now.
    """
    saved = replace(case, rev=seen + 1)
    values = {f"new_{name}": getattr(saved, name) for name in CASE_FIELDS if name not in FIXED}
    if UPDATE.run(unit.line, values | {"case_id": case.id, "seen": seen}) != 1:
        raise Conflict("case.changed", case=case.case_no)
    if unit.kept.get(("pressing", case.id)) != _pressing(case):
        PRESS.run(unit.line, {"case_id": case.id, "day": _pressing(case)})
    _remember(unit, saved)
    return saved


def applicant(unit: Unit, case_id: str) -> Sealed:
    """Return the encrypted part of the applicant; Missing `case.unknown`."""
    row = unit.connection.execute(
        sa.select(_C.applicant_id, _C.applicant_phone, _C.agent).where(_C.id == case_id)
    ).first()
    if row is None:
        raise Missing("case.unknown", case=case_id)
    return Sealed(*row)


def answers_of_application(unit: Unit, case_id: str) -> Mapping[str, object]:
    """Return what the application form was filled in with; Missing `case.unknown`."""
    row = ANSWERS.first(unit.line, case_id=case_id)
    if row is None:
        raise Missing("case.unknown", case=case_id)
    answers: Mapping[str, object] = row[0]
    return answers


def find(
    unit: Unit, query: str, unit_no: int | None, limit: int, offset: int
) -> tuple[list[Case], int]:
    """Return one page of the cases of a unit, or of all, the newest first, and their number.

    The query is part of the case number or of the name of applicant or matter.
    """
    condition = sa.true() if unit_no is None else _C.unit_no == unit_no
    if query:
        of_matter = sa.select(MATTERS.c.no).where(MATTERS.c.name.contains(query, autoescape=True))
        condition &= sa.or_(
            _C.case_no.contains(query.upper(), autoescape=True),
            _C.applicant_name.contains(query, autoescape=True),
            _C.matter_no.in_(of_matter),
        )
    rows = unit.connection.execute(
        sa.select(*CASE)
        .where(condition)
        .order_by(_C.applied_at.desc(), _C.id.desc())
        .limit(limit)
        .offset(offset)
    )
    total = unit.connection.execute(
        sa.select(sa.func.count()).select_from(CASES).where(condition)
    ).scalar_one()
    return [Case(*row) for row in rows], total


def decided_of(unit: Unit, unit_no: int) -> list[Case]:
    """Return the cases of a unit whose result waits for the applicant, oldest first."""
    rows = unit.connection.execute(
        sa.select(*CASE).where(_C.unit_no == unit_no).where(DECIDED).order_by(_C.decided_at, _C.id)
    )
    return [Case(*row) for row in rows]


def due_cases(unit: Unit, limit: int) -> list[str]:
    """Return the ids of cases whose process waits for a moment that has come."""
    rows = unit.connection.execute(
        sa.select(_C.id)
        .where(_C.next_due.is_not(None), _C.next_due <= unit.at)
        .order_by(_C.next_due)
        .limit(limit)
    )
    return [row.id for row in rows]


def running(unit: Unit, process: str, version: str, case_nos: Collection[str] = ()) -> list[str]:
    """Return the ids of cases under way in other versions of a process, the oldest first.

    With case numbers only those, and they need not be under way.
    """
    chosen = (
        _C.case_no.in_(case_nos)
        if case_nos
        else sa.and_(_C.accepted_at.is_not(None), _C.decided_at.is_(None), _C.closed_at.is_(None))
    )
    rows = unit.connection.execute(
        sa.select(_C.id)
        .where(_C.process == process, _C.process_version != version, chosen)
        .order_by(_C.applied_at, _C.id)
    )
    return [row.id for row in rows]


def task(unit: Unit, task_id: str) -> Task:
    """Return a task; Missing `task.unknown`."""
    row = TASK_BY_ID.first(unit.line, task_id=task_id)
    if row is None:
        raise Missing("task.unknown", task=task_id)
    return Task(*row)


def tasks_of(unit: Unit, case_id: str) -> list[Task]:
    """Return the tasks of a case in the order in which they were opened."""
    return [Task(*row) for row in TASKS_OF.rows(unit.line, case_id=case_id)]


def done_by(unit: Unit, case_id: str) -> list[tuple[str, str]]:
    """Return step and official of every step and survey of a case that was done."""
    return [(step, who) for step, who in DONE_BY.rows(unit.line, case_id=case_id)]


def open_tasks(unit: Unit, tasks: Sequence[Task]) -> None:
    """Store tasks that now wait for somebody."""
    rows = []
    for one in tasks:
        values = {name: getattr(one, name) for name in TASK_FIELDS}
        pressing = unit.kept.get(("pressing", one.case_id), NEVER)
        rows.append(values | {"first_due": min(one.due_on or NEVER, pressing)})
    ADD_TASK.run_many(unit.line, rows)


def save_task(unit: Unit, task: Task) -> None:
    """Store who holds or did a task that is still open; Conflict `task.closed` otherwise."""
    values = {
        "task_id": task.id,
        "new_state": task.state,
        "new_holder_id": task.holder_id,
        "new_done_at": task.done_at,
        "new_done_by": task.done_by,
        "new_answers": task.answers,
    }
    if SAVE_TASK.run(unit.line, values) != 1:
        raise Conflict("task.closed", step=task.name)
    if task.state == TaskState.DONE:
        unit.kept["done", task.id] = True


def redraw_task(
    unit: Unit, task_id: str, name: str, roles: tuple[str, ...], power: str | None
) -> None:
    """Store what the drawing of another version says of an open task."""
    values = {"task_id": task_id, "new_name": name, "new_roles": roles, "new_power": power}
    REDRAW.run(unit.line, values)


def cancel_tasks(unit: Unit, task_ids: Iterable[str]) -> None:
    """Close tasks that nobody needs to do any more; those already done stay as they are."""
    open_still = [one for one in task_ids if ("done", one) not in unit.kept]
    CANCEL.run_many(
        unit.line,
        [{"task_id": one, "new_state": TaskState.CANCELLED} for one in open_still],
    )


def add_materials(unit: Unit, case_id: str, materials: Sequence[CaseMaterial]) -> None:
    """Store the papers that were asked for and what became of each."""
    rows = [
        {"case_id": case_id} | {field.name: getattr(one, field.name) for field in fields(one)}
        for one in materials
    ]
    ADD_MATERIAL.run_many(unit.line, rows)


def materials_of(unit: Unit, case_id: str) -> list[CaseMaterial]:
    """Return the papers of a case by number."""
    return [CaseMaterial(*row) for row in MATERIALS_OF.rows(unit.line, case_id=case_id)]


def add_decisions(unit: Unit, case_id: str, made: Sequence[tuple[str, Decided]]) -> None:
    """Store decisions, each with the task that asked for it and sealed in the chain of its case."""
    rows = [
        {
            "id": unit.ids(),
            "case_id": case_id,
            "task_id": task_id,
            "table": decision.table,
            "version": decision.version,
            "facts": decision.facts,
            "outcome": decision.outcome,
            "rows": decision.rows,
            "at": unit.at,
            "legal_basis": decision.legal_basis,
        }
        for task_id, decision in made
    ]
    ADD_DECISION.run_many(unit.line, rows)
    for row in rows:
        unit.record(decisions.made(row))


def decisions_of(unit: Unit, case_id: str) -> list[StoredDecision]:
    """Return the decisions of a case in the order in which they were made."""
    rows = unit.connection.execute(
        sa.select(DECISIONS)
        .where(DECISIONS.c.case_id == case_id)
        .order_by(DECISIONS.c.at, DECISIONS.c.id)
    )
    return [StoredDecision(*row) for row in rows]


def decision(unit: Unit, decision_id: str) -> StoredDecision | None:
    """Return one stored decision."""
    row = unit.connection.execute(sa.select(DECISIONS).where(DECISIONS.c.id == decision_id)).first()
    return None if row is None else StoredDecision(*row)


def _case(unit: Unit, statement: Prepared, case_id: str) -> Case:
    row = statement.first(unit.line, case_id=case_id)
    if row is None:
        raise Missing("case.unknown", case=case_id)
    found = Case(*row)
    _remember(unit, found)
    return found


def _pressing(case: Case) -> date:
    return min(case.promised_due or NEVER, case.statutory_due or NEVER)


def _remember(unit: Unit, case: Case) -> None:
    # What the rows say at present: tasks are dated by it, and dated anew when it changes.
    unit.kept["pressing", case.id] = _pressing(case)
