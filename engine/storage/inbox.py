"""What waits for whom: the pages of an official's inbox, answered from indexes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.domain.people import Official
from engine.storage.case_rows import CASES, CLAIMED, DONE, OFFERED, TASKS
from engine.storage.catalogue_rows import MATTERS
from engine.storage.people import OFFICIALS
from engine.storage.unit import Unit

_C, _T = CASES.c, TASKS.c


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
) -> tuple[list[InboxRow], int]:
    """Return one page of a tab, the most pressing first (done: the latest first), and its total.

    Tabs: mine (claimed), offered to his unit and post, soon (some limit of either ends by the
    day `soon`), overdue (before `today`), done. An unknown tab is empty. `query` is part of the
    case number or of the name of applicant or matter.
    """
    parts = [part & _found_by(query) for part in _parts(official, tab, today, soon)]
    latest_first = tab == "done"
    pressing = _T.done_at if latest_first else _T.first_due
    keys: list[tuple[Any, str]] = []
    # Order is settled over keys, which the indexes hold; whole rows are read for one page only.
    for part in parts:
        order = (pressing.desc(), _T.id.desc()) if latest_first else (pressing, _T.id)
        chosen = sa.select(pressing, _T.id).where(part).order_by(*order).limit(offset + limit)
        keys += [(row[0], row[1]) for row in unit.connection.execute(chosen)]
    keys.sort(reverse=latest_first)
    rows = _rows(unit, [task_id for _, task_id in keys[offset : offset + limit]])
    return rows, sum(_count(unit, part) for part in parts)


def counts(unit: Unit, official: Official, *, today: date, soon: date) -> Mapping[str, int]:
    """Return how many tasks each tab holds."""
    held, free = (
        _lights(unit, part, today, soon) for part in (_claimed(official), _offered(official))
    )
    return {
        "mine": held[0],
        "offered": free[0],
        "soon": held[1] + free[1],
        "overdue": held[2] + free[2],
        "done": _count(unit, _done(official)),
    }


def _parts(official: Official, tab: str, today: date, soon: date) -> list[sa.ColumnElement[bool]]:
    both = [_claimed(official), _offered(official)]
    match tab:
        case "mine":
            return both[:1]
        case "offered":
            return both[1:]
        case "soon":
            return [part & _T.first_due.between(today, soon) for part in both]
        case "overdue":
            return [part & (_T.first_due < today) for part in both]
        case "done":
            return [_done(official)]
    return []


def _claimed(official: Official) -> sa.ColumnElement[bool]:
    return sa.and_(CLAIMED, _T.holder_id == official.id)


def _offered(official: Official) -> sa.ColumnElement[bool]:
    # The roles are a canonical JSON list, so a post is in it exactly when its quoted word is.
    roles = sa.type_coerce(_T.roles, sa.Text)
    return sa.and_(
        OFFERED,
        _T.unit_no == official.unit_no,
        roles.contains(f'"{official.post}"', autoescape=True),
    )


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


def _lights(
    unit: Unit, part: sa.ColumnElement[bool], today: date, soon: date
) -> tuple[int, int, int]:
    row = unit.connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(_T.first_due.between(today, soon)),
            sa.func.count().filter(_T.first_due < today),
        )
        .select_from(TASKS)
        .where(part)
    ).one()
    return int(row[0]), int(row[1]), int(row[2])
