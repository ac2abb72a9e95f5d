"""The reform ledger (改革台账): steps and days before and after, and what share is instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class LedgerRow:
    """What the ledger asks of one matter; days are working days, `base` is licence or other."""

    no: int
    base: str
    steps_before: int
    steps: int
    statutory_days: int
    promised_days: int

    @property
    def is_instant(self) -> bool:
        """Whether one step on one day ends it."""
        return self.steps == 1 and self.promised_days == 1


@dataclass(frozen=True)
class Baseline:
    """An old process that a matter took the place of, a row of rules/catalogue/baselines.csv.

    `days` are working days, `visits` those of the applicant to the unit, `visits_now` what is left
    of them.
    """

    matter_no: int
    name: str
    unit_no: int
    steps: int
    days: int
    papers: int
    visits: int
    visits_now: int
    legal_basis: str


@dataclass(frozen=True)
class Burden:
    """What an applicant goes through: steps and working days waited for, papers, visits."""

    steps: int
    days: int
    papers: int
    visits: int


@dataclass(frozen=True)
class Merger:
    """Old processes that became one, e.g. 三证合一, before and now."""

    matter_no: int
    name: str
    old: tuple[Baseline, ...]
    now: Burden

    @property
    def before(self) -> Burden:
        """What the old processes took, one after the other: each asked for the paper before."""
        return Burden(
            steps=sum(one.steps for one in self.old),
            days=sum(one.days for one in self.old),
            papers=sum(one.papers for one in self.old),
            visits=sum(one.visits for one in self.old),
        )

    @property
    def saved(self) -> Burden:
        """What fell away."""
        before, now = self.before, self.now
        return Burden(
            steps=before.steps - now.steps,
            days=before.days - now.days,
            papers=before.papers - now.papers,
            visits=before.visits - now.visits,
        )


@dataclass(frozen=True)
class Figures:
    """Sums over some matters; percentages have one decimal, rounded half up, 0.0 of nothing."""

    matters: int
    steps_before: int
    steps: int
    days_before: int
    days: int
    instant: int

    @property
    def step_cut(self) -> Decimal:
        """Percentage of the steps that fell away."""
        return percentage(self.steps_before - self.steps, self.steps_before)

    @property
    def day_cut(self) -> Decimal:
        """Percentage of the days that fell away."""
        return percentage(self.days_before - self.days, self.days_before)

    @property
    def instant_share(self) -> Decimal:
        """Percentage of the matters that are decided on the spot."""
        return percentage(self.instant, self.matters)


def figures(rows: Iterable[LedgerRow]) -> Figures:
    """Return the sums over the rows."""
    chosen = tuple(rows)
    return Figures(
        matters=len(chosen),
        steps_before=sum(row.steps_before for row in chosen),
        steps=sum(row.steps for row in chosen),
        days_before=sum(row.statutory_days for row in chosen),
        days=sum(row.promised_days for row in chosen),
        instant=sum(row.is_instant for row in chosen),
    )


def figures_by_base(rows: Iterable[LedgerRow]) -> dict[str, Figures]:
    """Return the sums for each base (only `licence` carries the published figures)."""
    chosen = tuple(rows)
    bases = dict.fromkeys(row.base for row in chosen)
    return {base: figures(row for row in chosen if row.base == base) for base in bases}


def percentage(part: int, whole: int) -> Decimal:
    """Return part/whole in per cent with one decimal, rounded half up."""
    share = Decimal(100 * part) / whole if whole else Decimal(0)
    return share.quantize(TENTH, ROUND_HALF_UP)
