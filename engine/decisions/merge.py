"""A sheet made of an old version, brought together with what the table says by now.

Rows are known by their ids, cells by their columns. What only one side changed is taken; what
both changed to something else is a conflict, told with the cell's address and the three values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.decisions.grid import NUMBER, NUMBER_CAPTION, ROW, Grid, Imported, Words, lay_out
from engine.decisions.model import DecisionTable, Rule
from engine.decisions.table import Draft
from engine.kernel.errors import Invalid

NOTE = "note:"


@dataclass(frozen=True)
class _Side:
    """One of three versions: its rows in order, each cell in FEEL and in words by its key."""

    order: tuple[str, ...]
    feel: Mapping[str, Mapping[str, str]]
    said: Mapping[str, Mapping[str, str]]
    captions: Mapping[str, str]


def merge(
    base: Draft, came: Imported, edited: Draft, now: Draft, words: Words | None = None
) -> DecisionTable:
    """Return the table of now with what a sheet changed in the version it was made of.

    `edited` is the sheet's table as a draft on `base`, its new rows with ids that neither side
    has. Rows that only one side added, removed or moved are taken too; a new row comes behind
    the one that it stands behind in its own version. Raises Invalid `sheet.columns_changed`
    (version) when the columns are others by now, and `sheet.conflict` (address, row, column, and
    the words `base`, `sheet`, `now`, None for a row that is gone) with all of them in `findings`.
    """
    grids = [lay_out(draft, words) for draft in (base, edited, now)]
    if len({_shape(grid) for grid in grids}) > 1:
        raise Invalid("sheet.columns_changed", version=base.version)
    sides = [_side(draft, grid) for draft, grid in zip((base, edited, now), grids, strict=True)]
    merger = _Merger(sides[0], sides[1], sides[2], came)
    rows = merger.rows()
    order = merger.order(rows)
    if merger.conflicts:
        first = {name: it for name, it in merger.conflicts[0].items() if name != "code"}
        raise Invalid("sheet.conflict", **first, findings=merger.conflicts)
    return _table(edited.source, now.source, rows, order)


def _shape(grid: Grid) -> tuple[str, ...]:
    return tuple(head.key for head in grid.heads if head.part != "note")


def _side(draft: Draft, grid: Grid) -> _Side:
    keys = [head.key for head in grid.heads]
    feel: dict[str, dict[str, str]] = {}
    said: dict[str, dict[str, str]] = {}
    for rule, line in zip(draft.source.rules, grid.lines, strict=True):
        missing = ("",) * len(keys)
        texts = {"test": rule.tests, "output": rule.outputs, "note": rule.annotations + missing}
        feel[rule.id] = {head.key: texts[head.part][head.place] for head in grid.heads}
        said[rule.id] = dict(zip(keys, line.cells, strict=True))
    captions = {head.key: head.caption for head in grid.heads}
    return _Side(tuple(feel), feel, said, captions)


class _Merger:
    """Goes through three versions row by row and keeps the conflicts that it meets."""

    def __init__(self, base: _Side, sheet: _Side, now: _Side, came: Imported) -> None:
        self._base, self._sheet, self._now, self._came = base, sheet, now, came
        self.conflicts: list[dict[str, object]] = []

    def rows(self) -> dict[str, dict[str, str]]:
        """Return the cells of every row that is left, by row and column."""
        found: dict[str, dict[str, str]] = {}
        for row in dict.fromkeys((*self._base.order, *self._now.order, *self._sheet.order)):
            before = self._base.feel.get(row)
            ours, theirs = self._now.feel.get(row), self._sheet.feel.get(row)
            if before is None:
                found[row] = dict(ours or theirs or {})
            elif ours is not None and theirs is not None:
                found[row] = dict(self._cells(row, before, theirs, ours))
            elif ours is not None or theirs is not None:
                self._gone(row, before, ours or theirs or {})
        return found

    def _cells(
        self,
        row: str,
        before: Mapping[str, str],
        theirs: Mapping[str, str],
        ours: Mapping[str, str],
    ) -> Iterator[tuple[str, str]]:
        for key in dict.fromkeys((*ours, *theirs)):
            old, other, own = (side.get(key, "") for side in (before, theirs, ours))
            if other not in (old, own) and own != old:
                self._clash(row, key)
            yield key, own if other == old else other

    def _gone(self, row: str, before: Mapping[str, str], left: Mapping[str, str]) -> None:
        """One side took the row out: the other may not have changed it."""
        for key, text in left.items():
            if text != before.get(key, ""):
                self._clash(row, key)

    def _clash(self, row: str, key: str) -> None:
        sides = {"base": self._base, "sheet": self._sheet, "now": self._now}
        told = {name: side.said.get(row, {}).get(key) for name, side in sides.items()}
        caption = self._now.captions.get(key) or self._sheet.captions[key]
        self._tell(row, key, caption, told)

    def _tell(self, row: str, key: str, caption: str, told: Mapping[str, object]) -> None:
        letters, line = self._came.letters, self._came.lines.get(row, "")
        self.conflicts.append(
            {
                "code": "sheet.conflict",
                "address": f"{letters.get(key) or letters[ROW]}{line}",
                "row": row,
                "column": caption,
                **told,
            }
        )

    def order(self, rows: Mapping[str, object]) -> list[str]:
        """Return the rows that are left in their order."""
        known = [
            [row for row in side.order if row in rows and row in self._base.feel]
            for side in (self._base, self._sheet, self._now)
        ]
        before, theirs, ours = known
        if before != theirs != ours != before:
            row = next(one for one, other in zip(theirs, ours, strict=True) if one != other)
            places = [side.index(row) + 1 for side in known]
            told = dict(zip(("base", "sheet", "now"), places, strict=True))
            self._tell(row, NUMBER, NUMBER_CAPTION, told)
        merged = list(ours if theirs == before else theirs)
        for side in (self._now, self._sheet):
            _put_between(merged, [row for row in side.order if row in rows])
        return merged


def _put_between(merged: list[str], order: Sequence[str]) -> None:
    """Put rows that are missing behind the row that they follow in an order."""
    for place, row in enumerate(order):
        if row not in merged:
            merged.insert(merged.index(order[place - 1]) + 1 if place else 0, row)


def _table(
    edited: DecisionTable,
    now: DecisionTable,
    rows: Mapping[str, Mapping[str, str]],
    order: Sequence[str],
) -> DecisionTable:
    notes = tuple(dict.fromkeys((*now.annotations, *edited.annotations)))
    shapes = {rule.id: rule for rule in (*edited.rules, *now.rules)}
    known = {rule.id for rule in now.rules}
    made = []
    for number, row in enumerate(order, 1):
        cells, shape = rows[row], shapes[row]
        texts = [text for key, text in cells.items() if not key.startswith(NOTE)]
        width = len(shape.tests)
        made.append(
            Rule(
                row if row in known else "",
                number,
                tuple(texts[:width]),
                tuple(texts[width:]),
                tuple(cells.get(NOTE + name, "") for name in notes),
                shape.line,
            )
        )
    return replace(now, annotations=notes, rules=tuple(made))
