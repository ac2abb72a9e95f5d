"""The one-time notice (一次性告知) and the slips that each outcome of the acceptance leaves.

行政许可法 art. 32: papers that are wanting are told all at once, on the spot or within five
days; every outcome leaves a written, dated and numbered slip.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

NOTICE_DAYS = 5
# Papers that the applicant's situation adds are numbered after those of the matter's own list.
EXTRA_FROM = 901
SERIES = {
    "acceptance": "A",
    "supplement": "S",
    "correction": "C",
    "decline": "D",
    "no_licence": "N",
    "special_procedure": "P",
}
SUPPLEMENT = "supplement"


class Channel(StrEnum):
    """How a slip reaches the applicant."""

    WINDOW = "window"
    SMS = "sms"
    POST = "post"
    ONLINE = "online"


@dataclass(frozen=True)
class Slip:
    """A slip as it was made out; `row` is the row of the table that asked for it.

    `content` is all that it says besides number and date. Nothing of it ever changes but
    `delivered_at`.
    """

    id: str
    no: str
    kind: str
    case_id: str
    row: str
    content: Mapping[str, object]
    channel: Channel
    issued_at: datetime
    issued_by: str
    delivered_at: datetime | None = None


@dataclass(frozen=True)
class NoticeItem:
    """One paper of a notice, with the article that asks for it and its specimen (示范文本).

    `wanting` is `missing` or `defective`, `why` what the official wrote of it, `form` whether the
    original, a copy or a look at it is asked for (empty: by the numbers of both).
    """

    no: int
    name: str
    wanting: str
    why: str
    form: str
    originals: int
    copies: int
    legal_basis: str
    specimen: str


@dataclass(frozen=True)
class OneTimeNotice:
    """What the applicant was told is wanting: this list is shown, printed and stored alike.

    `known` names the papers that were wanting at an earlier notice that did not name them;
    `approved_by` is the supervisor who let such a notice through.
    """

    id: str
    no: str
    case_id: str
    items: tuple[NoticeItem, ...]
    channel: Channel
    issued_at: datetime
    issued_by: str
    delivered_at: datetime | None = None
    known: tuple[str, ...] = ()
    approved_by: str | None = None

    def names(self, no: int) -> bool:
        """Return whether the notice names the paper with this number."""
        return any(item.no == no for item in self.items)


@dataclass(frozen=True)
class Wanting:
    """A paper that is wanting now, and since when it has been as it is now."""

    no: int
    name: str
    since: datetime


@dataclass(frozen=True)
class Repetition:
    """What another notice would say against those before it; papers by number.

    `known` were wanting then and not named; `standing` were named and have not come since;
    `fresh` is new.
    """

    known: tuple[Wanting, ...] = field(default=())
    standing: tuple[Wanting, ...] = field(default=())
    fresh: tuple[Wanting, ...] = field(default=())


def repetition(earlier: Sequence[OneTimeNotice], wanted: Iterable[Wanting]) -> Repetition:
    """Compare the papers that are wanting with the notices that were given before (M-NOTICE-1).

    A paper that came in again after a notice and is wanting once more is new; one that lay there
    unchanged at an earlier notice, which did not name it, was known.
    """
    known, standing, fresh = [], [], []
    for paper in wanted:
        before = [notice for notice in earlier if notice.issued_at >= paper.since]
        if not before:
            fresh.append(paper)
        elif any(notice.names(paper.no) for notice in before):
            standing.append(paper)
        else:
            known.append(paper)
    return Repetition(tuple(known), tuple(standing), tuple(fresh))


def slip_number(kind: str, year: int, serial: int) -> str:
    """Return the number of the `serial`-th slip of a kind in a year, e.g. `S-2026-000001`."""
    return f"{SERIES[kind]}-{year}-{serial:06d}"


def specimen_of(of: str, no: int | str) -> str:
    """Return the reference of a specimen: code of the matter or of the row, and the paper's."""
    return f"{of}:{no}"
