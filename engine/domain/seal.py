"""The approval seal (行政审批专用章): each use belongs to exactly one decision, and is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Invalid


@dataclass(frozen=True)
class Document:
    """What the seal is set under: its name or number, and the digest of its bytes."""

    name: str
    digest: str


@dataclass(frozen=True)
class SealUse:
    """One use of the seal under a document of the decision that a case got at `decided_at`.

    A use whose decision no longer stands is void (`voided_at`, `void_because`), never deleted.
    """

    id: str
    case_id: str
    decided_at: datetime
    document: str
    digest: str
    used_by: str
    used_at: datetime
    reason: str | None
    mandate_no: str | None
    acting_for: str | None
    voided_at: datetime | None = None
    void_because: str | None = None

    @property
    def is_void(self) -> bool:
        """Whether the decision that was sealed no longer stands."""
        return self.voided_at is not None


def document(name: str, content: bytes) -> Document:
    """Return a document with the digest of its bytes; Invalid `seal.document` without either."""
    if not name.strip() or not content:
        raise Invalid("seal.document")
    return Document(name.strip(), fingerprint(content))


def refuse_unexplained(before: Iterable[SealUse], decided_at: datetime, reason: str | None) -> None:
    """Raise Invalid `seal.reason` when the decision was sealed before and nobody says why again."""
    if not (reason or "").strip() and any(use.decided_at == decided_at for use in before):
        raise Invalid("seal.reason", field="reason")
