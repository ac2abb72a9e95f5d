"""What units and agents do together: opinions joined, surveys held, projects and mandates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.domain.events.base import CaseEvent, Event


@dataclass(frozen=True)
class OpinionsJoined(CaseEvent):
    """The table of joining was asked; `others` is what the units that are still open do now."""

    joint_outcome: str
    others: str
    row: str
    table_version: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class CaseHeld(CaseEvent):
    """The steps of the case wait, its clocks run on: for a refusal elsewhere or a joint survey."""

    cause: str
    source_id: str
    row: str


@dataclass(frozen=True)
class CaseReleased(CaseEvent):
    """The steps of the case go on."""

    cause: str
    source_id: str


@dataclass(frozen=True)
class SilenceTaken(CaseEvent):
    """The unit said nothing within its limit, and a row takes that as consent (视为同意)."""

    due_on: str
    row: str


@dataclass(frozen=True)
class JointAnswerIssued(CaseEvent):
    """The one answer to the applicant was made out: its number, its digest, how many opinions."""

    answer_no: str
    outcome: str
    opinions: int
    digest: str


@dataclass(frozen=True)
class SurveyProposed(CaseEvent):
    """The lead unit proposed a day for a joint survey (联合踏勘) to these units."""

    survey_id: str
    day: str
    units: tuple[int, ...]


@dataclass(frozen=True)
class SurveyAnswered(CaseEvent):
    """A unit accepted the day of a joint survey or named another on which it can come."""

    survey_id: str
    unit_no: int
    accepted: bool
    other_day: str | None


@dataclass(frozen=True)
class SurveyFixed(CaseEvent):
    """All units come on the day; `stops_clocks` by the row, only where a special law says so."""

    survey_id: str
    day: str
    stops_clocks: bool
    row: str


@dataclass(frozen=True)
class SurveyRecorded(CaseEvent):
    """The lead unit wrote the record of the joint survey; every unit signs it."""

    survey_id: str


@dataclass(frozen=True)
class SurveySigned(CaseEvent):
    """A unit signed the record of the joint survey."""

    survey_id: str
    unit_no: int


@dataclass(frozen=True)
class SurveyHeld(CaseEvent):
    """All units have signed; the children go on, and clocks that stood run from the same moment."""

    survey_id: str
    resumed: tuple[str, ...]


@dataclass(frozen=True)
class SurveyLeft(CaseEvent):
    """A unit's case ended before the joint survey was over: the survey goes on without it."""

    survey_id: str
    unit_no: int


@dataclass(frozen=True)
class SurveyCalledOff(CaseEvent):
    """The joint survey was called off: by the lead unit, or because the case ended."""

    survey_id: str
    reason: str | None


@dataclass(frozen=True)
class AgentActed(CaseEvent):
    """The agent of a mandate acted in the case for its applicant (代办)."""

    mandate_id: str
    mandate_no: str
    act: str


@dataclass(frozen=True)
class ProjectOpened(CaseEvent):
    """A key project was entered, with its number and its agent officer (代办员)."""

    project_id: str
    project_no: str
    agent: str


@dataclass(frozen=True)
class AgentOfficerChanged(CaseEvent):
    """A key project got another agent officer."""

    project_id: str
    project_no: str
    former: str
    agent: str


@dataclass(frozen=True)
class MandateEvent(Event):
    """Something that happened to the mandate of an agent."""

    topics: ClassVar[tuple[str, ...]] = ()
    mandate_id: str
    mandate_no: str

    @property
    def chain(self) -> str:
        """The chain that this event belongs to."""
        return f"mandate:{self.mandate_id}"


@dataclass(frozen=True)
class MandateGiven(MandateEvent):
    """An applicant gave an agent a mandate (委托) for some matters and days."""

    matter_nos: tuple[int, ...]
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class MandateRevoked(MandateEvent):
    """A mandate was revoked: from now on its agent sees and does nothing more."""

    reason: str
