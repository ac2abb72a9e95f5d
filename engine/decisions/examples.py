"""Examples that policy staff write for a table, and whether the table answers them so.

A file is CSV in UTF-8 with or without a byte order mark; its first line is
`例,说明,<输入…>,期望:<输出…>,命中行`. Values are written by kind: 是/否, numbers, 2026-11-22, text;
an empty field is null, `""` is empty text; several rows `r3;r7`; `错误` expects an error. A table
that lists every row that hits is expected to answer with a list: `a|b`, empty for none.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from engine.decisions.decide import Decision, Table, explain
from engine.decisions.given import NOTHING_NEAR
from engine.decisions.trace import plain
from engine.domain.facts import Fact, FactKind, nearest
from engine.kernel.errors import HallError, Invalid

NAME, NOTE, ROWS, WANTED, ERROR = "例", "说明", "命中行", "期望:", "错误"
YES_NO = {"是": True, "否": False}
MOST_EXAMPLES = 5_000


@dataclass(frozen=True)
class Example:
    """One case with what the table is to answer; `line` is its line in the file."""

    name: str
    note: str
    facts: Mapping[str, object]
    outcome: Mapping[str, object]
    rows: tuple[str, ...]
    error: bool
    line: int


@dataclass(frozen=True)
class Difference:
    """An example that is answered otherwise; `found` is the decision or the code of an error."""

    example: Example
    found: Decision | str


@dataclass(frozen=True)
class Tried:
    """What running all examples showed; `uncovered` are the rows that no example hits."""

    differences: tuple[Difference, ...]
    uncovered: tuple[str, ...]


def lines_of(source: bytes) -> list[list[str]]:
    """Return the lines of a file as texts, the captions first, without empty ones.

    Raises Invalid `examples.encoding`.
    """
    return [line for _, line in _lines(source) if any(line)]


def write_lines(lines: Sequence[Sequence[str]], before: bytes | None = None) -> bytes:
    """Return lines as a file that Excel opens; the file from before where it says the same."""
    if before is not None and lines_of(before) == [list(line) for line in lines]:
        return before
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue().encode("utf-8-sig")


def _lines(source: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("examples.encoding") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for line in reader:
            yield reader.line_num, line
    except csv.Error as error:
        raise Invalid("examples.broken", line=reader.line_num) from error


def read_examples(source: bytes, table: Table) -> tuple[Example, ...]:
    """Return the examples of a file.

    Raises Invalid: `examples.encoding`, `examples.broken` (line), `examples.too_many` (limit),
    `examples.column` (column, nearest), `examples.missing_column` (column), `examples.width`
    (line), `examples.unknown_row` (line, row). A value that is not of its fact's kind is kept as
    text: it may be the error that the example expects.
    """
    lines = _lines(source)
    _, header = next(lines, (0, []))
    columns = _columns(header, table)
    single = table.draft.source.policy.single or table.draft.source.aggregation is not None
    known = {rule.id for rule in table.draft.source.rules}
    found: list[Example] = []
    for number, line in lines:
        if not any(line):
            continue
        if len(line) != len(header):
            raise Invalid("examples.width", line=number)
        if len(found) >= MOST_EXAMPLES:
            raise Invalid("examples.too_many", limit=MOST_EXAMPLES)
        fields = dict(zip(header, line, strict=True))
        example = _example(fields, columns, number, single=single)
        for row in example.rows:
            if row not in known:
                raise Invalid("examples.unknown_row", line=number, row=row)
        found.append(example)
    return tuple(found)


def _columns(header: Sequence[str], table: Table) -> dict[str, Fact]:
    facts = {fact.zh: fact for fact in table.inputs}
    facts |= {WANTED + fact.zh: fact for fact in table.outputs}
    for name in (NAME, NOTE, ROWS, *facts):
        if name not in header:
            raise Invalid("examples.missing_column", column=name)
    for name in header:
        if name not in facts and name not in (NAME, NOTE, ROWS):
            raise Invalid(
                "examples.column", column=name, nearest=nearest(name, facts) or NOTHING_NEAR
            )
    return facts


def _example(
    fields: Mapping[str, str], columns: Mapping[str, Fact], line: int, *, single: bool
) -> Example:
    facts: dict[str, object] = {}
    outcome: dict[str, object] = {}
    for name, fact in columns.items():
        if not name.startswith(WANTED):
            facts[fact.key] = _value(fields[name], fact)
        elif single:
            outcome[fact.key] = _value(fields[name], fact)
        else:
            outcome[fact.key] = _list(fields[name], fact)
    rows = fields[ROWS].strip()
    error = rows == ERROR
    ids = () if error else tuple(one.strip() for one in rows.split(";") if one.strip())
    return Example(fields[NAME], fields[NOTE], facts, outcome, ids, error, line)


def _value(text: str, fact: Fact) -> object:
    text = text.strip()
    if not text:
        return None
    if text == '""':
        return ""
    if fact.kind is FactKind.BOOLEAN:
        return YES_NO.get(text, text)
    if fact.kind is FactKind.NUMBER:
        try:
            return Decimal(text)
        except InvalidOperation:
            return text
    return text


def _list(text: str, fact: Fact) -> list[object]:
    """One value for each row that hits; a text may hold `;` and no `|`."""
    return [_value(one, fact) for one in text.split("|")] if text.strip() else []


def try_examples(table: Table, examples: Sequence[Example]) -> Tried:
    """Return which examples the reference answers otherwise, and the rows that none hits."""
    differences: list[Difference] = []
    hit: set[str] = set()
    for example in examples:
        try:
            found = explain(table, example.facts)
        except HallError as error:
            if not example.error:
                differences.append(Difference(example, error.code))
            continue
        hit.update(found.rows)
        if example.error or not _same(found, example):
            differences.append(Difference(example, found))
    rules = table.draft.source.rules
    return Tried(tuple(differences), tuple(rule.id for rule in rules if rule.id not in hit))


def _same(found: Decision, example: Example) -> bool:
    return found.rows == example.rows and plain(found.outcome) == plain(example.outcome)
