"""What officials do with tasks beside doing them: hand over, send back, ask, urge, use urgency."""

from dataclasses import dataclass

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class TaskHandedOver(CaseEvent):
    """A task was handed to a colleague who may do it (转办); `receiver` holds it from now on."""

    task_id: str
    step: str
    receiver: str
    reason: str


@dataclass(frozen=True)
class SentBack(CaseEvent):
    """The case went back to the earlier step `step` (退回); its legal clocks go on."""

    task_id: str
    step: str
    reason: str


@dataclass(frozen=True)
class TakenBack(CaseEvent):
    """Who had just done a step took it back before anybody had the next in hand (拿回)."""

    task_id: str
    step: str


@dataclass(frozen=True)
class ConsultAsked(CaseEvent):
    """The opinion of a named person was asked for (加签); the step waits for it."""

    task_id: str
    of_task: str
    step: str
    receiver: str
    question: str
    due_on: str


@dataclass(frozen=True)
class ConsultWithdrawn(CaseEvent):
    """An opinion that was asked for is no longer needed."""

    task_id: str
    of_task: str
    step: str
    receiver: str


@dataclass(frozen=True)
class Urged(CaseEvent):
    """Somebody reminded those who have the tasks of the case in hand (催办)."""

    tasks: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class UrgentUsed(CaseEvent):
    """The power to handle an urgent case apart was used (特别处置); `task_id` reviews it."""

    use_id: str
    urgency: str
    reason: str
    task_id: str
    due_on: str
    row: str | None
    mandate_no: str | None
    acting_for: str | None


@dataclass(frozen=True)
class UrgentReviewed(CaseEvent):
    """Another person reviewed the use of the urgent power (事后复核)."""

    use_id: str
    task_id: str
    finding: str
