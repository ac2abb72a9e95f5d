"""What happens with the approval seal."""

from dataclasses import dataclass

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class SealUsed(CaseEvent):
    """The approval seal was set under a document of the decision that was made at `decided_at`.

    `reason` says why, when the same decision had been sealed before. `confirmed` says how its
    official proved again who he is: `password`, `demo`, or `decision` where the seal came with
    his decision itself.
    """

    use_id: str
    document: str
    digest: str
    decided_at: str
    reason: str | None
    row: str | None
    mandate_no: str | None
    acting_for: str | None
    confirmed: str


@dataclass(frozen=True)
class SealVoided(CaseEvent):
    """A use of the seal is void, since its decision no longer stands; it is never deleted."""

    use_id: str
    document: str
    reason: str
