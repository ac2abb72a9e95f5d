"""Parallel approval (并联审批): the opinions of the units, what they add up to, who blocks.

The units answer in child cases of their own; the applicant gets one answer (行政许可法 art. 26).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.domain.working_time import Calendar, days_left

TABLE = "joining"


class Said(StrEnum):
    """What a unit said; `waiting` within its limit, `silent` beyond it, `spared` not asked on."""

    AGREE = "agree"
    CONDITIONAL = "conditional"
    DISAGREE = "disagree"
    WAITING = "waiting"
    SILENT = "silent"
    SPARED = "spared"


@dataclass(frozen=True)
class Opinion:
    """What one unit said of the application, in its child case; `given_at` None before it did."""

    unit_no: int
    unit_name: str
    case_no: str
    said: Said
    text: str = ""
    law: str = ""
    given_at: datetime | None = None

    def plain(self) -> dict[str, object]:
        """Return the opinion as it stands in the answer to the applicant."""
        return {
            "unit_no": self.unit_no,
            "unit_name": self.unit_name,
            "case_no": self.case_no,
            "said": self.said.value,
            "text": self.text,
            "law": self.law,
            "given_at": self.given_at.isoformat() if self.given_at else None,
        }


@dataclass(frozen=True)
class Joined:
    """What the table of joining says: its outcome, what the other units do, why, and the row."""

    outcome: str
    others: str
    reason: str
    row: str


@dataclass(frozen=True)
class JointAnswer:
    """The one document that answers the applicant; `content` lists each opinion and the result."""

    case_id: str
    no: str
    outcome: str
    content: Mapping[str, object]
    digest: str
    issued_at: datetime
    issued_by: str


@dataclass(frozen=True)
class Hold:
    """A child case whose steps wait, without its clocks: a refusal elsewhere, or a joint survey.

    `row` is the row of a table that asked for it; `source_id` the child case or survey behind it.
    """

    id: str
    case_id: str
    parent_id: str
    cause: str
    source_id: str
    row: str
    held_at: datetime
    released_at: datetime | None = None
    released_by: str | None = None


REFUSAL, SURVEY = "refusal", "survey"


@dataclass(frozen=True)
class Sibling:
    """A unit's part of a joint matter: open until it ended, due on its own day."""

    case_id: str
    unit_no: int
    due_on: date | None
    open: bool


def tally(opinions: Iterable[Opinion], phase: str, silence_consents: bool) -> Mapping[str, object]:
    """Return the facts that the table of joining is asked by; a spared unit counts nowhere."""
    said = [opinion.said for opinion in opinions]
    return {
        "project_phase": phase,
        "silence_consents": silence_consents,
        "opinions_refused": said.count(Said.DISAGREE),
        "opinions_conditional": said.count(Said.CONDITIONAL),
        "opinions_waiting": said.count(Said.WAITING),
        "opinions_silent": said.count(Said.SILENT),
    }


def said_of(outcome: object, is_open: bool, due: date | None, day: date) -> Said:
    """Return what a unit has said by `day`: by its form's answer, or by its silence.

    `day` is today, for a part that ended the day of its end. One that was ended by its parent
    within its limit was spared: nobody waits for it.
    """
    if outcome in (Said.AGREE, Said.CONDITIONAL, Said.DISAGREE):
        return Said(str(outcome))
    if due is not None and day > due:
        return Said.SILENT
    return Said.WAITING if is_open else Said.SPARED


def blocking(parts: Iterable[Sibling], today: date, calendar: Calendar) -> str | None:
    """Return the id of the child case that holds the others up (M-PAR-2).

    That is the open one with the fewest working days left, the longest overdue first, of equals
    the first; one without a limit blocks only when no other is open.
    """
    waiting = [part for part in parts if part.open]
    waiting.sort(
        key=lambda part: (
            part.due_on is None,
            days_left(today, part.due_on, calendar) if part.due_on else 0,
        )
    )
    return waiting[0].case_id if waiting else None


def next_date(parts: Iterable[Sibling]) -> date | None:
    """Return the earliest day on which an open part is due; None when nothing is open."""
    return min((part.due_on for part in parts if part.open and part.due_on), default=None)
