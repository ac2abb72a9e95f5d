"""Authority as data: who holds which power, for what, from when, by which document.

The six powers of the 首席代表: decide 审批决定权, accept_review 受理审核权, urgent 特别处置权,
organise 组织协调权, seal 专用章使用权, joint 协调/审核/决定权 in joint matters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

POWERS = ("decide", "accept_review", "urgent", "organise", "seal", "joint")


@dataclass(frozen=True)
class Grant:
    """One mandate (授权); empty `matter_types` means all, `valid_to` is the last day it holds."""

    id: str
    official_id: str
    unit_no: int
    power: str
    mandate_no: str
    valid_from: date
    valid_to: date | None = None
    matter_types: tuple[str, ...] = ()
    amount_limit: Decimal | None = None
    region: str | None = None
    revoked_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the mandate is in force on `day`."""
        if day < self.valid_from or (self.valid_to is not None and day > self.valid_to):
            return False
        return self.revoked_on is None or day < self.revoked_on

    def covers(self, power: str, unit_no: int, matter_type: str) -> bool:
        """Return whether the mandate speaks of this power, unit and type of matter."""
        if power != self.power or unit_no != self.unit_no:
            return False
        return not self.matter_types or matter_type in self.matter_types


@dataclass(frozen=True)
class Scope:
    """What the grants of one person say of one act on one day; facts for the authority table."""

    grant: Grant | None
    over_amount: bool
    outside_region: bool


def scope_of(
    grants: Iterable[Grant],
    day: date,
    power: str,
    unit_no: int,
    matter_type: str,
    amount: Decimal | None = None,
    region: str | None = None,
) -> Scope:
    """Return the grant that reaches farthest for this act on `day`.

    A grant that covers power, unit and type but not the amount or the region is still
    returned, with the part it misses marked, so that the refusal can name it.
    """
    found = [g for g in grants if g.holds_on(day) and g.covers(power, unit_no, matter_type)]
    scopes = [
        Scope(
            grant,
            amount is not None and grant.amount_limit is not None and amount > grant.amount_limit,
            region is not None and grant.region is not None and region != grant.region,
        )
        for grant in found
    ]
    return min(
        scopes,
        key=lambda scope: (scope.over_amount, scope.outside_region),
        default=Scope(None, False, False),
    )


@dataclass(frozen=True)
class StandIn:
    """Who acts for whom while that person is away (AB岗); `ground` is on the record."""

    official_id: str
    stands_in_for: str
    valid_from: date
    valid_to: date
    ground: str

    def holds_on(self, day: date) -> bool:
        """Return whether the absence covers `day`."""
        return self.valid_from <= day <= self.valid_to
