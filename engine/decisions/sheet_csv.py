"""A table as CSV in UTF-8 for policy staff: nothing in it starts a formula.

The first line names table, version and day, the second the ids of the columns, the third their
captions. A text that Excel would take for a formula is led by one apostrophe; the reader takes
exactly one away.
"""

import csv
import io
from datetime import date

from engine.decisions.grid import (
    MAX_BYTES,
    MOST_ROWS,
    NUMBER,
    NUMBER_CAPTION,
    ROW,
    ROW_CAPTION,
    Came,
    Imported,
    Value,
    Words,
    lay_out,
    letter_of,
    take_in,
)
from engine.decisions.table import Draft
from engine.kernel.errors import Invalid

STARTERS = tuple("=+-@＝＋－＠\t\r\x00'")
FORMULA = ("=", "@", "＝", "＠", "+", "＋", "\t", "\r", "\x00")
TABLE, VERSION, DAY = "决策表", "版本", "导出日期"
LEADING = 3


def write_csv(draft: Draft, on: date, words: Words | None = None) -> bytes:
    """Return the file of a table as it is on a day."""
    grid = lay_out(draft, words)
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines = [
        [TABLE, grid.table, VERSION, grid.version, DAY, on.isoformat()],
        [ROW, NUMBER, *(head.key for head in grid.heads)],
        [ROW_CAPTION, NUMBER_CAPTION, *(head.caption for head in grid.heads)],
    ]
    lines += [[line.row, str(line.number), *line.cells] for line in grid.lines]
    writer.writerows([[quoted(text) for text in line] for line in lines])
    return out.getvalue().encode("utf-8-sig")


def read_csv(source: bytes, draft: Draft, words: Words | None = None) -> Imported:
    """Return the draft that a file makes of a table.

    Raises Invalid `sheet.too_large` (size, limit), `sheet.encoding`, `sheet.no_version` for a
    file that is no export of ours, `sheet.formula` and `sheet.too_wide` (address),
    `sheet.broken`, and whatever `take_in` says; addresses are as Excel shows the file.
    """
    return take_in(_came(_lines(source)), draft, words)


def made_of(source: bytes) -> str:
    """Return the version that a file was exported from; Invalid as `read_csv`."""
    return _came(_lines(source)).version


def _lines(source: bytes) -> list[list[str]]:
    if len(source) > MAX_BYTES:
        raise Invalid("sheet.too_large", size=len(source), limit=MAX_BYTES)
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("sheet.encoding") from error
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), strict=True):
            lines.append(line)
            if len(lines) > MOST_ROWS + LEADING:
                raise Invalid("sheet.too_many_rows", limit=MOST_ROWS)
    except csv.Error as error:
        raise Invalid("sheet.broken") from error
    return lines


def _came(lines: list[list[str]]) -> Came:
    if len(lines) < LEADING or len(lines[0]) < 4 or (lines[0][0], lines[0][2]) != (TABLE, VERSION):
        raise Invalid("sheet.no_version")
    plain = [
        [_unquoted(text, column, number) for column, text in enumerate(line)]
        for number, line in enumerate(lines, 1)
    ]
    keys = plain[1]
    found: list[tuple[int, dict[str, Value]]] = []
    for number, line in enumerate(plain[LEADING:], LEADING + 1):
        for column in range(len(keys), len(line)):
            if line[column].strip():
                raise Invalid("sheet.too_wide", address=f"{letter_of(column)}{number}")
        found.append((number, dict(zip(keys, line, strict=False))))
    while keys and not keys[-1]:
        keys.pop()
    heads = tuple((key, letter_of(column)) for column, key in enumerate(keys))
    captions = dict(zip(keys, plain[2], strict=False))
    return Came(plain[0][1], plain[0][3], heads, captions, LEADING, tuple(found))


def quoted(text: str) -> str:
    """Return a text as CSV may hold it: led by an apostrophe where it might start a formula."""
    return f"'{text}" if text.startswith(STARTERS) else text


def _unquoted(text: str, column: int, number: int) -> str:
    if text.startswith("'"):
        return text[1:]
    if text.startswith(FORMULA):
        raise Invalid("sheet.formula", address=f"{letter_of(column)}{number}")
    return text
