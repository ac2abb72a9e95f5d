"""A table as a grid of words for policy staff, and a grid that came back as an edited table.

Files of all kinds (XLSX, CSV) are read and written through this one grid: two head lines (ids
and captions), then a line for each row, known by its id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from engine.decisions.check import Finding, Severity
from engine.decisions.diff import Changes, compare_tables
from engine.decisions.given import NOTHING_NEAR
from engine.decisions.model import DecisionTable, Rule
from engine.decisions.table import BASIS, NOTE, Draft
from engine.decisions.words import (
    ANY,
    EXPERT,
    NO,
    YES,
    Said,
    Vocabulary,
    read_test,
    read_value,
    say_test,
    say_value,
    vocabulary,
)
from engine.domain.facts import Fact, Word, nearest
from engine.kernel.errors import Invalid

ROW, NUMBER = "row", "number"
ROW_CAPTION, NUMBER_CAPTION = "行编号", "序号"
NOTED = Severity.NOTE
MAX_BYTES = 2_000_000
MOST_ROWS = 2_000
MOST_FAULTS = 100
MOST_DIGITS, MOST_DECIMALS = 15, 4
Words = Mapping[str, Sequence[Word]]
Value = str | Decimal | bool | date | None


@dataclass(frozen=True)
class Head:
    """A column of the grid: its id, what people read above it, and what may stand in it.

    `part` is `test`, `output` or `note`, and `place` its place in the rows of the table.
    """

    key: str
    caption: str
    part: str
    place: int
    words: Vocabulary


@dataclass(frozen=True)
class Line:
    """A row in words; `expert` are the places of cells that only experts may change."""

    row: str
    number: int
    cells: tuple[str, ...]
    expert: frozenset[int]


@dataclass(frozen=True)
class Grid:
    """A whole table in words; `version` is the digest of the file it was made of."""

    table: str
    name: str
    version: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Came:
    """What a file says: `version` and `table` as it was exported with.

    `heads` are the ids of its columns with their letters, `captions` what stands below them in
    line `captioned`; `lines` the values of each line by column id, with its number in the file.
    """

    table: str
    version: str
    heads: tuple[tuple[str, str], ...]
    captions: Mapping[str, str]
    captioned: int
    lines: tuple[tuple[int, Mapping[str, Value]], ...]


@dataclass(frozen=True)
class Imported:
    """A draft: the edited table, what differs by row, and what was understood otherwise.

    `stale` when the file was made of another version than the one it is compared with. `letters`
    are the letters of its columns by id, `lines` the numbers of its lines by row id.
    """

    table: DecisionTable
    changes: Changes
    notes: tuple[Finding, ...]
    based_on: str
    stale: bool
    letters: Mapping[str, str]
    lines: Mapping[str, int]


def lay_out(draft: Draft, words: Words | None = None) -> Grid:
    """Return the grid of a table; `words` by plain fact name are codes that are rows of data."""
    heads = _heads(draft, words or {})
    lines = tuple(_line(draft, place, heads) for place in range(len(draft.source.rules)))
    return Grid(draft.id, draft.name, draft.version, heads, lines)


def take_in(came: Came, draft: Draft, words: Words | None = None) -> Imported:
    """Return what a file makes of the table.

    Cells left as they were exported keep their FEEL to the letter. Rows stand in the order of
    their 序号, those without one last; a line without id is a new row, an emptied one is taken
    out. Raises Invalid `sheet.other_table` (table, expected), `sheet.too_many_rows` (limit) and,
    with its `address`, `sheet.missing_column`, `sheet.unknown_column` (column, nearest),
    `sheet.column_twice`, `sheet.swapped_column` (column, expected), `sheet.unknown_row` (row),
    `sheet.number`, `sheet.number_for_text`, `sheet.number_for_day`, `sheet.day`, `sheet.digits`
    (value) and those of `read_test`. Of several faults `sheet.faults` (count, first, faults: the
    errors, at most 100).
    """
    if came.table != draft.id:
        raise Invalid("sheet.other_table", table=came.table, expected=draft.id)
    if len(came.lines) > MOST_ROWS:
        raise Invalid("sheet.too_many_rows", limit=MOST_ROWS)
    return _Reader(came, draft, lay_out(draft, words)).imported()


def _heads(draft: Draft, words: Words) -> tuple[Head, ...]:
    source = draft.source
    heads = [
        Head(
            f"in:{column.id or column.expression.text}",
            _caption(column.label, fact),
            "test",
            place,
            vocabulary(fact, None if kind is None else kind.name, _more(fact, words)),
        )
        for place, (column, fact, kind) in enumerate(
            zip(source.columns, draft.direct, draft.rows.kinds, strict=True)
        )
    ]
    heads += [
        Head(
            f"out:{output.id or output.name}",
            _caption(output.label, fact),
            "output",
            place,
            vocabulary(fact, None, _more(fact, words)),
        )
        for place, (output, fact) in enumerate(zip(source.outputs, draft.outputs, strict=True))
    ]
    text = Vocabulary("string")
    heads += [
        Head(f"note:{name}", name, "note", place, text)
        for place, name in enumerate(_annotations(source))
    ]
    return _told_apart(heads)


def _annotations(source: DecisionTable) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*source.annotations, BASIS, NOTE)))


def _told_apart(heads: Sequence[Head]) -> tuple[Head, ...]:
    """The same with ids and captions of which no two are alike."""
    found: list[Head] = []
    for head in heads:
        key = sum(one.key.split("#")[0] == head.key for one in found)
        caption = sum(one.caption.split("#")[0] == head.caption for one in found)
        found.append(
            replace(
                head,
                key=f"{head.key}#{key + 1}" if key else head.key,
                caption=f"{head.caption}#{caption + 1}" if caption else head.caption,
            )
        )
    return tuple(found)


def _more(fact: Fact | None, words: Words) -> Sequence[Word]:
    return () if fact is None else words.get(fact.key, ())


def _caption(label: str, fact: Fact | None) -> str:
    return f"{label}（{fact.unit}）" if fact is not None and fact.unit else label


def _line(draft: Draft, place: int, heads: Sequence[Head]) -> Line:
    rule, rows = draft.source.rules[place], draft.rows
    cells: list[str] = []
    expert = set()
    for number, head in enumerate(heads):
        if head.part == "note":
            notes = rule.annotations
            cells.append(notes[head.place] if head.place < len(notes) else "")
            continue
        if head.part == "test":
            said = say_test(rows.tests[place][head.place].tree, head.words)
            feel = rule.tests[head.place]
        else:
            said = say_value(rows.values[place][head.place].tree, head.words)
            feel = rule.outputs[head.place]
        if said is None:
            expert.add(number)
        cells.append(EXPERT + feel if said is None else said)
    return Line(rule.id, rule.number, tuple(cells), frozenset(expert))


class _Reader:
    """Reads the lines of one file against the grid of the table as it is now."""

    def __init__(self, came: Came, draft: Draft, grid: Grid) -> None:
        self._came, self._draft, self._grid = came, draft, grid
        self._letters = dict(came.heads)
        self._rules = {rule.id: rule for rule in draft.source.rules}
        self._lines = {line.row: line for line in grid.lines}
        self._faults: list[Invalid] = []
        self._notes: list[Finding] = []

    def imported(self) -> Imported:
        self._check_heads()
        rows: list[tuple[Decimal | None, Rule]] = []
        ids = self._ids()
        for (line, values), mark in zip(self._came.lines, ids, strict=True):
            if mark is not None and self._blank(values):
                if mark:
                    address = f"{self._letters[ROW]}{line}"
                    self._notes.append(
                        Finding(NOTED, "sheet.row_emptied", (mark,), params={"address": address})
                    )
                continue
            if mark is not None:
                rows.append((self._order(line, values.get(NUMBER)), self._rule(line, mark, values)))
        self._refuse_faults()
        last = Decimal("Infinity")
        rows.sort(key=lambda row: last if row[0] is None else row[0])
        table = self._table([rule for _, rule in rows])
        return Imported(
            table,
            compare_tables(self._draft.source, table),
            tuple(self._notes),
            self._came.version,
            self._came.version != self._draft.version,
            self._letters,
            {
                mark: line
                for (line, values), mark in zip(self._came.lines, ids, strict=True)
                if mark
            },
        )

    def _refuse_faults(self) -> None:
        if len(self._faults) == 1:
            raise self._faults[0]
        if self._faults:
            raise Invalid(
                "sheet.faults",
                count=len(self._faults),
                first=self._faults[0].params.get("address", ""),
                faults=tuple(self._faults[:MOST_FAULTS]),
            )

    def _check_heads(self) -> None:
        known = {head.key: head.caption for head in self._grid.heads}
        wanted = {ROW: ROW_CAPTION, NUMBER: NUMBER_CAPTION, **known}
        seen: set[str] = set()
        for key, letter in self._came.heads:
            address = f"{letter}{self._came.captioned - 1}"
            if key in seen:
                raise Invalid("sheet.column_twice", column=key, address=address)
            if key not in wanted:
                near = nearest(key, wanted) or NOTHING_NEAR
                raise Invalid("sheet.unknown_column", column=key, nearest=near, address=address)
            seen.add(key)
            caption = self._came.captions.get(key, "")
            if caption != wanted[key]:
                raise Invalid(
                    "sheet.swapped_column",
                    column=caption,
                    expected=wanted[key],
                    address=f"{letter}{self._came.captioned}",
                )
        for key, caption in wanted.items():
            if key not in seen:
                raise Invalid("sheet.missing_column", column=caption)

    def _ids(self) -> list[str | None]:
        """The row of each line: an id, "" for a new one, None for a line to be passed over."""
        found: list[str | None] = []
        holders: dict[str, int] = {}
        for place, (line, values) in enumerate(self._came.lines):
            mark = values.get(ROW)
            address = f"{self._letters[ROW]}{line}"
            if mark is None or mark == "":
                found.append(None if self._blank(values) else "")
                continue
            if not isinstance(mark, str) or mark not in self._rules:
                self._fault(Invalid("sheet.unknown_row", row=str(mark), address=address))
                found.append(None)
                continue
            if mark in holders:  # copying a line copies its hidden id
                self._notes.append(
                    Finding(NOTED, "sheet.row_copied", (mark,), params={"address": address})
                )
                if self._unchanged(mark, values):
                    found[holders[mark]] = ""
                    holders[mark] = place
                    found.append(mark)
                else:
                    found.append("")
                continue
            holders[mark] = place
            found.append(mark)
        return found

    def _unchanged(self, mark: str, values: Mapping[str, Value]) -> bool:
        line = self._lines[mark]
        return all(
            _text(values.get(head.key)) == cell
            for head, cell in zip(self._grid.heads, line.cells, strict=True)
        )

    def _blank(self, values: Mapping[str, Value]) -> bool:
        return all(_text(values.get(head.key)) == "" for head in self._grid.heads)

    def _order(self, line: int, value: Value) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            number = value if isinstance(value, Decimal) else Decimal(_text(value))
        except ArithmeticError:
            number = Decimal("NaN")
        if not number.is_finite():
            self._fault(
                Invalid(
                    "sheet.number", value=_text(value), address=f"{self._letters[NUMBER]}{line}"
                )
            )
            return None
        return number

    def _rule(self, line: int, mark: str, values: Mapping[str, Value]) -> Rule:
        parts: dict[str, list[str]] = {"test": [], "output": [], "note": []}
        for number, head in enumerate(self._grid.heads):
            address = f"{self._letters[head.key]}{line}"
            try:
                text = self._cell(mark, number, head, values.get(head.key), address)
            except Invalid as error:
                self._fault(Invalid(error.code, **{**error.params, "address": address}))
                text = ""
            parts[head.part].append(text)
        tests, outputs, notes = (tuple(parts[part]) for part in ("test", "output", "note"))
        return Rule(mark, 0, tests, outputs, notes, self._rules[mark].line if mark else 0)

    def _cell(self, mark: str, number: int, head: Head, value: Value, address: str) -> str:
        """The FEEL of one cell, or the text of a note."""
        if head.part == "note":
            return _text(_typed(value, head.words))
        text = _text(_typed(value, head.words))
        before = self._lines[mark].cells[number] if mark else None
        if before is not None and text == before.strip():
            rule = self._rules[mark]
            return (rule.tests if head.part == "test" else rule.outputs)[head.place]
        if before is not None and number in self._lines[mark].expert:
            raise Invalid("sheet.expert")
        if head.part == "test" and text == "":
            return "-"
        said = (read_test if head.part == "test" else read_value)(text, head.words)
        self._understood(text, said, mark, head, address)
        return said.feel

    def _understood(self, text: str, said: Said, mark: str, head: Head, address: str) -> None:
        if said.understood not in (text, ANY):
            self._notes.append(
                Finding(
                    NOTED,
                    "sheet.converted",
                    (mark,) if mark else (),
                    head.caption,
                    params={"address": address, "written": text, "understood": said.understood},
                )
            )

    def _fault(self, fault: Invalid) -> None:
        self._faults.append(fault)

    def _table(self, rules: Sequence[Rule]) -> DecisionTable:
        source = self._draft.source
        names = _annotations(source)
        kept = len(source.annotations)
        while len(names) > kept and not any(rule.annotations[len(names) - 1] for rule in rules):
            names = names[:-1]
        return replace(
            source,
            annotations=(*source.annotations, *names[kept:]),
            rules=tuple(
                replace(rule, number=number, annotations=rule.annotations[: len(names)])
                for number, rule in enumerate(rules, 1)
            ),
        )


def letter_of(column: int) -> str:
    """Return the letters of a column counted from 0, as Excel shows them."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return YES if value else NO
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def _typed(value: Value, words: Vocabulary) -> Value:
    """The value, where one of its kind may stand in the column."""
    match value:
        case bool() if words.kind != "boolean":
            raise Invalid("sheet.not_yes_no_column", value=_text(value))
        case Decimal() if words.kind == "date":
            raise Invalid("sheet.number_for_day", value=_text(value))
        case Decimal() if words.kind != "number":
            raise Invalid("sheet.number_for_text", value=_text(value))
        case Decimal():
            return exact(value)
        case datetime():
            if words.kind == "date" and value.time() == datetime.min.time():
                return value.date()
            raise Invalid("sheet.day", value=value.isoformat(sep=" "))
        case date() if words.kind != "date":
            raise Invalid("sheet.day", value=_text(value))
    return value


def exact(value: Decimal) -> Decimal:
    """Return a number that Excel keeps to the last digit; Invalid `sheet.digits` (value).

    It has at most 15 digits and four decimals.
    """
    digits, exponent = value.normalize().as_tuple()[1:]
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if decimals > MOST_DECIMALS or max(len(digits), value.adjusted() + 1) > MOST_DIGITS:
        raise Invalid("sheet.digits", value=_text(value))
    return value
