"""What a table and its facts look like to durable-rules: small integers under short names.

Column n is `c<n>`, null there is `n_c<n>`, the n-th derived cell is `d<n>`, the n-th plain cell
that the library cannot say is `e<n>`. Numbers and dates are integers, texts are interned, so
that no text of a user reaches the library.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from engine.decisions.cells import Cell, Equal, Point, Span
from engine.decisions.durable import MAX_PROPERTIES, MAX_ROWS, Message, Test
from engine.decisions.index import Band, Index, Key
from engine.decisions.rows import Rows
from engine.feel.compile import UnaryTests
from engine.feel.temporal import Date
from engine.feel.values import NUMBERS

DECIMALS = 4
MOST = 2**53
MOST_ALTERNATIVES = 8
KINDS = frozenset({"number", "string", "boolean", "date"})


class NotProjected(Exception):
    """The closures alone evaluate the table; `reason` is the code of the sentence that says so."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Projection:
    """The conditions of each row, and how facts become messages."""

    rows: tuple[tuple[Test, ...], ...]
    words: tuple[Mapping[str, int] | None, ...]
    extra: tuple[tuple[int, UnaryTests], ...]
    index: Index

    def message(self, key: Key, judged: Sequence[object]) -> Message | None:
        """Return the message for the values of the columns, whose bands `key` gives.

        A number that the library cannot hold is replaced by another one of its band, which has
        the same rows; None when no number of the band can be held.
        """
        message: Message = {}
        for number, (value, words) in enumerate(zip(judged, self.words, strict=True)):
            if words is None:
                continue
            if value is None:
                message[f"n_c{number}"] = 1
                continue
            whole = words.get(value, 0) if isinstance(value, str) else as_integer(value)
            if whole is None:
                whole = _inside(self.index.columns[number].bands[key[number]])
            if whole is None:
                return None
            message[f"c{number}"] = whole
        for place, holds in enumerate(key[len(self.words) :]):
            if holds:
                message[f"d{place}"] = 1
        for place, (number, test) in enumerate(self.extra):
            if test(judged[number], {}) is True:
                message[f"e{place}"] = 1
        return message


def as_integer(value: object) -> int | None:
    """Return the integer that stands for a number, a boolean or a date; None beyond the limits."""
    match value:
        case bool():
            return int(value)
        case Decimal():
            if abs(value) >= MOST:
                return None
            scaled = value.scaleb(DECIMALS, NUMBERS)
            fits = scaled == scaled.to_integral_value() and abs(scaled) < MOST
            return int(scaled) if fits else None
        case Date():
            return value.ordinal()
    return None


def _inside(band: Band) -> int | None:
    """The integer of some number in an open interval, the nearest to an end that it has."""
    if not band.interval or isinstance(band.low, Date) or isinstance(band.high, Date):
        return None
    low = None if band.low is None else _floor(band.low)
    high = None if band.high is None else -_floor(-band.high)
    if low is None:
        found = 0 if high is None else high - 1
    else:
        found = low + 1
        if high is not None and found >= high:
            return None
    return found if abs(found) < MOST else None


def _floor(value: Decimal) -> int:
    return int(value.scaleb(DECIMALS, NUMBERS).to_integral_value(ROUND_FLOOR))


def project(rows: Rows, index: Index) -> Projection:
    """Return the table as durable-rules can be asked about it.

    Raises NotProjected with the reason `table.alone.decimals` (a number with more than four
    decimals or beyond 2^53 / 10,000), `table.alone.rows` or `table.alone.columns` (too many).
    """
    if len(rows.tests) > MAX_ROWS:
        raise NotProjected("table.alone.rows")
    maker = _Maker(rows, index)
    conditions = tuple(tuple(maker.row(place)) for place in range(len(rows.tests)))
    properties = 2 * len(rows.inputs) + len(index.derived) + len(maker.extra) + 2
    if properties > MAX_PROPERTIES:
        raise NotProjected("table.alone.columns")
    return Projection(conditions, maker.words, tuple(maker.extra.values()), index)


class _Maker:
    """Makes the conditions of one table; the column with the fewest distinct tests comes first."""

    def __init__(self, rows: Rows, index: Index) -> None:
        self._rows, self._index = rows, index
        self.words: tuple[dict[str, int] | None, ...] = tuple(
            {} if kind is not None and kind.name in KINDS else None for kind in rows.kinds
        )
        self.extra: dict[tuple[int, str], tuple[int, UnaryTests]] = {}
        self._extra_places: dict[tuple[int, str], int] = {}
        self._made: dict[tuple[int, str], list[Test]] = {}
        distinct = [
            len({tests[column].text for tests in rows.tests}) for column in range(len(rows.inputs))
        ]
        self._order = sorted(range(len(rows.inputs)), key=lambda column: distinct[column])

    def row(self, place: int) -> list[Test]:
        """Return the conditions of a row."""
        found: list[Test] = []
        for column in self._order:
            test = self._rows.tests[place][column]
            name = (column, test.text)
            if name not in self._made:
                self._made[name] = self._conditions(place, column, test)
            found += self._made[name]
        return found

    def _conditions(self, place: int, column: int, test: UnaryTests) -> list[Test]:
        for number, derived in enumerate(self._index.derived):
            if derived.column == column and derived.rows >> place & 1:
                return [{f"d{number}": 1}]
        cell = self._rows.cells[place][column]
        if cell is None or not cell.tests:
            return []
        words = self.words[column]
        found = None
        if words is not None:
            found = _said(cell, f"c{column}", words, null_holds=test(None, {}) is True)
        return [found or self._unsaid(column, test)]

    def _unsaid(self, column: int, test: UnaryTests) -> Test:
        name = (column, test.text)
        if name not in self.extra:
            self._extra_places[name] = len(self.extra)
            self.extra[name] = (column, test)
        return {f"e{self._extra_places[name]}": 1}


def _said(cell: Cell, name: str, words: dict[str, int], *, null_holds: bool) -> Test | None:
    """The condition of a plain cell; None for one that is derived instead."""
    if len(cell.tests) > MOST_ALTERNATIVES:
        return None
    if not cell.negated:
        parts = [_test(test, name, words) for test in cell.tests]
        return parts[0] if len(parts) == 1 else {"$or": parts}
    denied = [part for test in cell.tests if (part := _denied(test, name, words)) is not None]
    if not denied:
        return None
    found: Test = denied[0] if len(denied) == 1 else {"$and": denied}
    # `$neq` is false on an absent property, but not("a") is true for null.
    return {"$or": [{f"n_{name}": 1}, found]} if null_holds else found


def _test(test: Equal | Span, name: str, words: dict[str, int]) -> Test:
    if isinstance(test, Equal):
        if test.value is None:
            return {f"n_{name}": 1}
        return {name: _code(test.value, words)}
    low: Test = {"$gte" if test.low_closed else "$gt": {name: _code(test.low, words)}}
    high: Test = {"$lte" if test.high_closed else "$lt": {name: _code(test.high, words)}}
    if test.low is None:
        return high
    return low if test.high is None else {"$and": [low, high]}


def _denied(test: Equal | Span, name: str, words: dict[str, int]) -> Test | None:
    """The condition that a test does not hold for a value that is there; None: always so."""
    if isinstance(test, Equal):
        return None if test.value is None else {"$neq": {name: _code(test.value, words)}}
    below: Test = {"$lt" if test.low_closed else "$lte": {name: _code(test.low, words)}}
    above: Test = {"$gt" if test.high_closed else "$gte": {name: _code(test.high, words)}}
    if test.low is None:
        return above
    return below if test.high is None else {"$or": [below, above]}


def _code(value: Point, words: dict[str, int]) -> int:
    if value is None:
        return 0  # an open end: the condition made of it is not used
    if isinstance(value, str):
        return words.setdefault(value, len(words) + 1)
    whole = as_integer(value)
    if whole is None:
        raise NotProjected("table.alone.decimals")
    return whole
