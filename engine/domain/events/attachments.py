"""What happens with the files of a case."""

from dataclasses import dataclass

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class FileAttached(CaseEvent):
    """A file of the paper `no` was added to the case; its digest is SHA-256 of its content."""

    attachment_id: str
    no: int
    paper: str
    name: str
    digest: str
    size: int


@dataclass(frozen=True)
class FileRemoved(CaseEvent):
    """A file was taken from the papers of the case; it is kept and no longer shown."""

    attachment_id: str
    no: int
    paper: str
    name: str
    digest: str
    reason: str
