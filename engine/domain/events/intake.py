"""What happens to an application between the window and the result in the applicant's hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class SlipIssued(CaseEvent):
    """A numbered slip of the acceptance was made out: its kind, and the row that asked for it."""

    slip_id: str
    slip_no: str
    slip: str
    row: str


@dataclass(frozen=True)
class NoticeIssued(CaseEvent):
    """The one-time notice was given (一次性告知, 行政许可法 art. 32); it names `papers`."""

    notice_id: str
    notice_no: str
    papers: tuple[str, ...]
    channel: str
    row: str


@dataclass(frozen=True)
class NoticeDelivered(CaseEvent):
    """A notice that was sent reached the applicant."""

    notice_id: str
    notice_no: str
    channel: str


@dataclass(frozen=True)
class NoticeRepeated(CaseEvent):
    """Another notice names papers that were wanting already at the first: a breach, approved.

    `confirmed` says how the supervisor proved who he is: `password` or `demo`.
    """

    notice_id: str
    notice_no: str
    known: tuple[str, ...]
    approved_by: str
    reason: str
    confirmed: str


@dataclass(frozen=True)
class Supplemented(CaseEvent):
    """The applicant brought papers that a notice had named (补正); their states by number."""

    materials: Mapping[str, str]


@dataclass(frozen=True)
class PaperBrought(CaseEvent):
    """A tolerated paper followed (容缺后补); `late` when its own day had passed."""

    no: int
    name: str
    late: bool


@dataclass(frozen=True)
class Corrected(CaseEvent):
    """Errors of the application were corrected on the spot (当场更正, art. 32), field by field."""

    corrected: tuple[str, ...]
    row: str


@dataclass(frozen=True)
class NoLicenceNeeded(CaseEvent):
    """The applicant was told that what he wants needs no licence (art. 32)."""

    reason: str
    legal_basis: str


@dataclass(frozen=True)
class DeemedAccepted(CaseEvent):
    """Nobody gave notice in time: accepted from the day of receipt by law (视为受理, art. 32)."""

    received_on: str
    row: str


@dataclass(frozen=True)
class Withdrawn(CaseEvent):
    """The applicant took the application back (撤回) before it was decided.

    `surveys` are the joint surveys and special procedures that ended with it.
    """

    reason: str
    cancelled: tuple[str, ...]
    surveys: tuple[str, ...]


@dataclass(frozen=True)
class DecidedLate(CaseEvent):
    """The case was decided after its statutory limit; the decision holds, the delay is told."""

    statutory_due: str
    days_over: int


@dataclass(frozen=True)
class Sent(CaseEvent):
    """The result was sent to the applicant by post or electronically (送达); the case is closed."""

    way: str
    reference: str
    licence_no: str | None


@dataclass(frozen=True)
class Visited(CaseEvent):
    """The applicant came to the hall once more for the same case, and why (到现场次数)."""

    visit: int
    purpose: str
    ticket_id: str | None
