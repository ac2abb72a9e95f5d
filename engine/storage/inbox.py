"""What waits for whom: the pages of an official's inbox, answered from indexes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.domain.case import Case, Task
from engine.domain.people import Official
from engine.storage.authority import STAND_INS
from engine.storage.case_rows import CASES, CLAIMED, DONE, OFFERED, TASKS, URGENT
from engine.storage.catalogue_rows import MATTERS
from engine.storage.people import OFFICIALS
from engine.storage.statements import Prepared
from engine.storage.unit import Unit

_C, _T = CASES.c, TASKS.c
STAND_IN = "stand_in"


@dataclass(frozen=True)
class InboxRow:
    """One task as a line of an inbox; days are those of the case and of the step."""

    task_id: str
    case_id: str
    case_no: str
    matter_no: int
    matter_name: str
    matter_type: str
    applicant_name: str
    step_name: str
    promised_due: date | None
    statutory_due: date | None
    due_on: date | None
    provisional: bool
    holder_name: str | None
    urgent: bool


# In the order of the fields of InboxRow.
COLUMNS = (
    _T.id,
    _C.id,
    _C.case_no,
    _C.matter_no,
    MATTERS.c.name,
    _C.matter_type,
    _C.applicant_name,
    _T.name,
    _C.promised_due,
    _C.statutory_due,
    _T.due_on,
    _C.provisional,
    OFFICIALS.c.name,
    _C.urgent_at.is_not(None),
)

MOST_PRESSING = Prepared(
    sa.select(_T.id)
    .select_from(TASKS.join(CASES, _C.id == _T.case_id))
    .where(CLAIMED, _T.holder_id == sa.bindparam("holder_id"))
    .order_by(sa.case((URGENT, 0), else_=1), _T.first_due, _T.id)
    .limit(1)
)


def page(
    unit: Unit,
    official: Official,
    *,
    tab: str,
    query: str,
    limit: int,
    offset: int,
    today: date,
    soon: date,
) -> list[InboxRow]:
    """Return one page of a tab, the most pressing first (done: the latest first).

    Tasks of urgent cases (特别处置) stand before all others. Tabs: mine (claimed), offered
    to his unit and post, today (some limit of either ends that day), soon (by the day `soon`),
    overdue (before `today`), done. An unknown tab is empty. `query` is part of the case number or
    of the name of applicant or matter.
    """
    parts = [part & _found_by(query) for part in _parts(unit, official, tab, today, soon)]
    latest_first = tab == "done"
    first = [] if latest_first else _urgent(unit, parts)
    most = max(offset + limit - len(first), 0)
    keys = _keys(unit, parts, most, latest_first=latest_first, without=frozenset(first))
    chosen = (first + keys)[offset : offset + limit]
    return _rows(unit, chosen)


def found(unit: Unit, official: Official, *, tab: str, query: str, today: date, soon: date) -> int:
    """Return how many tasks of a tab a query finds."""
    parts = _parts(unit, official, tab, today, soon)
    return sum(_count(unit, part & _found_by(query)) for part in parts)


def most_pressing(unit: Unit, official: Official) -> str | None:
    """Return the first task of the tab `mine`."""
    row = MOST_PRESSING.first(unit.line, holder_id=official.id)
    return None if row is None else row[0]


def alike(
    unit: Unit,
    official: Official,
    task: Task,
    case: Case,
    *,
    matter_type: str,
    limit: int,
    today: date,
) -> tuple[list[str], int]:
    """Return his open tasks that are like one, at most so many, and how many there are in all.

    Like are steps with form and process in the same versions. The most pressing first; the one
    itself is among them.
    """
    kind = (
        (_C.matter_type, matter_type),
        (_C.process, case.process),
        (_C.process_version, case.process_version),
        (_T.step, task.step),
        (_T.form, task.form),
        (_T.form_version, task.form_version),
    )
    found = sa.or_(_claimed(official), _offered(unit, official, today))
    chosen = (
        sa.select(_T.id, sa.func.count().over())
        .select_from(TASKS.join(CASES, _C.id == _T.case_id))
        .where(found, *(column == value for column, value in kind))
        .order_by(_T.first_due, _T.id)
        .limit(limit)
    )
    rows = unit.connection.execute(chosen).all()
    return [row[0] for row in rows], int(rows[0][1]) if rows else 0


def counts(unit: Unit, official: Official, *, today: date, soon: date) -> Mapping[str, int]:
    """Return how many tasks each tab holds."""
    parts = (_claimed(official), _offered(unit, official, today), _done(official))
    ends = (
        sa.func.count(),
        sa.func.count().filter(_T.first_due == today),
        sa.func.count().filter(_T.first_due.between(today, soon)),
        sa.func.count().filter(_T.first_due < today),
    )
    # Who has done a task may have done thousands: their days are not read.
    none = [sa.literal_column("0", sa.Integer)] * 3
    counted: sa.CompoundSelect[Any] = sa.union_all(
        *(
            sa.select(sa.literal_column(str(no)), *ends).where(part)
            for no, part in enumerate(parts[:2])
        ),
        sa.select(sa.literal_column("2"), sa.func.count(), *none)
        .select_from(TASKS)
        .where(parts[2]),
    )
    held, free, done = (row[1:] for row in sorted(map(tuple, unit.connection.execute(counted))))
    return {
        "mine": held[0],
        "offered": free[0],
        "today": held[1] + free[1],
        "soon": held[2] + free[2],
        "overdue": held[3] + free[3],
        "done": done[0],
    }


def _urgent(unit: Unit, parts: Sequence[sa.ColumnElement[bool]]) -> list[str]:
    """Return the tasks of urgent cases by the day that presses them; they are few."""
    of_urgent = _T.case_id.in_(sa.select(_C.id).where(URGENT))
    found = [
        (row[0], row[1])
        for part in parts
        for row in unit.connection.execute(sa.select(_T.first_due, _T.id).where(part, of_urgent))
    ]
    return [task_id for _, task_id in sorted(found)]


def _keys(
    unit: Unit,
    parts: Sequence[sa.ColumnElement[bool]],
    most: int,
    *,
    latest_first: bool,
    without: frozenset[str],
) -> list[str]:
    """Return the first tasks of the parts together, at most so many, leaving some out.

    Order is settled over keys, which the indexes hold; whole rows are read for one page only.
    """
    pressing = _T.done_at if latest_first else _T.first_due
    keys: list[tuple[Any, str]] = []
    for part in parts:
        order = (pressing.desc(), _T.id.desc()) if latest_first else (pressing, _T.id)
        chosen = sa.select(pressing, _T.id).where(part).order_by(*order).limit(most + len(without))
        keys += [(row[0], row[1]) for row in unit.connection.execute(chosen)]
    keys.sort(reverse=latest_first)
    return [task_id for _, task_id in keys if task_id not in without][:most]


def _parts(
    unit: Unit, official: Official, tab: str, today: date, soon: date
) -> list[sa.ColumnElement[bool]]:
    both = [_claimed(official), _offered(unit, official, today)]
    match tab:
        case "mine":
            return both[:1]
        case "offered":
            return both[1:]
        case "today":
            return [part & (_T.first_due == today) for part in both]
        case "soon":
            return [part & _T.first_due.between(today, soon) for part in both]
        case "overdue":
            return [part & (_T.first_due < today) for part in both]
        case "done":
            return [_done(official)]
    return []


def _claimed(official: Official) -> sa.ColumnElement[bool]:
    return sa.and_(CLAIMED, _T.holder_id == official.id)


def _offered(unit: Unit, official: Official, today: date) -> sa.ColumnElement[bool]:
    # The roles are a canonical JSON list, so a post is in it exactly when its quoted word is.
    roles = sa.type_coerce(_T.roles, sa.Text)
    posts = [roles.contains(f'"{post}"', autoescape=True) for post in _posts(unit, official, today)]
    return sa.and_(OFFERED, _T.unit_no == official.unit_no, sa.or_(sa.false(), *posts))


def _posts(unit: Unit, official: Official, today: date) -> list[str]:
    """Return the posts whose tasks are offered to an official: a stand-in's only while he is one.

    He sees then what waits for stand-ins, and for the posts of those who are away (AB岗).
    """
    if official.post != STAND_IN:
        return [official.post]
    rows = unit.connection.execute(
        sa.select(OFFICIALS.c.post)
        .join(STAND_INS, STAND_INS.c.stands_in_for == OFFICIALS.c.id)
        .where(
            STAND_INS.c.official_id == official.id,
            STAND_INS.c.valid_from <= today,
            STAND_INS.c.valid_to >= today,
            sa.or_(STAND_INS.c.ended_on.is_(None), STAND_INS.c.ended_on >= today),
        )
    )
    away = {row.post for row in rows}
    return [STAND_IN, *sorted(away)] if away else []


def _done(official: Official) -> sa.ColumnElement[bool]:
    return sa.and_(DONE, _T.done_by == official.id)


def _found_by(query: str) -> sa.ColumnElement[bool]:
    if not query:
        return sa.true()
    of_matter = sa.select(MATTERS.c.no).where(MATTERS.c.name.contains(query, autoescape=True))
    return _T.case_id.in_(
        sa.select(_C.id).where(
            sa.or_(
                _C.case_no.contains(query.upper(), autoescape=True),
                _C.applicant_name.contains(query, autoescape=True),
                _C.matter_no.in_(of_matter),
            )
        )
    )


def _rows(unit: Unit, task_ids: list[str]) -> list[InboxRow]:
    if not task_ids:
        return []
    wanted: sa.Select[Any] = (
        sa.select(*COLUMNS)
        .select_from(
            TASKS.join(CASES, _C.id == _T.case_id)
            .outerjoin(MATTERS, MATTERS.c.no == _C.matter_no)
            .outerjoin(OFFICIALS, OFFICIALS.c.id == _T.holder_id)
        )
        .where(_T.id.in_(task_ids))
    )
    by_id = {row[0]: InboxRow(*row) for row in unit.connection.execute(wanted)}
    return [by_id[task_id] for task_id in task_ids]


def _count(unit: Unit, part: sa.ColumnElement[bool]) -> int:
    return int(
        unit.connection.execute(
            sa.select(sa.func.count()).select_from(TASKS).where(part)
        ).scalar_one()
    )
