"""What cases say to one another: messages, signals, parents and children."""

from dataclasses import dataclass
from typing import ClassVar

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class MessageSent(CaseEvent):
    """The process threw a message or signal for other cases; `sent_as` says which of the two."""

    topics: ClassVar[tuple[str, ...]] = ()
    sent_as: str
    name: str
    step: str


@dataclass(frozen=True)
class MessageReceived(CaseEvent):
    """A message or signal of the case `sender` came to this one, which waited for it."""

    sent_as: str
    name: str
    sender: str
    closed: tuple[str, ...]


@dataclass(frozen=True)
class MessageUnheard(CaseEvent):
    """No case waited for what this one had sent, and no process is started by it."""

    topics: ClassVar[tuple[str, ...]] = ()
    sent_as: str
    name: str
    step: str


@dataclass(frozen=True)
class MessageMissed(CaseEvent):
    """A message or signal of `sender` came when this case no longer waited for it."""

    topics: ClassVar[tuple[str, ...]] = ()
    sent_as: str
    name: str
    sender: str


@dataclass(frozen=True)
class ChildOpened(CaseEvent):
    """A child case was opened; `task_id` is the task of this case that it answers, if any."""

    child_id: str
    child_no: str
    process: str
    unit_no: int
    task_id: str | None


@dataclass(frozen=True)
class OpenedByParent(CaseEvent):
    """This case was opened as the child of another; its own limit runs from here."""

    case_no: str
    parent_id: str
    process: str
    process_version: str
    promised_due: str | None
    statutory_due: str | None


@dataclass(frozen=True)
class ChildAnswered(CaseEvent):
    """A child case ended, and its outcome answered the task of this case that waited for it."""

    child_id: str
    task_id: str
    outcome: str | None


@dataclass(frozen=True)
class EndedByParent(CaseEvent):
    """The case was ended undecided, because its parent needs it no longer."""

    parent_id: str
    cancelled: tuple[str, ...]
