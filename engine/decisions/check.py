"""Proof of a table before it is published: gaps, overlaps, rows that never decide.

Each row is a box: for every column the set of bands in which its cell holds, as bits. Boxes are
subtracted and intersected exactly; each finding carries a case that a person can read and that
the evaluator confirms.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from engine.decisions.index import Band, places
from engine.decisions.model import HitPolicy
from engine.decisions.table import Draft
from engine.decisions.trace import plain
from engine.domain.facts import Fact, FactKind
from engine.feel.evaluation import Evaluation
from engine.feel.temporal import Date
from engine.feel.values import NUMBERS, equal, to_python

Box = tuple[int, ...]
Row = tuple[Box, bool]  # a row's box, and whether it is one of rows that never hold together
MOST_PIECES = 20_000
SECONDS = 2.0
SHOWN = 5
UNIT = Decimal("0.0001")


class Severity(StrEnum):
    """Whether a finding stops publishing."""

    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or worth knowing; `case` gives a value to each column's label.

    `code` has its sentence in the translations; `rows` are row ids, `column` a label.
    """

    severity: Severity
    code: str
    rows: tuple[str, ...] = ()
    column: str | None = None
    case: Mapping[str, object] | None = None
    params: Mapping[str, object] = field(default_factory=dict)


def check(draft: Draft) -> list[Finding]:
    """Return the findings of a table, errors first.

    Codes: `check.gap`, `check.overlap`, `check.conflict`, `check.shadowed`, `check.unreachable`,
    `check.no_basis`, `check.outside_allowed`, `check.no_rows`; as notes `check.overlaps`,
    `check.undecided` (cells that are no plain tests) and `check.unfinished` (limits were hit).
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


class _Unfinished(Exception):
    """The limits of time or pieces were reached."""


class _Proof:
    """The boxes of one table. After the columns comes one yes-no column per derived cell."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._ids = [rule.id for rule in draft.source.rules]
        index = draft.index
        self._bands = [
            _with_words(column.bands, fact)
            for column, fact in zip(index.columns, draft.direct, strict=True)
        ]
        masks = [_masks(column.bits, len(self._ids)) for column in index.columns]
        self._boxes: list[Box] = [
            (*(mask[place] for mask in masks), *self._derived(place))
            for place in range(len(self._ids))
        ]
        self._domain: Box = (
            *(
                _feasible(bands, fact, _named_null(draft, number))
                for number, (bands, fact) in enumerate(zip(self._bands, draft.direct, strict=True))
            ),
            *(0b11 for _ in index.derived),
        )
        self._pieces = 0
        self._until = time.perf_counter() + SECONDS

    def _derived(self, place: int) -> list[int]:
        cells = self._draft.index.derived
        return [0b10 if cell.rows >> place & 1 else 0b11 for cell in cells]

    def findings(self) -> Iterator[Finding]:
        if not self._boxes:
            yield Finding(Severity.ERROR, "check.no_rows")
            return
        if self._draft.index.derived:
            texts = [cell.test.text for cell in self._draft.index.derived]
            yield Finding(Severity.NOTE, "check.undecided", params={"cells": texts})
        inside = [_meet(box, self._domain) for box in self._boxes]
        for name, box in zip(self._ids, inside, strict=True):
            if box is None:
                yield Finding(Severity.ERROR, "check.unreachable", (name,))
        try:
            pairs = self._pairs(inside)
            yield from self._overlaps(pairs)
            yield from self._shadowed(inside)
            yield from self._gaps(inside, _apart(len(inside), pairs))
        except _Unfinished:
            yield Finding(Severity.NOTE, "check.unfinished", params={"pieces": MOST_PIECES})

    def _gaps(self, boxes: Sequence[Box | None], apart: Collection[int]) -> Iterator[Finding]:
        if any(output.default is not None for output in self._draft.source.outputs):
            return
        if not self._draft.source.policy.single:
            return  # a list without items is an answer
        rows = [(box, place in apart) for place, box in enumerate(boxes) if box is not None]
        gaps: list[Box] = []
        unfinished = False
        try:
            for gap in self._without(self._domain, rows):
                gaps.append(gap)
        except _Unfinished:
            unfinished = True
        gaps.sort(key=_size, reverse=True)
        columns = len(self._draft.index.columns)
        for box in gaps[:SHOWN]:
            sure = box[columns:] == self._domain[columns:]
            yield Finding(
                Severity.ERROR if sure else Severity.NOTE,
                "check.gap" if sure else "check.possible_gap",
                case=self._case(box),
                params={"more": max(0, len(gaps) - SHOWN)},
            )
        if unfinished:
            raise _Unfinished

    def _pairs(self, boxes: Sequence[Box | None]) -> list[tuple[int, int, Box]]:
        """Every two rows that can hold together, with what they have in common."""
        found = []
        there = [(place, box) for place, box in enumerate(boxes) if box is not None]
        for (one, first), (two, second) in combinations(there, 2):
            for mine, other in zip(first, second, strict=True):
                if not mine & other:
                    break
            else:
                found.append((one, two, _common(first, second)))
        return found

    def _overlaps(self, found: Sequence[tuple[int, int, Box]]) -> Iterator[Finding]:
        policy = self._draft.source.policy
        if policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
            if found:
                yield Finding(Severity.NOTE, "check.overlaps", params={"pairs": len(found)})
            return
        columns = len(self._draft.index.columns)
        for one, two, common in found:
            if policy is HitPolicy.ANY and self._same_outputs(one, two):
                continue
            sure = not self._draft.index.derived or all(mask == 0b11 for mask in common[columns:])
            code = "check.conflict" if policy is HitPolicy.ANY else "check.overlap"
            yield Finding(
                Severity.ERROR if sure else Severity.NOTE,
                code if sure else "check.possible_overlap",
                (self._ids[one], self._ids[two]),
                case=self._case(common),
            )

    def _same_outputs(self, one: int, two: int) -> bool:
        scope: dict[str, object] = dict.fromkeys(self._draft.names)
        first = self._draft.rows.hit(one, scope, Evaluation()).values
        second = self._draft.rows.hit(two, scope, Evaluation()).values
        return all(equal(a, b) is True for a, b in zip(first, second, strict=True))

    def _shadowed(self, boxes: Sequence[Box | None]) -> Iterator[Finding]:
        if self._draft.source.policy is not HitPolicy.FIRST:
            return
        for place, box in enumerate(boxes):
            above = [(other, False) for other in boxes[:place] if other is not None]
            if box is not None and next(self._without(box, above), None) is None:
                yield Finding(Severity.ERROR, "check.shadowed", (self._ids[place],))

    def _without(self, box: Box, rows: Sequence[Row]) -> Iterator[Box]:
        """Yield what no row covers of a box, as boxes that cannot be made larger.

        Of rows that never hold together the sizes tell when a piece is all covered.
        """
        waiting = [(box, rows)]
        found: list[Box] = []
        while waiting:
            piece, left = waiting.pop()
            self._pieces += 1
            if self._pieces > MOST_PIECES or time.perf_counter() > self._until:
                raise _Unfinished
            known = next((gap for gap in found if all(_common(piece, gap))), None)
            if known is not None:
                waiting += [(part, left) for part in _minus(piece, known)]
                continue
            common = [(_common(piece, row[0]), row) for row in left]
            meeting = [(_size(part), row) for part, row in common if all(part)]
            if not meeting:
                found.append(_grown(piece, box, rows))
                yield found[-1]
                continue
            if sum(size for size, (_, apart) in meeting if apart) == _size(piece):
                continue
            # The row that takes most leaves the fewest pieces for the others.
            largest = max(meeting, key=lambda one: one[0])[1]
            rest = [row for _, row in meeting if row is not largest]
            waiting += [(part, rest) for part in _minus(piece, largest[0])]

    def _case(self, box: Box) -> dict[str, object]:
        case = {}
        source = self._draft.source.columns
        for number, (own, fact) in enumerate(zip(self._bands, self._draft.direct, strict=True)):
            bands = [own[place] for place in places(box[number])]
            case[source[number].label] = plain(to_python(_value_in(bands, fact)))
        return case


def _masks(bits: Sequence[int], rows: int) -> list[int]:
    """For each row the bands in which it holds, from the rows of each band."""
    masks, since, before = [0] * rows, [0] * rows, 0
    for band, now in enumerate((*bits, 0)):
        for place in places(now ^ before):
            if now >> place & 1:
                since[place] = band
            else:
                masks[place] |= (1 << band) - (1 << since[place])
        before = now
    return masks


def _meet(one: Box, two: Box) -> Box | None:
    common = _common(one, two)
    return common if all(common) else None


def _common(one: Box, two: Box) -> Box:
    return tuple([a & b for a, b in zip(one, two, strict=True)])


def _minus(box: Box, row: Box) -> Iterator[Box]:
    """What the row leaves of the box: column by column, the rest being common."""
    current = list(box)
    for number, (own, others) in enumerate(zip(box, row, strict=True)):
        outside = own & ~others
        if outside:
            yield (*current[:number], outside, *current[number + 1 :])
        current[number] = own & others


def _apart(rows: int, pairs: Sequence[tuple[int, int, Box]]) -> set[int]:
    """Rows of which no two can hold together, as many as are found in one go."""
    apart = set(range(rows))
    for one, two, _ in pairs:
        if one in apart and two in apart:
            apart.remove(two)
    return apart


def _grown(piece: Box, within: Box, rows: Sequence[Row]) -> Box:
    """The piece with every column widened as far as no row is met."""
    grown = list(piece)
    for column, most in enumerate(within):
        taken = 0
        for row, _ in rows:
            others = enumerate(zip(grown, row, strict=True))
            if all(own & other for number, (own, other) in others if number != column):
                taken |= row[column]
        grown[column] = most & ~taken
    return tuple(grown)


def _size(box: Box) -> int:
    size = 1
    for mask in box:
        size *= mask.bit_count()
    return size


def _named_null(draft: Draft, column: int) -> bool:
    return any(
        cell is not None and None in [getattr(test, "value", 0) for test in cell.tests]
        for cell in (cells[column] for cells in draft.rows.cells)
    )


def _with_words(bands: Sequence[Band], fact: Fact | None) -> list[Band]:
    """The bands of a column; "any other text" is the first word of the fact that no cell names."""
    codes = fact.codes if fact is not None else ()
    named = {band.value for band in bands if not band.other}
    unnamed = next((code for code in codes if code not in named), None)
    if unnamed is None:
        return [*bands]
    return [replace(band, value=unnamed) if band.other else band for band in bands]


def _feasible(bands: Sequence[Band], fact: Fact | None, named_null: bool) -> int:
    """The bands that a fact may be in: its kind, its words, its least value, null if optional."""
    found = 0
    for number, band in enumerate(bands):
        if band.value is None and not band.interval:
            fits = named_null or (fact is not None and fact.optional)
        else:
            fits = _fits(band, fact)
        found |= fits << number
    return found


def _fits(band: Band, fact: Fact | None) -> bool:
    if fact is None:
        return not band.interval or band.value is not None
    if fact.kind is FactKind.ENUMERATION and fact.codes:
        return band.value in fact.codes
    return _value_of(band, fact) is not None


def _value_in(bands: Sequence[Band], fact: Fact | None) -> object:
    """A value that reads well: of the band that is not "any other", not null, if there is one."""
    ordered = sorted(bands, key=lambda band: (band.value is None and not band.interval, band.other))
    return next((value for band in ordered if (value := _value_of(band, fact)) is not None), None)


def _value_of(band: Band, fact: Fact | None) -> object:
    """A value of a band that the fact may have; None when it may have none of them."""
    if fact is None or fact.kind is not FactKind.NUMBER:
        return band.value
    least = fact.least
    if not band.interval:
        value = band.value
        small = isinstance(value, Decimal) and least is not None and value < least
        broken = isinstance(value, Decimal) and fact.whole and value % 1 != 0
        return None if small or broken else value
    low, high = band.low, band.high
    if isinstance(low, Date) or isinstance(high, Date):
        return band.value
    unit = Decimal(1) if fact.whole else UNIT
    if low is None or (least is not None and low < least):
        if least is not None:
            return least if high is None or least < high else None
        return band.value if high is None else NUMBERS.subtract(_down(high, fact), unit)
    after = NUMBERS.add(_down(low, fact), unit)
    return after if high is None or after < high else None


def _down(value: Decimal, fact: Fact) -> Decimal:
    return value.to_integral_value(rounding="ROUND_FLOOR") if fact.whole else value
