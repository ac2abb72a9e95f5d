"""The geometry of a table: rows as boxes of classes, what they leave uncovered, which meet.

All bands of a column in which the same rows hold are one class; a box is a set of classes for
each column (bits of an integer), and a set of rows is an integer too. A hole is searched column
by column. Of the classes of a column only those need be tried whose rows are least: where more
rows hold, less is open. Rows that never hold together are counted instead of tried: when their
sizes add up to the size of the part, it is covered. What was once found covered is remembered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from engine.decisions.index import places

Box = tuple[int, ...]  # for each column the classes, as bits
Classes = dict[int, int]  # rows that hold -> a class in which exactly they do
_Key = tuple[frozenset[int], int]  # the columns that are open, and the rows that still hold
MOST_PAIRWISE = 64
COLUMN_STEPS = 8  # what it costs to look at a column at all


class Unfinished(Exception):
    """The steps that may be spent are used up."""


@dataclass
class Budget:
    """How many steps (sets of rows looked at) a question may take; the same on every machine."""

    steps: int

    def spend(self, steps: int) -> None:
        """Raise Unfinished when the steps are used up."""
        self.steps -= steps
        if self.steps < 0:
            raise Unfinished


@dataclass(frozen=True)
class _Part:
    """What is left to search: the classes of each open column, and the rows that still hold.

    `chosen` are the columns that are settled, with their class.
    """

    left: Mapping[int, Classes]
    rows: int
    chosen: tuple[tuple[int, int], ...] = ()


@dataclass
class _Side:
    """One column: the rows of each class, and for each row its classes."""

    sets: list[int]
    masks: list[int]
    levels: list[list[int]] = field(init=False)
    own: int = field(init=False)

    def __post_init__(self) -> None:
        self.own = len(self.masks)
        self.levels = _levels(self.sets)

    def rows(self, mask: int) -> int:
        """Return the rows, and the boxes that were added, that hold in any of these classes."""
        found = 0
        for place in range(self.own, len(self.masks)):
            found |= bool(self.masks[place] & mask) << place
        while mask:
            start = (mask & -mask).bit_length() - 1
            tail = mask >> start
            length = (tail ^ (tail + 1)).bit_length() - 1
            level = length.bit_length() - 1
            known = self.levels[level]
            found |= known[start] | known[start + length - (1 << level)]
            mask &= ~(((1 << length) - 1) << start)
        return found


class Space:
    """The boxes of a table's rows; questions about them are exact or raise Unfinished.

    `columns` give for each column the bands that can occur, in order, each with the rows that
    hold there. Boxes that were found to be holes can be added as if they were rows.
    """

    def __init__(self, columns: Sequence[Iterable[tuple[int, int]]], rows: int) -> None:
        self.count = rows
        self._all = (1 << rows) - 1
        self._sides: list[_Side] = []
        self._bands: list[list[list[int]]] = []
        for bands in columns:
            classes: dict[int, list[int]] = {}
            for number, held in bands:
                classes.setdefault(held, []).append(number)
            self._sides.append(_Side(list(classes), _masks(list(classes), rows)))
            self._bands.append(list(classes.values()))
        self.whole: Box = tuple((1 << len(side.sets)) - 1 for side in self._sides)
        self._meets: dict[int, int] = {}
        self._lone = 0  # boxes that were added, of which no two have anything in common
        self._covered: dict[Box, set[_Key]] = {}

    def box(self, row: int) -> Box:
        """Return the box of a row; a column without classes has no part in it."""
        return tuple(side.masks[row] for side in self._sides)

    def bands(self, column: int, classes: int) -> list[int]:
        """Return the bands of some classes of a column, ascending."""
        own = self._bands[column]
        return sorted(band for place in places(classes) for band in own[place])

    def size(self, box: Box) -> int:
        """Return how many combinations of bands a box holds."""
        return prod(
            len(self.bands(column, mask)) if mask != whole else sum(map(len, self._bands[column]))
            for column, (mask, whole) in enumerate(zip(box, self.whole, strict=True))
        )

    def meeting(self, row: int) -> int:
        """Return the other rows that can hold together with a row."""
        found = self._meets.get(row)
        if found is None:
            others = self._all & ~(1 << row)
            found = self._meets[row] = self._within(self.box(row), others)
        return found

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield every two rows that can hold together, the first one ascending."""
        for row in range(self.count):
            for other in places(self.meeting(row) >> (row + 1)):
                yield row, row + 1 + other

    def common(self, one: int, two: int) -> Box:
        """Return what the boxes of two rows have in common."""
        return tuple(a & b for a, b in zip(self.box(one), self.box(two), strict=True))

    def add(self, box: Box) -> None:
        """Count a box among the rows from now on: it is covered."""
        bit = 1 << len(self._sides[0].masks)
        if not any(self._meet(box, other) for other in places(self._lone)):
            self._lone |= bit
        for side, mask in zip(self._sides, box, strict=True):
            for place in places(mask):
                side.sets[place] |= bit
            side.masks.append(mask)

    def hole(self, box: Box, rows: int, budget: Budget) -> Box | None:
        """Return a part of a box that none of these rows covers, grown as far as it goes.

        None proves that the rows cover the box. Raises Unfinished.
        """
        held = self._within(box, rows)
        left = {}
        for column, (side, mask) in enumerate(zip(self._sides, box, strict=True)):
            own = range(len(side.sets)) if mask == self.whole[column] else places(mask)
            budget.spend(len(own))
            left[column] = {side.sets[place] & held: place for place in own}
        known = self._covered.setdefault(box, set())
        search = _Search([side.masks for side in self._sides], self._apart(held), budget, known)
        found = search.hole(_Part(left, held), self._all)
        if found is None:
            return None
        settled = dict(found)
        part = tuple(
            1 << settled[column] if column in settled else mask for column, mask in enumerate(box)
        )
        return self._grown(part, box, rows)

    def _meet(self, box: Box, row: int) -> bool:
        return all(mask & side.masks[row] for side, mask in zip(self._sides, box, strict=True))

    def _within(self, box: Box, rows: int) -> int:
        for side, mask in zip(self._sides, box, strict=True):
            rows &= side.rows(mask)
        return rows

    def _apart(self, rows: int) -> int:
        """Some rows of which no two hold together, as many as are found in one go."""
        apart = rows & self._lone
        rows &= self._all
        while rows:
            bit = rows & -rows
            row = bit.bit_length() - 1
            apart |= bit
            rows &= ~(bit | self.meeting(row))
        return apart

    def _grown(self, part: Box, within: Box, rows: int) -> Box:
        """The part with every column widened as far as none of the rows is met."""
        grown = list(part)
        met = [side.rows(mask) for side, mask in zip(self._sides, grown, strict=True)]
        for column, most in enumerate(within):
            others = rows
            for number, held in enumerate(met):
                if number != column:
                    others &= held
            side, taken = self._sides[column], 0
            for row in places(others):
                taken |= side.masks[row]
            grown[column] = most & ~taken
            met[column] = side.rows(grown[column])
        return tuple(grown)


class _Search:
    """One search for a hole; `covered` remembers for which open columns and rows there is none."""

    def __init__(
        self, masks: Sequence[Sequence[int]], apart: int, budget: Budget, covered: set[_Key]
    ) -> None:
        self._masks, self._apart, self._budget, self._covered = masks, apart, budget, covered

    def hole(self, whole: _Part, table: int) -> tuple[tuple[int, int], ...] | None:
        """Return columns with their class where none of the rows holds; None when all is covered.

        `table` are the rows of the table itself: what they cover needs no other.
        """
        waiting: list[tuple[Iterator[_Part], _Key | None]] = [(iter([whole]), None)]
        while waiting:
            parts, key = waiting[-1]
            following = next(parts, None)
            if following is None:
                waiting.pop()
                if key is not None:
                    self._covered.add(key)
                continue
            part = self._reduced(following)
            if not part.rows:
                return part.chosen
            opened = frozenset(part.left)
            if (opened, part.rows) in self._covered or (opened, part.rows & table) in self._covered:
                continue
            if not self._sure(part):
                waiting.append((_parts(part), (opened, part.rows)))
        return None

    def _reduced(self, part: _Part) -> _Part:
        """The part with the least classes of each column; columns with one class are settled."""
        rows, left, chosen = part.rows, dict(part.left), part.chosen
        before = -1
        while rows and rows != before:
            before = rows
            for column, classes in list(left.items()):
                self._budget.spend(COLUMN_STEPS + len(classes))
                alike: Classes = {}
                for held, place in classes.items():
                    alike.setdefault(held & rows, place)
                least = _least(alike, self._budget)
                left[column] = least
                if len(least) > 1:
                    continue
                ((held, place),) = least.items()
                del left[column]
                if held != rows or len(alike) > 1:
                    chosen += ((column, place),)
                    rows = held
        return _Part(left, rows, chosen)

    def _sure(self, part: _Part) -> bool:
        """Whether one row covers the part, or rows that never hold together add up to it."""
        everywhere = part.rows
        for classes in part.left.values():
            for held in classes:
                everywhere &= held
        if everywhere:
            return True
        apart = places(part.rows & self._apart)
        self._budget.spend(len(apart) * len(part.left))
        total = prod(map(len, part.left.values()))
        masks = [
            (self._masks[column], sum(1 << place for place in classes.values()))
            for column, classes in part.left.items()
        ]
        size = 0
        for row in apart:
            size += prod([(own[row] & mask).bit_count() for own, mask in masks])
        return size == total


def _levels(sets: Sequence[int]) -> list[list[int]]:
    """What any 1, 2, 4, 8 … neighbouring classes hold together."""
    levels = [list(sets)]
    width = 1
    while 2 * width <= len(sets):
        below = levels[-1]
        levels.append([one | two for one, two in zip(below, below[width:], strict=False)])
        width *= 2
    return levels


def _least(classes: Classes, budget: Budget) -> Classes:
    """The classes whose rows hold no other class's rows: where more rows hold, less is open.

    Of many classes each is only compared with its neighbours.
    """
    if 0 in classes:
        return {0: classes[0]}
    sets = list(classes)
    if len(sets) > MOST_PAIRWISE:
        around = zip([0, *sets], sets, [*sets[1:], 0], strict=False)
        sets = [
            held
            for before, held, after in around
            if not (before and before & held == before) and not (after and after & held == after)
        ]
    if len(sets) <= MOST_PAIRWISE:
        least: list[int] = []
        for held in sorted(sets, key=int.bit_count):
            if not any(one & held == one for one in least):
                least.append(held)
        budget.spend(len(sets) * len(least) // 4)
        sets = least
    return {held: classes[held] for held in sets}


def _parts(part: _Part) -> Iterator[_Part]:
    """The part cut along the column that leaves fewest rows, the most open class first."""
    column = min(part.left, key=lambda one: sum(map(int.bit_count, part.left[one])))
    left = {one: classes for one, classes in part.left.items() if one != column}
    for held in sorted(part.left[column], key=int.bit_count):
        yield _Part(left, held, (*part.chosen, (column, part.left[column][held])))


def _masks(sets: Sequence[int], rows: int) -> list[int]:
    """For each row the classes in which it holds, from the rows of each class."""
    masks, since, before = [0] * rows, [0] * rows, 0
    for place, now in enumerate((*sets, 0)):
        for row in places(now ^ before):
            if now >> row & 1:
                since[row] = place
            else:
                masks[row] |= (1 << place) - (1 << since[row])
        before = now
    return masks
