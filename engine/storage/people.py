"""Accounts of officials, their sessions and their attempts to sign in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.domain.people import SYSTEM, Official
from engine.kernel.errors import Conflict, Invalid
from engine.kernel.now import hall_day
from engine.storage.base import Moment, RowNumber, Words, metadata
from engine.storage.statements import Prepared
from engine.storage.unit import Unit

LONGEST_ACCOUNT = 64

OFFICIALS = sa.Table(
    "officials",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(LONGEST_ACCOUNT), nullable=False, unique=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("post", sa.String(32), nullable=False),
    sa.Column("unit_no", sa.Integer, index=True),
    sa.Column("window_no", sa.Integer, index=True),
    sa.Column("back_office", sa.String(32)),
    sa.Column("password_hash", sa.String(200)),
    sa.Column("joined_on", sa.Date),
    sa.Column("left_on", sa.Date),
)
ROLES = sa.Table(
    "roles",
    metadata,
    sa.Column("role", sa.String(32), primary_key=True),
    sa.Column("name_zh", sa.String(100), nullable=False),
    sa.Column("name_en", sa.String(100), nullable=False),
    sa.Column("permissions", Words, nullable=False),
)
SESSIONS = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_digest", sa.String(64), primary_key=True),
    sa.Column("official_id", sa.ForeignKey("officials.id"), nullable=False, index=True),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
)
SIGN_IN_ATTEMPTS = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("id", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("account", sa.String(LONGEST_ACCOUNT), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("ok", sa.Boolean, nullable=False),
    sa.Index("ix_sign_in_attempts_account", "account", "address", "at"),
)
_O, _S, _A = OFFICIALS.c, SESSIONS.c, SIGN_IN_ATTEMPTS.c

# In the order of the fields of Official; the permissions are those of the post.
OFFICIAL = (
    _O.id,
    _O.account,
    _O.name,
    _O.post,
    _O.unit_no,
    _O.window_no,
    _O.back_office,
    ROLES.c.permissions,
    _O.left_on,
)
WITH_ROLE = OFFICIALS.outerjoin(ROLES, ROLES.c.role == _O.post)
BY_SESSION = Prepared(
    sa.select(*OFFICIAL, _S.started_at, _S.seen_at)
    .select_from(WITH_ROLE.join(SESSIONS, _S.official_id == _O.id))
    .where(_S.token_digest == sa.bindparam("digest"), _S.ends_at > sa.bindparam("now"))
)

BY_ID = Prepared(
    sa.select(*OFFICIAL).select_from(WITH_ROLE).where(_O.id == sa.bindparam("official_id"))
)


def add(unit: Unit, official: Official, password_hash: str | None) -> None:
    """Store an official; without a hash nobody can sign in with a password.

    Raises Conflict `account.taken` and Invalid `post.unknown`.
    """
    post = sa.select(ROLES.c.role).where(ROLES.c.role == official.post)
    if unit.connection.execute(post).first() is None:
        raise Invalid("post.unknown", post=official.post)
    taken = sa.select(_O.id).where(_O.account == official.account)
    if unit.connection.execute(taken).first() is not None:
        raise Conflict("account.taken", account=official.account)
    unit.connection.execute(
        OFFICIALS.insert(),
        {
            "id": official.id,
            "account": official.account,
            "name": official.name,
            "post": official.post,
            "unit_no": official.unit_no,
            "window_no": official.window_no,
            "back_office": official.back_office,
            "password_hash": password_hash,
            "joined_on": hall_day(unit.at),
        },
    )


def set_password(unit: Unit, official_id: str, password_hash: str) -> None:
    """Replace the hash of a password and end the sessions that the old one opened (S-14)."""
    unit.connection.execute(
        OFFICIALS.update().where(_O.id == official_id).values(password_hash=password_hash)
    )
    close_sessions(unit, official_id)


def by_account(unit: Unit, account: str) -> tuple[Official, str | None] | None:
    """Return who has this account, with the stored hash of the password."""
    row = unit.connection.execute(
        sa.select(*OFFICIAL, _O.password_hash).select_from(WITH_ROLE).where(_O.account == account)
    ).first()
    return None if row is None else (_official(row), row.password_hash)


def official(unit: Unit, official_id: str) -> Official | None:
    """Return one official, None for an unknown id (the system itself has no row)."""
    row = BY_ID.first(unit.line, official_id=official_id)
    return None if row is None else _official(row)


def officials(unit: Unit) -> list[Official]:
    """Return everybody, by account."""
    rows = unit.connection.execute(sa.select(*OFFICIAL).select_from(WITH_ROLE).order_by(_O.account))
    return [_official(row) for row in rows]


def search(
    unit: Unit,
    *,
    query: str,
    unit_no: int | None,
    post: str | None,
    only: Collection[str] | None,
    but: Collection[str],
    left: bool | None,
    limit: int,
    offset: int,
) -> tuple[list[Official], int]:
    """Return a page of officials by account whose name or account holds `query`, and how many.

    `only` are the ids to choose from, `but` those to leave out, `left` tells whether they have
    left the hall by today; None for all.
    """
    found = sa.or_(
        _O.name.icontains(query, autoescape=True), _O.account.icontains(query, autoescape=True)
    )
    gone = sa.and_(_O.left_on.is_not(None), _O.left_on < hall_day(unit.at))
    conditions = [found]
    conditions += [_O.unit_no == unit_no] if unit_no is not None else []
    conditions += [_O.post == post] if post is not None else []
    conditions += [_O.id.in_(only)] if only is not None else []
    conditions += [_O.id.not_in(but)] if but else []
    conditions += [gone if left else sa.not_(gone)] if left is not None else []
    rows = unit.connection.execute(
        sa.select(*OFFICIAL)
        .select_from(WITH_ROLE)
        .where(*conditions)
        .order_by(_O.account)
        .limit(limit)
        .offset(offset)
    )
    counting = sa.select(sa.func.count()).select_from(OFFICIALS).where(*conditions)
    return [_official(row) for row in rows], int(unit.connection.execute(counting).scalar_one())


def permissions(unit: Unit, post: str) -> frozenset[str]:
    """Return the permissions of a post; none for one that nobody has heard of."""
    row = unit.connection.execute(
        sa.select(ROLES.c.permissions).where(ROLES.c.role == post)
    ).first()
    return frozenset(row.permissions or ()) if row else frozenset()


def posts(unit: Unit) -> list[str]:
    """Return the posts of the hall by their codes."""
    rows = unit.connection.execute(sa.select(ROLES.c.role).order_by(ROLES.c.role))
    return [row.role for row in rows]


def names(unit: Unit) -> Mapping[str, str]:
    """Return the name of every official by id, and that of the hall itself."""
    rows = unit.connection.execute(sa.select(_O.id, _O.name))
    return {SYSTEM.id: SYSTEM.name, **{row.id: row.name for row in rows}}


def in_unit(unit: Unit, unit_no: int) -> list[tuple[Official, date | None]]:
    """Return everybody of a unit, those who have left too, with the first day of each if known."""
    rows = unit.connection.execute(
        sa.select(*OFFICIAL, _O.joined_on)
        .select_from(WITH_ROLE)
        .where(_O.unit_no == unit_no)
        .order_by(_O.account)
    )
    return [(_official(row), row.joined_on) for row in rows]


def leave(unit: Unit, official_id: str, last_day: date) -> None:
    """Note the last day of an official; his account stays, nobody signs in with it after that."""
    unit.connection.execute(OFFICIALS.update().where(_O.id == official_id).values(left_on=last_day))


def at_window(unit: Unit, window_no: int) -> Official | None:
    """Return who sits at a window; nobody who has left the hall."""
    here = sa.or_(_O.left_on.is_(None), _O.left_on >= hall_day(unit.at))
    row = unit.connection.execute(
        sa.select(*OFFICIAL)
        .select_from(WITH_ROLE)
        .where(_O.window_no == window_no, here)
        .order_by(_O.account)
        .limit(1)
    ).first()
    return None if row is None else _official(row)


def open_session(unit: Unit, token_digest: str, official_id: str, ends_at: datetime) -> None:
    """Store a session by the digest of its secret."""
    unit.connection.execute(
        SESSIONS.insert(),
        {
            "token_digest": token_digest,
            "official_id": official_id,
            "started_at": unit.at,
            "seen_at": unit.at,
            "ends_at": ends_at,
        },
    )


def session(unit: Unit, token_digest: str) -> tuple[Official, datetime, datetime] | None:
    """Return who holds a session that has not ended, when it began and was last used.

    A session of one who has left the hall has ended.
    """
    row = BY_SESSION.first(unit.line, digest=token_digest, now=unit.at)
    if row is None or not (found := _official(row)).works_on(hall_day(unit.at)):
        return None
    return found, row[-2], row[-1]


def touch_session(unit: Unit, token_digest: str) -> None:
    """Note that a session was used now."""
    unit.connection.execute(
        SESSIONS.update().where(_S.token_digest == token_digest).values(seen_at=unit.at)
    )


def close_session(unit: Unit, token_digest: str) -> None:
    """End one session."""
    unit.connection.execute(SESSIONS.delete().where(_S.token_digest == token_digest))


def close_sessions(unit: Unit, official_id: str) -> None:
    """End all sessions of one official."""
    unit.connection.execute(SESSIONS.delete().where(_S.official_id == official_id))


def failures(unit: Unit, account: str, address: str, since: datetime) -> int:
    """Count failed attempts from one address since a moment and since the last success."""
    here = (_A.account == account[:LONGEST_ACCOUNT]) & (_A.address == address)
    last = sa.select(sa.func.max(_A.at)).where(here, _A.ok.is_(True)).scalar_subquery()
    return int(
        unit.connection.execute(
            sa.select(sa.func.count())
            .select_from(SIGN_IN_ATTEMPTS)
            .where(here, _A.ok.is_(False), _A.at >= since)
            .where(last.is_(None) | (_A.at > last))
        ).scalar_one()
    )


def note_attempt(unit: Unit, account: str, address: str, *, ok: bool) -> None:
    """Keep an attempt to sign in."""
    unit.connection.execute(
        SIGN_IN_ATTEMPTS.insert(),
        {"account": account[:LONGEST_ACCOUNT], "address": address, "at": unit.at, "ok": ok},
    )


def _official(row: Sequence[Any]) -> Official:
    official_id, account, name, post, unit_no, window_no, back_office, permissions, left = row[:9]
    return Official(
        id=official_id,
        account=account,
        name=name,
        post=post,
        unit_no=unit_no,
        window_no=window_no,
        back_office=back_office,
        permissions=frozenset(permissions or ()),
        left_on=left,
    )
