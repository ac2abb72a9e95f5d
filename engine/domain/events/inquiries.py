"""What happens to first inquiries (首问负责制)."""

from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True)
class InquiryEvent(Event):
    """Something that happened to a contact; never the visitor or his question."""

    inquiry_id: str

    @property
    def chain(self) -> str:
        return f"inquiry:{self.inquiry_id}"


@dataclass(frozen=True)
class InquiryOpened(InquiryEvent):
    """An officer was asked first; the row says what he owes: answer, handle, transfer, lead."""

    purpose: str
    first_inquiry: str
    window_kind: str
    row: str


@dataclass(frozen=True)
class InquiryHandedOn(InquiryEvent):
    """The contact was handed on; it stays open for the first officer until this is confirmed."""

    receiver: str
    transfer: int
    reason: str


@dataclass(frozen=True)
class InquiryConfirmed(InquiryEvent):
    """The next officer confirmed that he has the contact in hand."""

    transfer: int


@dataclass(frozen=True)
class InquiryClosed(InquiryEvent):
    """The visitor got his answer, and the contact is closed."""
