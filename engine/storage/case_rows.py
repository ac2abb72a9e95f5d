"""The tables of cases: the case, its tasks, clocks, papers and decisions."""

from typing import Any

import sqlalchemy as sa

from engine.domain.case import CaseState, Purpose, TaskState
from engine.storage.base import Moment, Plain, RowNumber, Word, Words, metadata

# The columns are the fields of Case in their order, then what pages see masked or not at all.
CASES = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_no", sa.String(64), nullable=False, unique=True),
    sa.Column("matter_no", sa.Integer, nullable=False),
    sa.Column("unit_no", sa.Integer, nullable=False),
    sa.Column("state", Word(CaseState), nullable=False),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Column("process", sa.String(100), nullable=False),
    sa.Column("process_version", sa.String(64), nullable=False),
    sa.Column("form", sa.String(120), nullable=False),
    sa.Column("form_version", sa.String(64), nullable=False),
    sa.Column("applicant_kind", sa.String(32), nullable=False),
    sa.Column("applicant_name", sa.String(200), nullable=False),
    sa.Column("data", Plain, nullable=False),
    sa.Column("process_state", sa.LargeBinary),
    sa.Column("applied_at", Moment, nullable=False),
    sa.Column("applied_by", sa.String(64), nullable=False),
    sa.Column("ticket_id", sa.String(64)),
    sa.Column("window_no", sa.Integer),
    sa.Column("accepted_at", Moment),
    sa.Column("accepted_by", sa.String(64)),
    sa.Column("passed_at", Moment),
    sa.Column("decided_at", Moment),
    sa.Column("decided_by", sa.String(64)),
    sa.Column("outcome", sa.String(100)),
    sa.Column("closed_at", Moment),
    sa.Column("promised_due", sa.Date),
    sa.Column("statutory_due", sa.Date),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("next_due", Moment),
    sa.Column("parent_id", sa.String(64)),
    sa.Column("parent_task", sa.String(64)),
    sa.Column("urgent_at", Moment),
    sa.Column("matter_type", sa.String(32), nullable=False),
    sa.Column("applicant_id", sa.LargeBinary, nullable=False),
    sa.Column("applicant_phone", sa.LargeBinary, nullable=False),
    sa.Column("agent", sa.String(200)),
    sa.Column("answers", Plain, nullable=False),
    sa.Index("ix_cases_unit_no", "unit_no", "applied_at"),
)
# The columns are the fields of Task in their order, then the day that presses first.
TASKS = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("step", sa.String(100), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("roles", Words, nullable=False),
    sa.Column("power", sa.String(32)),
    sa.Column("form", sa.String(120)),
    sa.Column("form_version", sa.String(64)),
    sa.Column("unit_no", sa.Integer, nullable=False),
    sa.Column("state", Word(TaskState), nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("holder_id", sa.String(64)),
    sa.Column("done_at", Moment),
    sa.Column("done_by", sa.String(64)),
    sa.Column("answers", Plain, nullable=False),
    sa.Column("purpose", Word(Purpose), nullable=False, server_default=Purpose.STEP.value),
    sa.Column("of_task", sa.String(64)),
    sa.Column("limit_days", sa.Integer),
    sa.Column("first_due", sa.Date, nullable=False),
)
CLOCKS = sa.Table(
    "clocks",
    metadata,
    sa.Column("id", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("started_on", sa.Date, nullable=False),
    sa.Column("limit_days", sa.Integer, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("extended_days", sa.Integer, nullable=False, server_default="0"),
)
CASE_MATERIALS = sa.Table(
    "case_materials",
    metadata,
    sa.Column("case_id", sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("required", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("copies", sa.Integer, nullable=False),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Column("tolerated_until", sa.Date),
    sa.Column("brought_at", Moment),
)
DECISIONS = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("task_id", sa.String(100), nullable=False),
    sa.Column("table", sa.String(100), nullable=False),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("facts", Plain, nullable=False),
    sa.Column("outcome", Plain, nullable=False),
    sa.Column("rows", Words, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("legal_basis", Words, nullable=False, server_default="[]"),
)
_C, _T = CASES.c, TASKS.c
# Literals, not parameters: a partial index is used only where its condition is repeated.
OFFERED = sa.text("tasks.state = 'offered'")
OPEN = sa.text("tasks.state IN ('offered', 'claimed')")
CLAIMED = sa.text("tasks.state = 'claimed'")
DONE = sa.text("tasks.state = 'done'")
DECIDED = sa.text("cases.state = 'decided'")
URGENT = sa.text(
    "cases.urgent_at IS NOT NULL AND cases.decided_at IS NULL AND cases.closed_at IS NULL"
)


def _index(name: str, condition: str, *columns: sa.Column[Any]) -> None:
    where = sa.text(condition)
    sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


_index("ix_cases_decided", "state = 'decided'", _C.unit_no, _C.decided_at)
_index("ix_cases_next_due", "next_due IS NOT NULL", _C.next_due)
_index(
    "ix_cases_urgent_at",
    "urgent_at IS NOT NULL AND decided_at IS NULL AND closed_at IS NULL",
    _C.id,
)
_index("ix_cases_parent_id", "parent_id IS NOT NULL", _C.parent_id)
_index(
    "ix_case_materials_tolerated_until",
    "state = 'tolerated'",
    CASE_MATERIALS.c.tolerated_until,
    CASE_MATERIALS.c.case_id,
)
# The roles stand in the index, so that counting what is offered to a post reads no row.
_index("ix_tasks_offered", "state = 'offered'", _T.unit_no, _T.first_due, _T.id, _T.roles)
_index("ix_tasks_claimed", "state = 'claimed'", _T.holder_id, _T.first_due, _T.id)
_index("ix_clocks_due_on", "closed_at IS NULL", CLOCKS.c.due_on, CLOCKS.c.case_id)
_index("ix_tasks_pressing", "state IN ('offered', 'claimed')", _T.first_due, _T.case_id)
_index("ix_tasks_done", "state = 'done'", _T.done_by, _T.done_at, _T.id)
