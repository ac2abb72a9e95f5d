"""Authority as data: who holds which power, for what, from when, by which document.

The six powers of the 首席代表: decide 审批决定权, accept_review 受理审核权, urgent 特别处置权,
organise 组织协调权, seal 专用章使用权, joint 协调/审核/决定权 in joint matters. A seventh is the
head's alone: extend 延期批准权 (行政许可法 art. 42).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from engine.domain.matter import MatterType

POWERS = ("decide", "accept_review", "urgent", "organise", "seal", "joint", "extend")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Grant:
    """One mandate (授权) of a person (`official_id`) or of a post of the unit (`post`).

    Empty `matter_types` means all types, empty `matters` (numbers) all matters; `valid_to` is the
    last day it holds, `revoked_on` the first day it holds no more. It is never deleted.
    """

    id: str
    official_id: str | None
    unit_no: int
    power: str
    mandate_no: str
    valid_from: date
    valid_to: date | None = None
    matter_types: tuple[str, ...] = ()
    amount_limit: Decimal | None = None
    region: str | None = None
    revoked_on: date | None = None
    post: str | None = None
    matters: tuple[int, ...] = ()
    granted_by: str | None = None

    @property
    def last_day(self) -> date | None:
        """The last day on which the mandate holds, None while no end is known."""
        ends = [self.valid_to] if self.valid_to is not None else []
        ends += [self.revoked_on - DAY] if self.revoked_on is not None else []
        return min(ends, default=None)

    def holds_on(self, day: date) -> bool:
        """Return whether the mandate is in force on `day`."""
        last = self.last_day
        return self.valid_from <= day and (last is None or day <= last)

    def covers(self, power: str, unit_no: int, matter_type: str) -> bool:
        """Return whether the mandate speaks of this power, unit and type of matter."""
        if power != self.power or unit_no != self.unit_no:
            return False
        return not self.matter_types or matter_type in self.matter_types


@dataclass(frozen=True)
class Act:
    """What somebody wants to do: a power used in a unit on a case of a matter.

    `amount` (yuan) and `region` are those of the case, None where it has none.
    """

    power: str
    unit_no: int
    matter_no: int
    matter_type: str
    amount: Decimal | None = None
    region: str | None = None


@dataclass(frozen=True)
class Scope:
    """What the grants of one person say of one act on one day; facts for the authority table."""

    grant: Grant | None
    over_amount: bool
    outside_region: bool
    outside_matters: bool

    @property
    def misses(self) -> tuple[bool, bool, bool, bool]:
        """What the grant does not reach; of two scopes the smaller reaches farther."""
        return self.grant is None, self.outside_matters, self.over_amount, self.outside_region


def scope_of(grants: Iterable[Grant], day: date, act: Act) -> Scope:
    """Return the grant that reaches farthest for this act on `day`.

    A grant that covers power, unit and type but not the matter, the amount or the region is still
    returned, with the part it misses marked, so that the refusal can name it.
    """
    scopes = [
        Scope(
            grant,
            over_amount=_over(act.amount, grant.amount_limit),
            outside_region=None not in (act.region, grant.region) and act.region != grant.region,
            outside_matters=bool(grant.matters) and act.matter_no not in grant.matters,
        )
        for grant in grants
        if grant.holds_on(day) and grant.covers(act.power, act.unit_no, act.matter_type)
    ]
    nothing = Scope(None, over_amount=False, outside_region=False, outside_matters=False)
    return min(scopes, key=lambda scope: scope.misses, default=nothing)


def asked(
    power: str,
    post: str,
    kind: MatterType,
    *,
    holds_grant: bool = True,
    same_person: bool = False,
    over_amount: bool = False,
    outside_region: bool = False,
    outside_matters: bool = False,
) -> dict[str, object]:
    """Return what the table of authority is asked; by default of one whose mandate reaches far."""
    return {
        "power": power,
        "post": post,
        "matter_type": kind.code,
        "steps": kind.steps,
        "holds_grant": holds_grant,
        "same_person": same_person,
        "over_amount": over_amount,
        "outside_region": outside_region,
        "outside_matters": outside_matters,
    }


def _over(amount: Decimal | None, limit: Decimal | None) -> bool:
    return amount is not None and limit is not None and amount > limit


@dataclass(frozen=True)
class StandIn:
    """Who acts for whom while that person is away (AB岗); `ground` is on the record.

    `valid_to` is the last day as planned, `ended_on` the last day when it ended before.
    """

    official_id: str
    stands_in_for: str
    valid_from: date
    valid_to: date
    ground: str
    ended_on: date | None = None

    @property
    def last_day(self) -> date:
        """The last day on which somebody acts for the absent one."""
        return self.valid_to if self.ended_on is None else min(self.valid_to, self.ended_on)

    def holds_on(self, day: date) -> bool:
        """Return whether the absence covers `day`."""
        return self.valid_from <= day <= self.last_day
