"""What a replay counts and whom it touches, in parts that can be added up in any order."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

CASES, CHANGED, LATE_BEFORE, LATE_AFTER = range(4)
MOST_EFFECTS = 500
GROUP = ("cases", "changed", "late_before", "late_after")


class Changed(NamedTuple):
    """A case that comes out otherwise; `subject` is the decision, or the case again.

    `before` and `after` are JSON-ready: what stands in the record, and what the draft gives.
    """

    case_id: str
    subject: str
    matter_no: int
    unit_no: int
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass
class Tally:
    """Counts of a replay, by case; `asked` are the decisions or cases that were run again.

    `untold` says by code for how many it could not be told what the draft would do. `effects`
    counts what changed by (name, before, after); what is stored keeps the `MOST_EFFECTS` most
    frequent and counts the rest in `others`. Groups count cases, changed, late before and late
    after, in this order.
    """

    asked: int = 0
    totals: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    untold: Counter[str] = field(default_factory=Counter)
    effects: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    others: int = 0
    by_matter: dict[int, list[int]] = field(default_factory=dict)
    by_unit: dict[int, list[int]] = field(default_factory=dict)

    def count(
        self,
        matter_no: int,
        unit_no: int,
        changed: bool,
        late_before: bool = False,
        late_after: bool = False,
    ) -> None:
        """Count one case in the totals and in its groups."""
        flags = (1, changed, late_before, late_after)
        groups = (
            self.totals,
            self.by_matter.setdefault(matter_no, [0, 0, 0, 0]),
            self.by_unit.setdefault(unit_no, [0, 0, 0, 0]),
        )
        for group in groups:
            for place, flag in enumerate(flags):
                group[place] += flag

    def note(
        self, before: Mapping[str, object], after: Mapping[str, object], number: int = 1
    ) -> None:
        """Count what differs between two outcomes of so many, name by name."""
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                self.effects[name, shown(before.get(name)), shown(after.get(name))] += number

    def add(self, other: "Tally") -> None:
        """Add the counts of other cases."""
        self.asked += other.asked
        self.untold += other.untold
        self.effects += other.effects
        self.others += other.others
        _add(self.totals, other.totals)
        for mine, theirs in ((self.by_matter, other.by_matter), (self.by_unit, other.by_unit)):
            for no, numbers in theirs.items():
                _add(mine.setdefault(no, [0, 0, 0, 0]), numbers)

    def plain(self) -> dict[str, object]:
        """Return the counts JSON-ready, the largest effects first."""
        effects = sorted(self.effects.items(), key=lambda one: (-one[1], one[0]))
        rest = sum(number for _, number in effects[MOST_EFFECTS:])
        return {
            "asked": self.asked,
            **dict(zip(GROUP, self.totals, strict=True)),
            "untold": dict(sorted(self.untold.items())),
            "effects": [[*names, number] for names, number in effects[:MOST_EFFECTS]],
            "other_effects": self.others + rest,
            "by_matter": _named(self.by_matter),
            "by_unit": _named(self.by_unit),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Tally":
        """Return the counts that `plain` wrote."""
        if not plain:
            return cls()
        return cls(
            asked=plain["asked"],
            totals=[plain[name] for name in GROUP],
            untold=Counter(plain["untold"]),
            effects=Counter({(one[0], one[1], one[2]): one[3] for one in plain["effects"]}),
            others=plain["other_effects"],
            by_matter=_read(plain["by_matter"]),
            by_unit=_read(plain["by_unit"]),
        )


@dataclass(frozen=True)
class Part:
    """What a batch came to: its counts, and the cases that come out otherwise."""

    tally: Tally
    changed: tuple[Changed, ...]


def shown(value: object) -> str:
    """Return a value of an outcome as one short text that tells values apart."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    return "" if value is None else str(value)


def _add(mine: list[int], theirs: list[int]) -> None:
    for place, number in enumerate(theirs):
        mine[place] += number


def _named(groups: Mapping[int, list[int]]) -> dict[str, dict[str, int]]:
    return {
        str(no): dict(zip(GROUP, numbers, strict=True)) for no, numbers in sorted(groups.items())
    }


def _read(groups: Mapping[str, Mapping[str, int]]) -> dict[int, list[int]]:
    return {int(no): [numbers[name] for name in GROUP] for no, numbers in groups.items()}
