"""What happens to a licence after it was issued (行政许可法 art. 49-50, 69-70).

`mandate_no` is the document of the grant by which the official decided.
"""

from dataclasses import dataclass

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class LicenceEvent(CaseEvent):
    """Something that happened to the licence that the case ended with."""

    licence_no: str


@dataclass(frozen=True)
class LicenceChanged(LicenceEvent):
    """The licence says something else from now on (变更, art. 49); the edition before is kept."""

    edition: int
    changed: tuple[str, ...]
    reason: str
    legal_basis: str
    digest: str
    mandate_no: str | None


@dataclass(frozen=True)
class RenewalAsked(LicenceEvent):
    """The holder asked, thirty days before its end at the latest, that the licence go on (延续)."""

    valid_to: str


@dataclass(frozen=True)
class LicenceRenewed(LicenceEvent):
    """The licence was renewed (art. 50); `by_silence` when nobody answered until its last day."""

    valid_to: str
    by_silence: bool
    digest: str
    mandate_no: str | None


@dataclass(frozen=True)
class RenewalRefused(LicenceEvent):
    """The renewal was refused with reason, law and remedy; the licence ends on its last day."""

    reason: str
    legal_basis: str
    remedy: str
    mandate_no: str | None


@dataclass(frozen=True)
class LicenceRevoked(LicenceEvent):
    """The licence should never have been given, and was revoked (撤销, art. 69)."""

    reason: str
    legal_basis: str
    mandate_no: str | None


@dataclass(frozen=True)
class LicenceCancelled(LicenceEvent):
    """The licence was struck from the register (注销, art. 70)."""

    reason: str
    legal_basis: str
    mandate_no: str | None
