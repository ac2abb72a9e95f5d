"""Jobs that commits leave behind: claim, finish, retry, bury, in two lanes.

Inside jobs act on our own database: claim, effect and end are one transaction, so that nothing
is ever to be reaped. Outside jobs act on the world: they are leased, and asked for again with
the same key when the lease runs out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

import sqlalchemy as sa

from engine.storage.journal import JOBS
from engine.storage.unit import Unit

INSIDE, OUTSIDE = "inside", "outside"
WAITING, LEASED, DONE, BURIED = "waiting", "leased", "done", "buried"
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
LEASE = timedelta(seconds=60)
LONGEST_ERROR = 500
_J = JOBS.c


@dataclass(frozen=True)
class Job:
    """A job as its handler gets it; `key` with `kind` is the idempotency key of its effect."""

    id: int
    lane: str
    kind: str
    key: str
    payload: Mapping[str, object]
    case_id: str | None
    attempts: int


COLUMNS = (_J.id, _J.lane, _J.kind, _J.key, _J.payload, _J.case_id, _J.attempts)


def claim(unit: Unit) -> Job | None:
    """Return the inside job that is due longest; it is this unit's until the unit ends."""
    row = unit.connection.execute(
        sa.select(*COLUMNS)
        .where(_J.lane == INSIDE, _J.closed_at.is_(None), _J.due_at <= unit.at)
        .order_by(_J.due_at, _J.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    return None if row is None else Job(*row)


def lease(unit: Unit, worker: str) -> Job | None:
    """Take the outside job that is due longest, or whose worker let its lease run out.

    A job that died in the hands of `MOST_ATTEMPTS` workers is buried instead.
    """
    while True:
        row = unit.connection.execute(
            sa.select(*COLUMNS)
            .where(_J.lane == OUTSIDE, _J.closed_at.is_(None), _J.due_at <= unit.at)
            .where(_J.lease_until.is_(None) | (_J.lease_until < unit.at))
            .order_by(_J.due_at, _J.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        if row.attempts < MOST_ATTEMPTS:
            break
        _close(unit, row.id, BURIED, row.attempts, "job.lost")
    job = Job(*row[:-1], attempts=row.attempts + 1)
    unit.connection.execute(
        JOBS.update()
        .where(_J.id == job.id)
        .values(
            state=LEASED,
            attempts=job.attempts,
            lease_until=unit.at + LEASE,
            leased_by=worker,
        )
    )
    return job


def finish(unit: Unit, job: Job) -> None:
    """Close an inside job whose effect is in this unit."""
    _close(unit, job.id, DONE, job.attempts + 1, None)


def finish_leased(unit: Unit, job: Job) -> bool:
    """Close an outside job; False when its lease had run out and another worker has it."""
    found = unit.connection.execute(
        JOBS.update()
        .where(_J.id == job.id, _J.state == LEASED, _J.attempts == job.attempts)
        .values(state=DONE, closed_at=unit.at, lease_until=None, last_error=None)
    )
    return found.rowcount == 1


def retry(unit: Unit, job: Job, error: str) -> bool:
    """Put a failed job back for later, 5 s · 2ⁿ up to an hour; bury it after the last attempt.

    Returns whether it will be tried again. An outside job that another worker has by now is
    left alone.
    """
    attempts = job.attempts + (1 if job.lane == INSIDE else 0)
    if attempts >= MOST_ATTEMPTS:
        bury(unit, job, error)
        return False
    changed = (
        JOBS.update()
        .where(_J.id == job.id, _J.closed_at.is_(None))
        .values(
            state=WAITING,
            attempts=attempts,
            due_at=unit.at + pause(job.key, attempts),
            lease_until=None,
            leased_by=None,
            last_error=error[:LONGEST_ERROR],
        )
    )
    unit.connection.execute(_still_mine(changed, job))
    return True


def bury(unit: Unit, job: Job, error: str) -> None:
    """Close a job that cannot be done; it stays as an incident until somebody looks."""
    changed = (
        JOBS.update()
        .where(_J.id == job.id, _J.closed_at.is_(None))
        .values(
            state=BURIED,
            attempts=max(job.attempts, 1),
            closed_at=unit.at,
            lease_until=None,
            last_error=error[:LONGEST_ERROR],
        )
    )
    unit.connection.execute(_still_mine(changed, job))


def pause(key: str, attempts: int) -> timedelta:
    """Return how long a job rests: doubled each time, up to a quarter more so that many spread."""
    longer: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    share: float = blake2b(f"{key}:{attempts}".encode(), digest_size=1).digest()[0] / 255
    return longer + longer * share / 4


def oldest_due(unit: Unit, lane: str) -> datetime | None:
    """Return since when the oldest open job of a lane has been due, None when none is late."""
    oldest: datetime | None = unit.connection.execute(
        sa.select(sa.func.min(_J.due_at)).where(
            _J.lane == lane, _J.closed_at.is_(None), _J.due_at <= unit.at
        )
    ).scalar_one()
    return oldest


def counts(unit: Unit) -> Mapping[str, int]:
    """Return how many jobs stand in each state."""
    rows = unit.connection.execute(sa.select(_J.state, sa.func.count()).group_by(_J.state))
    return {state: int(number) for state, number in rows}


def _still_mine(changed: sa.Update, job: Job) -> sa.Update:
    return changed if job.lane == INSIDE else changed.where(_J.attempts == job.attempts)


def _close(unit: Unit, job_id: int, state: str, attempts: int, error: str | None) -> None:
    unit.connection.execute(
        JOBS.update()
        .where(_J.id == job_id)
        .values(
            state=state,
            attempts=attempts,
            closed_at=unit.at,
            lease_until=None,
            last_error=error,
        )
    )
