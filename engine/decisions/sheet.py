"""A table as an Excel workbook for policy staff, and a workbook that came back.

No formula is written and none is read: every cell is text that Excel takes as it stands. What
a workbook may hold is looked at before openpyxl opens it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from engine.decisions.grid import (
    MAX_BYTES,
    MOST_ROWS,
    NUMBER,
    NUMBER_CAPTION,
    ROW,
    ROW_CAPTION,
    Came,
    Grid,
    Head,
    Imported,
    Value,
    Words,
    exact,
    lay_out,
    letter_of,
    take_in,
)
from engine.decisions.table import Draft
from engine.decisions.words import ANY, NO, NULL, YES
from engine.kernel.errors import Invalid

TABLE_SHEET, WORDS_SHEET, ABOUT_SHEET, EXAMPLES_SHEET = "决策表", "字典", "说明", "例"
ABOUT = {"table": "表", "name": "名称", "version": "版本", "day": "导出日期"}
HOW = (
    "每行是一条规则。序号决定行的先后: 要插在第 3 行和第 4 行之间, 写 3.5; 不要移动隐藏的列。",
    "新的规则写在空行里; 要删去一行, 清空它的所有单元格。",
    "几个值之间写顿号; “除…外”表示不是其中任何一个; “任意”表示不看这一列; “空”表示没有值。",
    "以上、以下、至包括本数, 超过、不满不包括本数（民法典第一千二百五十九条）。",
    "灰色的单元格只能由专家修改。不要写公式, 不要合并单元格。",
)
LEADING = 2
SPARE_LINES = 100
MOST_UNPACKED = 50_000_000
MOST_PARTS = 200
MOST_TAGS = 2_000_000
MOST_COLUMNS = 150
ROW_TAG = re.compile(rb"<(?:\w+:)?row[\s>/]")
REFUSED_PARTS = re.compile(
    r"vbaProject|externalLinks/|macrosheets/|activeX/|embeddings/|connections\.xml|queryTables/"
    r"|ctrlProps/|customUI/|model/",
    re.IGNORECASE,
)
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a compression that nobody uses
    RuntimeError,  # a password
    EOFError,
    OSError,
)
# What openpyxl raises on parts that are no workbook's; XML errors are SyntaxErrors.
BROKEN = (
    InvalidFileException,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    *BROKEN_ZIP,
)
GREY = PatternFill("solid", fgColor="FFE7E6E6")
WIDTHS = {"test": 18, "output": 18, "note": 40}


def write_workbook(
    draft: Draft,
    on: date,
    words: Words | None = None,
    examples: Sequence[Sequence[str]] | None = None,
) -> bytes:
    """Return the workbook of a table as it is on a day, with its examples on a sheet of theirs.

    `examples` are the lines of their file (see `examples.lines_of`), the captions first.
    """
    grid = lay_out(draft, words)
    book = Workbook()
    book.properties.creator = grid.name
    sheet = book.active
    sheet.title = TABLE_SHEET
    _write_table(sheet, grid)
    _write_words(book.create_sheet(WORDS_SHEET), sheet, grid)
    about = book.create_sheet(ABOUT_SHEET)
    facts = {"table": grid.table, "name": grid.name, "version": grid.version}
    for number, (key, value) in enumerate({**facts, "day": on.isoformat()}.items(), 1):
        _put(about, number, 1, ABOUT[key])
        _put(about, number, 2, value)
    for number, text in enumerate(HOW, len(ABOUT) + 2):
        _put(about, number, 1, text)
    about.protection.sheet = True
    if examples is not None:
        _write_examples(book.create_sheet(EXAMPLES_SHEET), examples)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: Any, line: int, column: int, text: str, *, locked: bool = True) -> Any:
    """Write text that no formula can come of, whatever it begins with."""
    cell = sheet.cell(line, column)
    cell.value = text
    if text:
        cell.data_type = "s"
    cell.quotePrefix = True
    cell.number_format = "@"
    cell.protection = Protection(locked=locked)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _write_table(sheet: Any, grid: Grid) -> None:
    heads = [(ROW, ROW_CAPTION), (NUMBER, NUMBER_CAPTION)]
    heads += [(head.key, head.caption) for head in grid.heads]
    for column, (key, caption) in enumerate(heads, 1):
        _put(sheet, 1, column, key)
        _put(sheet, LEADING, column, caption).font = Font(bold=True)
    for line, row in enumerate(grid.lines, LEADING + 1):
        _put(sheet, line, 1, row.row)
        _put(sheet, line, 2, str(row.number), locked=False)
        for place, text in enumerate(row.cells):
            expert = place in row.expert
            cell = _put(sheet, line, place + 3, text, locked=expert)
            if expert:
                cell.fill = GREY
    first = LEADING + 1 + len(grid.lines)
    for line in range(first, first + SPARE_LINES):
        for column in range(2, len(heads) + 1):
            _put(sheet, line, column, "", locked=False)
    sheet.row_dimensions[1].hidden = True
    sheet.column_dimensions["A"].hidden = True
    for place, head in enumerate(grid.heads):
        sheet.column_dimensions[letter_of(place + 2)].width = WIDTHS[head.part]
    sheet.freeze_panes = "C3"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _write_words(words: Any, sheet: Any, grid: Grid) -> None:
    """The words of every column on a sheet of their own, offered where a cell is filled in."""
    last = LEADING + len(grid.lines) + SPARE_LINES
    column = 0
    for place, head in enumerate(grid.heads):
        listed = _offered(head)
        if not listed:
            continue
        column += 1
        letter, own = letter_of(column - 1), letter_of(place + 2)
        _put(words, 1, column, head.caption).font = Font(bold=True)
        for line, text in enumerate(listed, 2):
            _put(words, line, column, text)
        words.column_dimensions[letter].width = 24
        rule = DataValidation(
            "list",
            formula1=f"'{WORDS_SHEET}'!${letter}$2:${letter}${len(listed) + 1}",
            allow_blank=True,
            # An input may list several words, which no list of Excel holds.
            showErrorMessage=head.part == "output",
        )
        rule.add(f"{own}{LEADING + 1}:{own}{last}")
        sheet.add_data_validation(rule)
    words.protection.sheet = True


def _write_examples(sheet: Any, lines: Sequence[Sequence[str]]) -> None:
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            cell = _put(sheet, number, column, text)
            if number == 1:
                cell.font = Font(bold=True)
    for column in range(len(lines[0]) if lines else 0):
        sheet.column_dimensions[letter_of(column)].width = WIDTHS["test"]
        for spare in range(len(lines) + 1, len(lines) + 1 + SPARE_LINES):
            _put(sheet, spare, column + 1, "")
    sheet.freeze_panes = "A2"


def _offered(head: Head) -> list[str]:
    if head.part == "note":
        return []
    own = list(head.words.labels.values())
    if head.words.kind == "boolean":
        own = [YES, NO]
    if not own:
        return []
    return [ANY, *own] if head.part == "test" else [*own, NULL]


# in


def read_workbook(source: bytes, draft: Draft, words: Words | None = None) -> Imported:
    """Return the draft that a workbook makes of a table.

    Raises Invalid `sheet.too_large` (size, limit), `sheet.unpacked` (limit), `sheet.not_xlsx`,
    `sheet.active_content` (part: macros, links, embedded files), `sheet.doctype` (part),
    `sheet.too_many_rows`, `sheet.too_many_columns` (limit), `sheet.no_sheet` (sheet),
    `sheet.no_version`, and with its address `sheet.merged`, `sheet.hidden`, `sheet.formula`,
    `sheet.error_cell`, `sheet.too_wide`, `sheet.digits`; then whatever `take_in` says.
    """
    book = _opened(source)
    if TABLE_SHEET not in book.sheetnames:
        raise Invalid("sheet.no_sheet", sheet=TABLE_SHEET)
    about = _about(book)
    return take_in(_came(book[TABLE_SHEET], about), draft, words)


def made_of(source: bytes) -> str:
    """Return the version that a workbook was exported from; Invalid as `read_workbook`."""
    return _about(_opened(source))[ABOUT["version"]]


def _about(book: Any) -> dict[str, str]:
    if ABOUT_SHEET not in book.sheetnames:
        raise Invalid("sheet.no_sheet", sheet=ABOUT_SHEET)
    about = {
        str(row[0].value): str(row[1].value)
        for row in book[ABOUT_SHEET].iter_rows(max_row=len(ABOUT), max_col=2)
    }
    if not {ABOUT["table"], ABOUT["version"]} <= set(about):
        raise Invalid("sheet.no_version")
    return about


def read_examples_sheet(source: bytes) -> list[list[str]] | None:
    """Return the lines of the sheet of examples of a workbook, the captions first.

    Empty lines are left out. None when there is no such sheet. Raises Invalid as `read_workbook`
    does of any sheet; addresses name the sheet: `例!C3`.
    """
    book = _opened(source)
    if EXAMPLES_SHEET not in book.sheetnames:
        return None
    sheet = book[EXAMPLES_SHEET]
    _refuse_size(sheet)
    try:
        lines = [list(row) for row in sheet.iter_rows()]
        _refuse_hidden(sheet, lines, [""] * sheet.max_column, first=1)
        texts = [[_example_text(cell) for cell in line] for line in lines]
    except Invalid as error:
        address = f"{EXAMPLES_SHEET}!{error.params['address']}"
        raise Invalid(error.code, **{**error.params, "address": address}) from error
    width = max((place for place, text in enumerate(texts[0], 1) if text), default=0)
    for line in lines:
        for cell in line[width:]:
            if cell.value not in (None, ""):
                address = f"{EXAMPLES_SHEET}!{cell.coordinate}"
                raise Invalid("sheet.too_wide", address=address)
    return [line[:width] for line in texts if any(line)]


def _example_text(cell: Any) -> str:
    """The text of a cell as a file of examples has it; a day has no time."""
    match _value(cell):
        case None:
            return ""
        case bool() as known:
            return YES if known else NO
        case Decimal() as number:
            try:
                return format(exact(number), "f")
            except Invalid as error:
                raise Invalid(error.code, **error.params, address=cell.coordinate) from error
        case datetime() as moment if moment.time() == datetime.min.time():
            return moment.date().isoformat()
        case datetime() as moment:
            raise Invalid("sheet.day", address=cell.coordinate, value=moment.isoformat(sep=" "))
        case date() as day:
            return day.isoformat()
        case str() as text:
            return text.replace("\r\n", "\n").replace("\r", "\n")


def _opened(source: bytes) -> Any:
    _inspect(source)
    try:
        return load_workbook(io.BytesIO(source), data_only=False, keep_links=False, rich_text=False)
    except BROKEN as error:
        raise Invalid("sheet.not_xlsx") from error


def _inspect(source: bytes) -> None:
    """Refuse what openpyxl need not see: too much of anything, and whatever could act."""
    if len(source) > MAX_BYTES:
        raise Invalid("sheet.too_large", size=len(source), limit=MAX_BYTES)
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > MOST_PARTS:
                raise Invalid("sheet.unpacked", limit=MOST_UNPACKED)
            _inspect_parts(packed, parts)
    except BROKEN_ZIP as error:
        raise Invalid("sheet.not_xlsx") from error


def _inspect_parts(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise Invalid("sheet.not_xlsx")
    tags = 0
    for part in parts:
        if REFUSED_PARTS.search(part.filename):
            raise Invalid("sheet.active_content", part=part.filename)
        if not part.filename.endswith((".xml", ".rels")):
            continue
        content = packed.read(part)
        # The names of macro types stand in [Content_Types].xml; UTF-16 would hide a DOCTYPE.
        if b"macroEnabled" in content:
            raise Invalid("sheet.active_content", part=part.filename)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
            raise Invalid("sheet.doctype", part=part.filename)
        if part.filename.startswith("xl/worksheets/"):
            rows = sum(1 for _ in ROW_TAG.finditer(content))
            if rows > MOST_ROWS + LEADING + SPARE_LINES:
                raise Invalid("sheet.too_many_rows", limit=MOST_ROWS)
        tags += content.count(b"<")
        if tags > MOST_TAGS:
            raise Invalid("sheet.unpacked", limit=MOST_UNPACKED)


def _came(sheet: Any, about: dict[str, str]) -> Came:
    _refuse_size(sheet)
    lines = [list(row) for row in sheet.iter_rows()]
    if len(lines) < LEADING:
        raise Invalid("sheet.no_version")
    keys = [str(cell.value or "") for cell in lines[0]]
    _refuse_hidden(sheet, lines, keys)
    found: list[tuple[int, dict[str, Value]]] = []
    for number, row in enumerate(lines[LEADING:], LEADING + 1):
        values: dict[str, Value] = {}
        for key, cell in zip(keys, row, strict=True):
            value = _value(cell)
            if key:
                values[key] = value
            elif value not in (None, ""):
                raise Invalid("sheet.too_wide", address=cell.coordinate)
        if any(value not in (None, "") for value in values.values()):
            found.append((number, values))
    heads = tuple((key, letter_of(place)) for place, key in enumerate(keys) if key)
    captions = {key: str(cell.value or "") for key, cell in zip(keys, lines[1], strict=True)}
    return Came(
        about[ABOUT["table"]], about[ABOUT["version"]], heads, captions, LEADING, tuple(found)
    )


def _refuse_size(sheet: Any) -> None:
    if sheet.max_row > MOST_ROWS + LEADING + SPARE_LINES:
        raise Invalid("sheet.too_many_rows", limit=MOST_ROWS)
    if sheet.max_column > MOST_COLUMNS:
        raise Invalid("sheet.too_many_columns", limit=MOST_COLUMNS)
    if sheet.merged_cells.ranges:
        raise Invalid("sheet.merged", address=str(next(iter(sheet.merged_cells.ranges))))


def _refuse_hidden(
    sheet: Any, lines: list[list[Any]], keys: list[str], first: int = LEADING
) -> None:
    """What nobody sees would be decided on; the ids that we hide ourselves are known."""
    hidden = {
        letter_of(column - 1)
        for letter, dimension in sheet.column_dimensions.items()
        if dimension.hidden
        for column in range(dimension.min or 0, min(dimension.max or 0, len(keys)) + 1)
        if column > 0
    }
    for number, row in enumerate(lines[first - 1 :], first):
        unseen = sheet.row_dimensions[number].hidden
        for key, cell in zip(keys, row, strict=True):
            if cell.value in (None, "") or key == ROW:
                continue
            if unseen or cell.column_letter in hidden:
                raise Invalid("sheet.hidden", address=cell.coordinate)


def _value(cell: Any) -> Value:
    """The value of a cell; formulas and errors are refused by address."""
    value, kind = cell.value, cell.data_type
    if kind == "f":
        raise Invalid("sheet.formula", address=cell.coordinate)
    if kind == "e":
        raise Invalid("sheet.error_cell", address=cell.coordinate, value=str(value))
    match value:
        case None | bool() | str() | datetime() | date():
            return value
        case int():
            return Decimal(value)
        case float():
            number = Decimal(repr(value))
            if not number.is_finite():
                raise Invalid("sheet.digits", address=cell.coordinate, value=repr(value))
            return number
    raise Invalid("sheet.day", address=cell.coordinate, value=str(value))
