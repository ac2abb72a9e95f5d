"""Proof of a table before it is published: gaps, overlaps, rows that never decide.

Each row is a box (see `cover`). A gap, an overlap or a dead row is told only after the closures,
which know nothing of boxes, have judged a case of it: in a gap no row holds, in an overlap both
do, before a shadowed row one above it decides.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from engine.decisions.bands import bands_of
from engine.decisions.cover import Box, Budget, Space, Unfinished
from engine.decisions.index import places
from engine.decisions.model import HitPolicy
from engine.decisions.table import Draft
from engine.decisions.trace import plain
from engine.feel import nodes
from engine.feel.evaluation import Evaluation
from engine.feel.kinds import coerce
from engine.feel.values import equal, to_python
from engine.kernel.errors import HallError

STEPS = 800_000  # for all gaps; as many for all rows that may be shadowed
ROW_STEPS = 20_000  # for one row that may be shadowed
SHOWN = 5  # gaps
MOST_GAPS = 50
MOST_PAIRS = 100  # overlaps that are told one by one


class Severity(StrEnum):
    """Whether a finding stops publishing."""

    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or worth knowing; `case` gives a value to each column's label.

    `code` has its sentence in the translations; `rows` are row ids, `column` a label; `free` are
    the labels of the columns of a case that may have any other value as well.
    """

    severity: Severity
    code: str
    rows: tuple[str, ...] = ()
    column: str | None = None
    case: Mapping[str, object] | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    free: tuple[str, ...] = ()


def check(draft: Draft) -> list[Finding]:
    """Return the findings of a table, errors first.

    Codes: `check.gap`, `check.more_gaps`, `check.overlap`, `check.conflict`,
    `check.more_overlaps`, `check.shadowed`, `check.unreachable`, `check.no_basis`,
    `check.outside_allowed`, `check.no_rows`; as notes `check.overlaps`, `check.possible_gap` and
    `check.possible_overlap` (their case does not show it), `check.undecided` (cells that are no
    plain tests), `check.unfinished` (the steps were used up: there may be more gaps) and
    `check.unfinished_rows` (of these rows it is not known whether they ever decide).
    """
    findings = [*_basis(draft), *_outputs(draft), *_Proof(draft).findings()]
    return sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)


def _basis(draft: Draft) -> Iterator[Finding]:
    for place, rule in enumerate(draft.source.rules):
        if not draft.basis(place).strip():
            yield Finding(Severity.ERROR, "check.no_basis", (rule.id,))


def _outputs(draft: Draft) -> Iterator[Finding]:
    """Constant outputs outside the values of their fact, of their column or of its type."""
    rows = draft.rows
    for place, rule in enumerate(draft.source.rules):
        scope: dict[str, object] = dict.fromkeys(draft.names)
        hit = rows.hit(place, scope, Evaluation())
        for number, (fact, value) in enumerate(zip(draft.outputs, hit.values, strict=True)):
            allowed = rows.orders[number] or fact.codes
            if value is None or not allowed:
                continue
            if not any(equal(value, one) is True for one in allowed):
                yield Finding(
                    Severity.ERROR,
                    "check.outside_allowed",
                    (rule.id,),
                    fact.zh,
                    params={
                        "value": plain(to_python(value)),
                        "allowed": [plain(to_python(one)) for one in allowed],
                    },
                )


class _Proof:
    """The boxes of one table. After the columns comes one yes-no column per derived cell."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._ids = [rule.id for rule in draft.source.rules]
        self._columns = [bands_of(draft, number) for number in range(len(draft.direct))]
        sides = [
            [(number, column.bits[number]) for number in own.feasible()]
            for column, own in zip(draft.index.columns, self._columns, strict=True)
        ]
        everyone = draft.index.all
        sides += [[(0, everyone & ~cell.rows), (1, everyone)] for cell in draft.index.derived]
        self._space = Space(sides, len(self._ids))

    def findings(self) -> Iterator[Finding]:
        if not self._ids:
            yield Finding(Severity.ERROR, "check.no_rows")
            return
        if self._draft.index.derived:
            texts = [cell.test.text for cell in self._draft.index.derived]
            yield Finding(Severity.NOTE, "check.undecided", params={"cells": texts})
        for row, name in enumerate(self._ids):
            if not all(self._space.box(row)):
                yield Finding(Severity.ERROR, "check.unreachable", (name,))
        yield from self._overlaps()
        if self._draft.source.policy is HitPolicy.FIRST:
            yield from self._shadowed()
        yield from self._gaps()

    def _gaps(self) -> Iterator[Finding]:
        if any(output.default is not None for output in self._draft.source.outputs):
            return
        if not self._draft.source.policy.single:
            return  # a list without items is an answer
        boxes, all_found = self._holes()
        shown = [self._gap(box) for box in boxes[:SHOWN]]
        yield from shown
        if len(boxes) > SHOWN:
            more = {"more": len(boxes) - SHOWN, "at_least": not all_found}
            sure = all(finding.severity is Severity.ERROR for finding in shown)
            severity = Severity.ERROR if sure else Severity.NOTE
            yield Finding(severity, "check.more_gaps", params=more)
        if not all_found:
            yield Finding(Severity.NOTE, "check.unfinished", params={"found": len(boxes)})

    def _holes(self) -> tuple[list[Box], bool]:
        """The gaps, the largest first, each as large as can be; whether these are all."""
        boxes: list[Box] = []
        budget = Budget(STEPS)
        try:
            while len(boxes) < MOST_GAPS:
                rows = (1 << len(self._ids) + len(boxes)) - 1
                found = self._space.hole(self._space.whole, rows, budget)
                if found is None:
                    break
                boxes.append(found)
                self._space.add(found)
        except Unfinished:
            found = self._space.whole
        boxes.sort(key=self._space.size, reverse=True)
        return boxes, found is None

    def _gap(self, box: Box) -> Finding:
        values = self._values(box)
        sure = self._asked(values, range(len(self._ids)), any) is False
        return Finding(
            Severity.ERROR if sure else Severity.NOTE,
            "check.gap" if sure else "check.possible_gap",
            case=self._case(values),
            free=self._free(box),
        )

    def _overlaps(self) -> Iterator[Finding]:
        policy = self._draft.source.policy
        if policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
            count = sum(1 for _ in self._space.pairs())
            if count:
                yield Finding(Severity.NOTE, "check.overlaps", params={"pairs": count})
            return
        pairs = (
            (one, two)
            for one, two in self._space.pairs()
            if policy is HitPolicy.UNIQUE or not self._same_outputs(one, two)
        )
        sure = False
        for one, two in islice(pairs, MOST_PAIRS):
            finding = self._overlap(one, two)
            sure = sure or finding.severity is Severity.ERROR
            yield finding
        more = sum(1 for _ in pairs)
        if more:
            severity = Severity.ERROR if sure else Severity.NOTE
            yield Finding(severity, "check.more_overlaps", params={"more": more})

    def _overlap(self, one: int, two: int) -> Finding:
        common = self._space.common(one, two)
        values = self._values(common)
        sure = self._asked(values, (one, two), all) is True
        code = "check.overlap"
        if self._draft.source.policy is HitPolicy.ANY:
            code = "check.conflict"
        return Finding(
            Severity.ERROR if sure else Severity.NOTE,
            code if sure else "check.possible_overlap",
            (self._ids[one], self._ids[two]),
            case=self._case(values),
            free=self._free(common),
        )

    def _same_outputs(self, one: int, two: int) -> bool:
        scope: dict[str, object] = dict.fromkeys(self._draft.names)
        first = self._draft.rows.hit(one, scope, Evaluation()).values
        second = self._draft.rows.hit(two, scope, Evaluation()).values
        return all(equal(a, b) is True for a, b in zip(first, second, strict=True))

    def _shadowed(self) -> Iterator[Finding]:
        budget = Budget(STEPS)
        unknown, above = [], 0
        for row, name in enumerate(self._ids):
            box = self._space.box(row)
            if not all(box):
                continue
            own = Budget(min(ROW_STEPS, budget.steps))
            given = own.steps
            covered = False
            try:
                covered = self._space.hole(box, above, own) is None
            except Unfinished:
                unknown.append(name)
            if covered and self._decided_above(row, box):
                yield Finding(Severity.ERROR, "check.shadowed", (name,))
            else:
                above |= 1 << row  # a row that is covered covers nothing of its own
            budget.steps -= given - max(0, own.steps)
        if unknown:
            yield Finding(Severity.NOTE, "check.unfinished_rows", tuple(unknown))

    def _decided_above(self, row: int, box: Box) -> bool:
        above = places(self._space.meeting(row) & ((1 << row) - 1))
        return self._asked(self._values(box), above, any) is not False

    def _values(self, box: Box) -> list[object]:
        """A value of each column of a box, in FEEL."""
        return [
            column.value(self._space.bands(number, box[number]))
            for number, column in enumerate(self._columns)
        ]

    def _asked(
        self,
        values: Sequence[object],
        rows: Sequence[int],
        quantity: Callable[[Iterable[bool]], bool],
    ) -> bool | None:
        """Whether any or all of these rows hold for a value of each column, by their closures.

        None where they cannot be asked: a fact in two columns has two values.
        """
        draft = self._draft
        scope: dict[str, object] = dict.fromkeys(draft.names)
        for run, value in zip(draft.rows.inputs, values, strict=True):
            if isinstance(run.tree, nodes.Name):
                known = scope.get(run.tree.name)
                if known is not None and equal(known, value) is not True:
                    return None
                scope[run.tree.name] = value
        judged = [
            value if kind is None else coerce(value, kind)
            for value, kind in zip(values, draft.rows.kinds, strict=True)
        ]
        try:
            return quantity(self._holds(row, judged, scope) for row in rows)
        except HallError:  # a cell that takes more than an evaluation may
            return None

    def _holds(self, row: int, judged: Sequence[object], scope: Mapping[str, object]) -> bool:
        tests = zip(self._draft.rows.tests[row], judged, strict=True)
        return all(test(value, scope, evaluation=Evaluation()) is True for test, value in tests)

    def _case(self, values: Sequence[object]) -> dict[str, object]:
        columns = self._draft.source.columns
        return {
            column.label: plain(to_python(value))
            for column, value in zip(columns, values, strict=True)
        }

    def _free(self, box: Box) -> tuple[str, ...]:
        columns = zip(self._draft.source.columns, box, self._space.whole, strict=False)
        return tuple(column.label for column, mask, whole in columns if mask == whole)
