"""Whom fresh events concern: the units and holders of cases, the zones of numbers."""

from collections.abc import Collection

import sqlalchemy as sa

from engine.storage.case_rows import TASKS
from engine.storage.tickets import TICKETS
from engine.storage.unit import Unit

_T, _N = TASKS.c, TICKETS.c


def of_cases(unit: Unit, case_ids: Collection[str]) -> set[tuple[int, str | None]]:
    """Return unit and holder of every task of some cases."""
    found = sa.select(_T.unit_no, _T.holder_id).distinct().where(_T.case_id.in_(case_ids))
    return {(row.unit_no, row.holder_id) for row in unit.connection.execute(found)}


def of_tickets(unit: Unit, ticket_ids: Collection[str]) -> set[tuple[int, int | None, int | None]]:
    """Return the zone of some numbers, the window that called each and the one it waits for."""
    found = sa.select(_N.zone_no, _N.window_no, _N.for_window).where(_N.id.in_(ticket_ids))
    return {(row.zone_no, row.window_no, row.for_window) for row in unit.connection.execute(found)}
