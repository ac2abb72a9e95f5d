"""The indexed reference: which rows hold, found by look-ups whose cost hardly grows with the rows.

The plain tests of a column cut its domain into bands that every such test answers alike: the
points named by cells, what lies between them, null, any other text. A value is banded by one
look-up or bisection; each band has the set of rows whose cell holds there (bits of an integer),
made by the closures themselves; the rows that hit are what all columns have in common. A cell
that is no plain test adds one bit by its closure at run time.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import partial
from itertools import pairwise
from math import ceil, floor
from operator import call, getitem
from typing import Any, Generic, NamedTuple, TypeVar

from engine.decisions.cells import Cell
from engine.decisions.rows import Facts, Rows
from engine.feel.compile import UnaryTests
from engine.feel.evaluation import Evaluation
from engine.feel.kinds import Kind
from engine.feel.temporal import Date, date_of
from engine.feel.values import NUMBERS

Key = tuple[int, ...]
Ordered = TypeVar("Ordered", Decimal, Date)
OTHER_TEXT = "\u2205"  # stands for any text that no cell names; lengthened until it is none
ONE = Decimal(1)
KEPT_PLANS = 1_000
MOST_WHOLE = Decimal(2**63)
Find = Callable[[Any], int]


@dataclass(frozen=True)
class Band:
    """A part of a column's domain that every plain test answers alike.

    `value` is one value in it; `low` and `high` are the ends of an open interval (None:
    unbounded), both None for a point. `other` marks "any other text".
    """

    value: object
    low: Decimal | Date | None = None
    high: Decimal | Date | None = None
    interval: bool = False
    other: bool = False


class _Line(Generic[Ordered]):
    """Numbers or dates, cut at the points that cells name; band 2i+1 is point i."""

    def __init__(self, points: Sequence[Ordered], between: Callable[..., Ordered | None]) -> None:
        self.points: list[Ordered] = sorted(points)
        self.bands: list[Band] = []
        ends: list[Ordered | None] = [None]
        ends += self.points
        ends.append(None)
        for number, (low, high) in enumerate(pairwise(ends)):
            self.bands.append(Band(between(low, high), low, high, interval=True))
            if number < len(self.points):
                self.bands.append(Band(high))

    def runs(self, own: Sequence[Ordered]) -> list[range]:
        """Return the runs of bands that a cell naming only `own` points answers alike."""
        found: list[range] = []
        start = 0
        for point in sorted(set(own)):
            place = 2 * bisect_left(self.points, point) + 1
            found += [range(start, place), range(place, place + 1)]
            start = place + 1
        return [*found, range(start, len(self.bands))]


def _number_between(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """A number between two, a whole one if there is any."""
    if low is None:
        if high is None:
            return Decimal(0)
        below = NUMBERS.subtract(high, ONE)
        return below if below < high else NUMBERS.next_minus(high)
    above = NUMBERS.add(low.to_integral_value(ROUND_FLOOR), ONE)
    if above > low and (high is None or above < high):
        return above
    if high is None:
        return NUMBERS.next_plus(low)
    middle = NUMBERS.divide(NUMBERS.add(low, high), Decimal(2))
    return middle if low < middle < high else None


def _date_between(low: Date | None, high: Date | None) -> Date | None:
    if low is None and high is None:
        return date_of(0)
    if low is None:
        return date_of(high.ordinal() - 1) if high is not None else None
    after = date_of(low.ordinal() + 1)
    return after if high is None or after < high else None


class _Words(dict[str, int]):
    """The bands of the texts that cells name, and of any other text; 0 where there is none."""

    other = 0

    def __missing__(self, word: str) -> int:
        return self.other


class ColumnIndex:
    """The bands of one column, the rows of each, and how a value is banded."""

    def __init__(self, cells: Collection["Distinct"], kind: Kind | None) -> None:
        points = [point for one in cells for point in one.cell.points()]
        name = None if kind is None else kind.name
        self.bands: list[Band] = [Band(None)]
        self._truths: dict[bool, int] = {}
        self._words = _Words()
        self._numbers: _Line[Decimal] | None = None
        self._dates: _Line[Date] | None = None
        if name in (None, "boolean"):
            self._truths = {True: 1, False: 2}
            self.bands += [Band(True), Band(False)]
        if name in (None, "string"):
            self._name_words([point for point in points if isinstance(point, str)])
        self._first_number = len(self.bands)
        if name in (None, "number"):
            numbers = {point for point in points if isinstance(point, Decimal)}
            self._numbers = _Line(list(numbers), _number_between)
            self.bands += self._numbers.bands
        self._first_date = len(self.bands)
        if name in (None, "date"):
            dates = {point for point in points if isinstance(point, Date)}
            self._dates = _Line(list(dates), _date_between)
            self.bands += self._dates.bands
        self.bits = self._rows_of_bands(cells)

    def _name_words(self, words: Sequence[str]) -> None:
        for word in dict.fromkeys(words):
            self._words[word] = len(self.bands)
            self.bands.append(Band(word))
        other = OTHER_TEXT
        while other in self._words:
            other += OTHER_TEXT
        self._words.other = len(self.bands)
        self.bands.append(Band(other, other=True))

    def _rows_of_bands(self, cells: Collection["Distinct"]) -> tuple[int, ...]:
        changes = [0] * (len(self.bands) + 1)
        for one in cells:
            for run in self._runs(one.cell):
                if run and self._holds(one.test, run):
                    changes[run.start] ^= one.rows
                    changes[run.stop] ^= one.rows
        bits, now = [], 0
        for change in changes[:-1]:
            now ^= change
            bits.append(now)
        return tuple(bits)

    def _holds(self, holds: UnaryTests, run: range) -> bool:
        """Ask the closure about one value of the run; an empty interval holds nothing."""
        for place in run:
            band = self.bands[place]
            if not band.interval or band.value is not None:
                return holds(band.value, {}) is True
        return False

    def _runs(self, cell: Cell) -> list[range]:
        runs = [range(place, place + 1) for place in range(self._first_number)]
        points = cell.points()
        if self._numbers is not None:
            numbers = [point for point in points if isinstance(point, Decimal)]
            runs += _moved(self._numbers.runs(numbers), self._first_number)
        if self._dates is not None:
            dates = [point for point in points if isinstance(point, Date)]
            runs += _moved(self._dates.runs(dates), self._first_date)
        return runs

    def finder(self, of: type) -> tuple[Find, range] | None:
        """Return the look-up of values of exactly this class, and the bands that it counts.

        None where they have no bands. A whole number may come as int. Each look-up stays in C
        but that of dates.
        """
        if of is type(None):
            return {None: 0}.__getitem__, range(1)
        if of is bool and self._truths:
            return self._truths.__getitem__, range(len(self.bands))
        if of is str and self._words.other:
            return self._words.__getitem__, range(len(self.bands))
        numbers = range(self._first_number, self._first_date)
        if of is Decimal and self._numbers is not None:
            return partial(bisect_right, _cuts(self._numbers.points)), numbers
        if of is int and self._numbers is not None:
            whole = _whole_cuts(self._numbers.points)
            return partial(bisect_right, whole or _cuts(self._numbers.points)), numbers
        if of is Date and self._dates is not None:
            days = [day.ordinal() for day in self._dates.points]
            cuts = [cut for day in days for cut in (day, day + 1)]
            return lambda day: bisect_right(cuts, day.ordinal()), range(
                self._first_date, len(self.bands)
            )
        return None


def _cuts(points: Sequence[Decimal]) -> list[Decimal]:
    """Each point and the next number of 34 digits: how many are not above a number is its band."""
    return [cut for point in points for cut in (point, NUMBERS.next_plus(point))]


def _whole_cuts(points: Sequence[Decimal]) -> list[int] | None:
    """The same for integers, which are compared at half the cost; None for points too large.

    A point that is not whole has the same integer on both sides, so none is found at it.
    """
    if not points or max(abs(point) for point in points) >= MOST_WHOLE:
        return None
    return [cut for point in points for cut in (ceil(point), floor(point) + 1)]


def _moved(runs: Sequence[range], by: int) -> list[range]:
    return [range(run.start + by, run.stop + by) for run in runs]


@dataclass(frozen=True)
class Distinct:
    """A plain cell of a column, one closure of it, and the bits of the rows that have it."""

    cell: Cell
    test: UnaryTests
    rows: int


@dataclass(frozen=True)
class Derived:
    """A cell that only running can judge: its column, its closure and the rows that have it."""

    column: int
    test: UnaryTests
    rows: int


Steps = tuple[tuple[int, Find, tuple[int, ...]], ...]


class Plan(NamedTuple):
    """How values of certain classes are looked up, column by column.

    A look-up says where in the column's `bands` its band stands, and where in its sets the rows
    stand as bits. `steps` are place of the column, look-up and sets, the fewest rows first.
    """

    find: tuple[Find, ...]
    bands: tuple[range, ...]
    steps: Steps


class Index:
    """Finds the rows of a table; exact, since the closures made its sets.

    Safe under threads: plans are whole values, and are only ever added.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.all = (1 << len(rows.tests)) - 1
        columns: list[ColumnIndex] = []
        derived: list[Derived] = []
        for number, kind in enumerate(rows.kinds):
            plain, opaque = _sorted_out(rows, number)
            everywhere = 0
            for cell in opaque:
                derived.append(cell)
                everywhere |= cell.rows
            column = ColumnIndex(plain, kind)
            # Rows whose cell is derived hold in every band here; their own bit decides.
            column.bits = tuple(bits | everywhere for bits in column.bits)
            columns.append(column)
        self.columns, self.derived = tuple(columns), tuple(derived)
        self._bits = tuple(column.bits for column in columns)
        self.plans: dict[tuple[type, ...], Plan] = {}

    def key(self, judged: Sequence[object], facts: Facts, evaluation: Evaluation) -> Key | None:
        """Return the bands of the columns' values, then 1 or 0 for each derived cell.

        All facts with one key have the same rows. None when a value is of a kind that has no
        bands (a list, a time): only the closures can judge it. A whole number may be an int.
        """
        classes = tuple(map(type, judged))
        plan = self.plans.get(classes) or self.plan(classes)
        if plan is None:
            return None
        key = tuple(map(getitem, plan.bands, map(call, plan.find, judged)))
        if not self.derived:
            return key
        return key + tuple(self._judged(judged, facts, evaluation))

    def plan(self, classes: tuple[type, ...]) -> Plan | None:
        """The plan for values of these classes, kept; None when one of them has no bands."""
        find: list[Find] = []
        bands: list[range] = []
        for column, of in zip(self.columns, classes, strict=True):
            finder = column.finder(of)
            if finder is None:
                return None
            find.append(finder[0])
            bands.append(finder[1])
        steps = [
            (place, find[place], column.bits[own.start : own.stop])
            for place, (column, own) in enumerate(zip(self.columns, bands, strict=True))
        ]
        # Most facts are settled by the columns that leave few rows.
        steps.sort(key=lambda step: sum(bits.bit_count() for bits in step[2]) / len(step[2]))
        plan = Plan(tuple(find), tuple(bands), tuple(steps))
        if len(self.plans) < KEPT_PLANS:
            self.plans[classes] = plan
        return plan

    def _judged(
        self, judged: Sequence[object], facts: Facts, evaluation: Evaluation
    ) -> Iterator[int]:
        for cell in self.derived:
            value = judged[cell.column]
            if type(value) is int:
                value = Decimal(value)
            yield cell.test(value, facts, evaluation=evaluation) is True

    def bits(self, key: Key) -> int:
        """Return the rows that hold for a key, as bits."""
        found = self.all
        for bits, band in zip(self._bits, key, strict=False):
            found &= bits[band]
        for cell, holds in zip(self.derived, key[len(self._bits) :], strict=True):
            if not holds:
                found &= ~cell.rows
        return found

    def hits(
        self, judged: Sequence[object], facts: Facts, evaluation: Evaluation
    ) -> tuple[int, ...]:
        """Return the places of the rows that hold, ascending."""
        found = self.found(judged, facts, evaluation)
        if found is None:
            return self._rows.hits(judged, facts, evaluation)
        return places(found)

    def found(self, judged: Sequence[object], facts: Facts, evaluation: Evaluation) -> int | None:
        """Return the rows that hold as bits; None as in `key`: only the closures can judge."""
        classes = tuple(map(type, judged))
        plan = self.plans.get(classes) or self.plan(classes)
        if plan is None:
            return None
        found = self.all
        for place, find, sets in plan.steps:
            found &= sets[find(judged[place])]
            if not found:
                return 0
        if self.derived:
            holds = self._judged(judged, facts, evaluation)
            for cell, held in zip(self.derived, holds, strict=True):
                if not held:
                    found &= ~cell.rows
        return found


def places(bits: int) -> tuple[int, ...]:
    """Return the places of the bits that are set, ascending."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return tuple(found)


def _sorted_out(rows: Rows, column: int) -> tuple[list[Distinct], list[Derived]]:
    """The plain cells of a column and the derived ones, each distinct text once."""
    bits: dict[str, int] = {}
    first: dict[str, int] = {}
    for place, tests in enumerate(rows.tests):
        text = tests[column].text
        first.setdefault(text, place)
        bits[text] = bits.get(text, 0) | 1 << place
    plain: list[Distinct] = []
    opaque: list[Derived] = []
    for text, place in first.items():
        test, cell = rows.tests[place][column], rows.cells[place][column]
        if cell is None or not _same_kind(cell, rows.kinds[column]):
            opaque.append(Derived(column, test, bits[text]))
        else:
            plain.append(Distinct(cell, test, bits[text]))
    return plain, opaque


PYTHON = {"number": Decimal, "string": str, "boolean": bool, "date": Date}


def _same_kind(cell: Cell, kind: Kind | None) -> bool:
    """Whether the cell names values of the column's kind only, so that its bands hold them."""
    if kind is None or not cell.tests:
        return True
    wanted = PYTHON.get(kind.name)
    points = [point for point in cell.points() if point is not None]
    return all(type(point) is wanted for point in points)
