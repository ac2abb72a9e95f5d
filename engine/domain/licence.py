"""The licence (证照) that a granted case ends with, and what may become of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from engine.domain.codes import new_uscc
from engine.kernel.canonical import dumps
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Conflict

USCC = "uscc"
# 行政许可法 art. 50: asked thirty days before the end; days of the holder, so calendar days.
ASK_DAYS_BEFORE = 30


class LicenceState(StrEnum):
    """Where a licence stands: in force, revoked (撤销, art. 69) or cancelled (注销, art. 70)."""

    VALID = "valid"
    REVOKED = "revoked"
    CANCELLED = "cancelled"


# One that was revoked is struck from the register afterwards (art. 70, 4).
MOVES: Mapping[LicenceState, frozenset[LicenceState]] = {
    LicenceState.VALID: frozenset({LicenceState.REVOKED, LicenceState.CANCELLED}),
    LicenceState.REVOKED: frozenset({LicenceState.CANCELLED}),
    LicenceState.CANCELLED: frozenset(),
}


@dataclass(frozen=True)
class Licence:
    """A licence; `no` is a unified social credit code where the matter founds an enterprise.

    `digest` covers number, holder and content, and the last day and the edition where it has
    them, so that a changed byte is seen when the licence is checked. `valid_to` is the last day
    on which it holds, None without end; `renewal_asked_on` stands while a renewal is undecided.
    The seal of the demo hall is drawn and named 演示印章: no legal effect.
    """

    id: str
    no: str
    case_id: str
    matter_no: int
    name: str
    holder: str
    content: Mapping[str, object]
    issued_at: datetime
    issued_by: str
    digest: str
    handed_out_at: datetime | None = None
    handed_out_by: str | None = None
    taken_by: str | None = None
    state: LicenceState = LicenceState.VALID
    edition: int = 1
    valid_to: date | None = None
    renewal_asked_on: date | None = None
    ended_on: date | None = None

    def standing(self, day: date) -> str:
        """Return valid, expired, revoked or cancelled: what a check on that day answers."""
        if self.state is LicenceState.VALID and self.valid_to is not None and day > self.valid_to:
            return "expired"
        return self.state.value


def licence_no(scheme: str, basic_code: str, year: int, serial: int) -> str:
    """Return the number of a new licence.

    The scheme `uscc` gives an enterprise its unified social credit code (GB 32100); every other
    licence is numbered by matter and year.
    """
    if scheme == USCC:
        return new_uscc(serial)
    return f"{basic_code}-{year}-{serial:06d}"


def sealed(licence: Licence) -> Licence:
    """Return the licence with the digest of what it says."""
    return replace(licence, digest=_digest(licence))


def is_unaltered(licence: Licence) -> bool:
    """Return whether the licence still says what was issued."""
    return licence.digest == _digest(licence)


def ended(licence: Licence, state: LicenceState, day: date) -> Licence:
    """Return the licence revoked or cancelled on a day.

    Raises Conflict `licence.not_in_state` when it was cancelled before, or revoked twice.
    """
    if state not in MOVES[licence.state]:
        raise Conflict("licence.not_in_state", no=licence.no, state=licence.state.value)
    return replace(licence, state=state, ended_on=day, renewal_asked_on=None)


def changed(licence: Licence, content: Mapping[str, object], holder: str) -> Licence:
    """Return the next edition of a licence, sealed anew."""
    return sealed(
        replace(licence, content=dict(content), holder=holder, edition=licence.edition + 1)
    )


def last_day_to_ask(licence: Licence) -> date | None:
    """Return the last day on which a renewal may be asked for, None when there is no end."""
    return licence.valid_to and licence.valid_to - timedelta(days=ASK_DAYS_BEFORE)


def valid_until(day: date, days: int | None) -> date | None:
    """Return the last day of a licence of so many calendar days from `day`, None without end."""
    return None if days is None else day + timedelta(days=days)


def renewed(licence: Licence, days: int) -> Licence:
    """Return the licence with its next term, which begins where the present one ends."""
    if licence.valid_to is None:
        raise Conflict("licence.no_end", no=licence.no)
    longer = licence.valid_to + timedelta(days=days)
    return sealed(replace(licence, valid_to=longer, renewal_asked_on=None))


def _digest(licence: Licence) -> str:
    said: dict[str, object] = {
        "no": licence.no,
        "name": licence.name,
        "holder": licence.holder,
        "content": dict(licence.content),
        "issued_at": licence.issued_at,
        "matter_no": licence.matter_no,
    }
    # A licence of the first release has neither, and its digest stays as it was.
    if licence.valid_to is not None:
        said["valid_to"] = licence.valid_to
    if licence.edition > 1:
        said["edition"] = licence.edition
    return fingerprint(dumps(said))
