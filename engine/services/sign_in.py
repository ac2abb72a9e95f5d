"""Signing in and out, and proving again who one is; the browser holds a secret only."""

from dataclasses import dataclass

from engine.domain.confirmed import Confirmed
from engine.domain.events.people import SignedIn, SignedOut, SignInFailed
from engine.domain.people import Official
from engine.kernel.crypto import fingerprint, hash_password, new_secret, password_matches
from engine.kernel.errors import Forbidden, HallError, Invalid, Late, Missing
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import people
from engine.storage.unit import Unit

# Verified when an account is unknown, so that the answer takes as long as for a known one.
NOBODY = hash_password(new_secret())


@dataclass(frozen=True)
class Session:
    """A fresh session; `token` is the secret of the cookie and is stored nowhere."""

    token: str
    official: Official


def sign_in(hall: Hall, account: str, password: str, address: str) -> Session:
    """Open a session for a right password.

    Raises Forbidden `sign_in.wrong` (the same for an unknown account, and for one whose holder has
    left the hall) and Late `sign_in.locked` (with `minutes`) after too many failures from one
    address (S-05).
    """
    with hall.unit() as unit:
        tried = _try(hall, unit, account, password, address)
        session = _open(hall, unit, tried.official) if tried.official else None
    if session is None:
        raise _refused(hall, tried)
    return session


def confirm(hall: Hall, account: str, password: str, address: str) -> Confirmed:
    """Let somebody prove again who he is, before a seal is used or a supervisor lets pass.

    The tries count together with those of signing in (M-SEC-2). Raises Invalid
    `confirm.password_missing` for an empty password, which is no try, and as `sign_in`.
    """
    if not password:
        raise Invalid("confirm.password_missing", field="password")
    with hall.unit() as unit:
        tried = _try(hall, unit, account, password, address)
        if tried.official is not None:
            return Confirmed(tried.official, "password", unit.at)
    raise _refused(hall, tried)


def confirm_as(hall: Hall, account: str) -> Confirmed:
    """Confirm without a password, as `sign_in_as` signs in, and with its errors; it is told."""
    if not hall.demo:
        raise Forbidden("demo.only")
    with hall.reading() as unit:
        return Confirmed(_invented(unit, account), "demo", unit.at)


def sign_in_as(hall: Hall, account: str) -> Session:
    """Open a session without a password; only where the invented people of the demo live."""
    if not hall.demo:
        raise Forbidden("demo.only")
    with hall.unit() as unit:
        return _open(hall, unit, _invented(unit, account))


def who(hall: Hall, token: str, acted: bool = True) -> Official | None:
    """Return who holds this session, None when it has ended.

    That it was used is noted when its holder `acted`: a page that looks again by itself does
    not keep a session alive at which nobody sits (S-13).
    """
    key = fingerprint(token.encode())
    with hall.reading() as unit:
        found = people.session(unit, key)
        if found is None:
            return None
        official, started, seen = found
        idle = unit.at - seen
        if idle > hall.rules.session_idle or unit.at - started > hall.rules.session_longest:
            return None
    if acted and idle > hall.rules.session_idle / 30:
        with hall.unit() as unit:
            people.touch_session(unit, key)
    return official


def sign_out(hall: Hall, token: str) -> None:
    """End a session; nothing happens when it has ended already."""
    key = fingerprint(token.encode())
    with hall.unit() as unit:
        found = people.session(unit, key)
        if found is None:
            return
        people.close_session(unit, key)
        unit.record(SignedOut(account=found[0].account))


def demo_people(hall: Hall) -> list[Official]:
    """Return everybody of the demo city, to be chosen from on the sign-in page."""
    if not hall.demo:
        raise Forbidden("demo.only")
    with hall.reading() as unit:
        return people.officials(unit)


@dataclass(frozen=True)
class _Tried:
    """What came of an account and a password: who it is, or whether it is locked."""

    official: Official | None
    locked: bool


def _try(hall: Hall, unit: Unit, account: str, password: str, address: str) -> _Tried:
    since = unit.at - hall.rules.sign_in_window
    locked = people.failures(unit, account, address, since) >= hall.rules.sign_in_tries
    found = None if locked else people.by_account(unit, account)
    stored = found[1] if found else None
    right = password_matches(stored or NOBODY, password) and stored is not None
    works = found is not None and found[0].works_on(hall_day(unit.at))
    official = found[0] if found and right and works else None
    people.note_attempt(unit, account, address, ok=official is not None)
    if official is None:
        reason = "locked" if locked else "wrong"
        unit.record(SignInFailed(account=account[:64], reason=reason))
    return _Tried(official, locked)


def _refused(hall: Hall, tried: _Tried) -> HallError:
    if tried.locked:
        minutes = int(hall.rules.sign_in_window.total_seconds() // 60)
        return Late("sign_in.locked", minutes=minutes)
    return Forbidden("sign_in.wrong")


def _invented(unit: Unit, account: str) -> Official:
    found = people.by_account(unit, account)
    if found is None or not found[0].works_on(hall_day(unit.at)):
        raise Missing("account.unknown", account=account)
    return found[0]


def _open(hall: Hall, unit: Unit, official: Official) -> Session:
    token = new_secret()
    ends_at = unit.at + hall.rules.session_longest
    people.open_session(unit, fingerprint(token.encode()), official.id, ends_at)
    unit.record(SignedIn(account=official.account))
    return Session(token, official)
