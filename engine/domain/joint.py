"""The joint survey (联合踏勘): one visit on one day, its units, their dates and signatures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.kernel.errors import Invalid


class SurveyState(StrEnum):
    """A survey is proposed, fixed when all accepted the day, held when all signed, or called off.

    Countered: a unit cannot come on that day and has named another.
    """

    PROPOSED = "proposed"
    COUNTERED = "countered"
    FIXED = "fixed"
    HELD = "held"
    CALLED_OFF = "called_off"


OPEN = (SurveyState.PROPOSED, SurveyState.COUNTERED, SurveyState.FIXED)


@dataclass(frozen=True)
class JointSurvey:
    """A joint survey of the case `case_id`, whose children wait for its record.

    `stops_clocks` is what the row of the table of special procedures says; `record` what was found.
    """

    id: str
    case_id: str
    state: SurveyState
    day: date
    proposed_at: datetime
    proposed_by: str
    stops_clocks: bool
    row: str
    legal_basis: str
    fixed_at: datetime | None = None
    record_task: str | None = None
    record: str = ""
    recorded_by: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Participant:
    """A unit at a survey: its case, the day it answered with, and its signature.

    `other_day` is the day on which it can come, if it cannot on that of the survey; `left_at` when
    its case ended before the survey.
    """

    survey_id: str
    unit_no: int
    case_id: str
    date_task: str | None = None
    accepted: bool | None = None
    other_day: date | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    sign_task: str | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None
    remark: str = ""
    left_at: datetime | None = None


def state_after_answers(participants: Iterable[Participant]) -> SurveyState:
    """Return proposed while somebody has not answered, countered after a no, else fixed."""
    coming = [one for one in participants if one.left_at is None]
    if not coming:
        return SurveyState.CALLED_OFF
    if any(one.accepted is None for one in coming):
        return SurveyState.PROPOSED
    return SurveyState.FIXED if all(one.accepted for one in coming) else SurveyState.COUNTERED


def all_signed(participants: Iterable[Participant]) -> bool:
    """Return whether every unit that is still there has signed the record."""
    return all(one.signed_at is not None for one in participants if one.left_at is None)


def check_units(unit_nos: Iterable[int], known: Iterable[int]) -> tuple[int, ...]:
    """Return the units of a survey as they came.

    Raises Invalid `joint.no_units` for none, `joint.unit_twice` naming one that stands there
    twice, `joint.unit_unknown` for one that has no open case in the procedure.
    """
    chosen, allowed = tuple(unit_nos), frozenset(known)
    if not chosen:
        raise Invalid("joint.no_units")
    for place, unit_no in enumerate(chosen):
        if unit_no in chosen[:place]:
            raise Invalid("joint.unit_twice", unit=unit_no)
        if unit_no not in allowed:
            raise Invalid("joint.unit_unknown", unit=unit_no)
    return chosen
