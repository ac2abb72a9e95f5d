"""First-inquiry duty (首问负责制): open for the first officer until the next one confirms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# 踢皮球: so many transfers without an answer stand on the manager's board (M-FIRST-2).
TRANSFERS_TO_SHOW = 2


@dataclass(frozen=True)
class Inquiry:
    """A contact: who was asked first, what, and what the table of routing says he owes.

    `visitor` is masked and may be unknown; `first_inquiry` and `window_kind` are words of the
    facts of these names, `row` the row that said so.
    """

    id: str
    officer_id: str
    window_no: int | None
    visitor: str | None
    question: str
    purpose: str
    first_inquiry: str
    window_kind: str
    stays_open: bool
    row: str
    opened_at: datetime
    answer: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None


@dataclass(frozen=True)
class Transfer:
    """A contact handed on, by its serial from 1; it counts once the receiver confirms it."""

    inquiry_id: str
    serial: int
    giver_id: str
    receiver_id: str
    reason: str
    handed_at: datetime
    confirmed_at: datetime | None = None


def in_charge(inquiry: Inquiry, transfers: Sequence[Transfer]) -> str:
    """Return the id of the officer for whom a contact is open: the last who confirmed."""
    confirmed = [one.receiver_id for one in transfers if one.confirmed_at is not None]
    return confirmed[-1] if confirmed else inquiry.officer_id


def pending(transfers: Sequence[Transfer]) -> Transfer | None:
    """Return the transfer that its receiver has not confirmed yet."""
    return transfers[-1] if transfers and transfers[-1].confirmed_at is None else None
