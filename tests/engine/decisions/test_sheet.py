"""Workbooks for policy staff: lossless, without formulas, and careful with what comes back."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from engine.decisions.decide import Table
from engine.decisions.dmn_write import same_table, write_table
from engine.decisions.grid import lay_out
from engine.decisions.prove import cases
from engine.decisions.sheet import read_workbook, write_workbook
from engine.decisions.sheet_csv import read_csv, write_csv
from engine.decisions.table import read_draft
from engine.feel.values import to_python
from engine.kernel.errors import HallError, Invalid

TABLES = sorted((Path(__file__).resolve().parents[3] / "rules/tables").glob("*.dmn"))
DAY = date(2026, 11, 23)
FACTS = [("法定天数", "number"), ("岗位", "string"), ("听证", "boolean")]
ROWS = [
    ["< 10", '"clerk"', "true", '"=1+1"'],
    [">= 10", "-", "-", '"b"'],
    ["-", "-", "false", '"c"'],
]


@pytest.fixture
def source(table):
    return table(FACTS, [("理由", "string")], ROWS, policy="FIRST")


@pytest.fixture
def draft(source):
    return read_draft(source)


def edited(draft, change):
    """The workbook of a table as somebody left it."""
    book = load_workbook(io.BytesIO(write_workbook(draft, DAY)))
    change(book, book["决策表"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refused(data, draft):
    with pytest.raises(Invalid) as caught:
        read_workbook(data, draft)
    return caught.value


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_table_of_the_hall_comes_back_as_it_went(path):
    data = path.read_bytes()
    draft = read_draft(data)
    back = read_workbook(write_workbook(draft, DAY), draft)
    assert not back.changes
    assert not back.stale
    assert write_table(data, draft.id, back.table) == data


def test_the_workbook_has_its_three_sheets_and_hides_the_ids(draft):
    book = load_workbook(io.BytesIO(write_workbook(draft, DAY)))
    assert book.sheetnames == ["决策表", "字典", "说明"]
    sheet = book["决策表"]
    assert sheet.row_dimensions[1].hidden
    assert sheet.column_dimensions["A"].hidden
    assert sheet["A3"].value == "r1"
    assert sheet["A3"].protection.locked
    assert not sheet["C3"].protection.locked
    assert sheet.protection.sheet
    assert [cell.value for cell in book["字典"]["A"]][:3] == ["岗位", "任意", "窗口人员"]
    assert len(sheet.data_validations.dataValidation) == 2
    assert [row[1].value for row in book["说明"].iter_rows(max_row=4)] == [
        "d",
        "d",
        draft.version,
        "2026-11-23",
    ]


def test_no_cell_is_a_formula(draft):
    book = load_workbook(io.BytesIO(write_workbook(draft, DAY)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    evil = next(cell for cell in cells if cell.value == "=1+1")
    assert evil.quotePrefix
    assert evil.number_format == "@"
    with zipfile.ZipFile(io.BytesIO(write_workbook(draft, DAY))) as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist())


def test_edits_come_back_as_a_draft(draft, source):
    def change(book, sheet):
        sheet["C3"] = 12
        sheet["E3"] = False
        sheet["F4"] = "新的理由"
        sheet["C6"], sheet["F6"], sheet["B6"] = "5至7", "=字面", "0.5"
        sheet["F6"].data_type = "s"

    back = read_workbook(edited(draft, change), draft)
    assert [rule.tests for rule in back.table.rules] == [
        ("[5..7]", "-", "-"),
        ("12", '"clerk"', "false"),
        (">= 10", "-", "-"),
        ("-", "-", "false"),
    ]
    written = read_draft(write_table(source, draft.id, back.table))
    assert [rule.id for rule in written.source.rules] == ["r4", "r1", "r2", "r3"]
    assert written.source.rules[0].outputs == ('"=字面"',)
    assert [row.row for row in back.changes.changed] == ["r1", "r2"]


def put(address, value):
    return lambda book, sheet: sheet.__setitem__(address, value)


def hide_row(book, sheet):
    sheet.row_dimensions[4].hidden = True


def hide_columns(book, sheet):
    sheet.column_dimensions.group("D", "E", hidden=True)


@pytest.mark.parametrize(
    ("change", "code", "address"),
    [
        (put("C3", "=1+1"), "sheet.formula", "C3"),
        (put("C3", "#REF!"), "sheet.error_cell", "C3"),
        (lambda book, sheet: sheet.merge_cells("C3:D3"), "sheet.merged", "C3:D3"),
        (hide_row, "sheet.hidden", "B4"),
        (hide_columns, "sheet.hidden", "D2"),
        (put("C3", datetime(2026, 1, 2)), "sheet.day", "C3"),
        (put("D3", 430400), "sheet.number_for_text", "D3"),
        (put("C3", 3.12345), "sheet.digits", "C3"),
        (put("C3", 430400199001010113), "sheet.digits", "C3"),
        (put("D3", "窗口人"), "sheet.unknown_word", "D3"),
        (put("Z9", "x"), "sheet.too_wide", "Z9"),
        (put("C2", "岗位"), "sheet.swapped_column", "C2"),
        (put("A3", "r9"), "sheet.unknown_row", "A3"),
        (put("C3000", "5"), "sheet.too_many_rows", None),
        (put("ZZ3", "5"), "sheet.too_many_columns", None),
        (lambda book, sheet: book.remove(sheet), "sheet.no_sheet", None),
        (lambda book, sheet: book["说明"].delete_rows(1, 9), "sheet.no_version", None),
    ],
    ids=[
        "formula",
        "error",
        "merged",
        "hidden row",
        "hidden columns",
        "a day for a number",
        "a number for a code",
        "a float's last digits",
        "an ID number as a number",
        "unknown word",
        "beyond the columns",
        "swapped captions",
        "unknown row",
        "too many rows",
        "too many columns",
        "no sheet",
        "no version",
    ],
)
def test_what_a_sheet_may_not_say_is_refused_by_address(draft, change, code, address):
    fault = refused(edited(draft, change), draft)
    assert fault.code == code
    assert fault.params.get("address") == address


def repacked(data, **parts):
    """The same zip file with other parts; names have `__` for `/` and `_dot_` for a full stop."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        named = {
            name.replace("__", "/").replace("_dot_", "."): content
            for name, content in parts.items()
        }
        for name in old.namelist():
            if name not in named:
                new.writestr(name, old.read(name))
        for name, content in named.items():
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: b"x" * 2_000_001, "sheet.too_large"),
        (lambda data: b"no zip at all", "sheet.not_xlsx"),
        (lambda data: data[: len(data) // 2], "sheet.not_xlsx"),
        (lambda data: repacked(data, xl__vbaProject_dot_bin=b"x"), "sheet.active_content"),
        (lambda data: repacked(data, xl__externalLinks__a_dot_xml=b"<a/>"), "sheet.active_content"),
        (lambda data: repacked(data, xl__workbook_dot_xml=b"<!DOCTYPE a><a/>"), "sheet.doctype"),
        (
            lambda data: repacked(data, xl__workbook_dot_xml="<a/>".encode("utf-16")),
            "sheet.doctype",
        ),
        (lambda data: repacked(data, xl__workbook_dot_xml=b"<a"), "sheet.not_xlsx"),
        (lambda data: repacked(data, xl__workbook_dot_xml=b"<a/>"), "sheet.no_sheet"),
        (lambda data: repacked(data, x_dot_bin=b"\0" * 51_000_000), "sheet.unpacked"),
        (lambda data: repacked(data, x_dot_xml=b"<a/>" * 2_000_001), "sheet.unpacked"),
        (
            lambda data: repacked(data, xl__worksheets__sheet1_dot_xml=b"<row>" * 100_000),
            "sheet.too_many_rows",
        ),
    ],
    ids=[
        "2 MB",
        "no zip",
        "half a zip",
        "macros",
        "links",
        "doctype",
        "utf-16",
        "broken xml",
        "another document",
        "50 MB unpacked",
        "two million tags",
        "100,000 rows",
    ],
)
def test_a_file_that_is_no_harmless_workbook_is_refused(draft, spoil, code):
    assert refused(spoil(write_workbook(draft, DAY)), draft).code == code


KINDS = {"金额": "number", "区域": "string", "听证": "boolean"}


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32))
def test_a_random_table_entered_anew_from_its_sheet_decides_the_same(table, dice, seed):
    """Every row without its id and every plain cell typed from its words."""
    chance = dice(seed)
    inputs = list(KINDS.items())
    rows = [
        [*cells, f'"{number}"']
        for number, cells in enumerate(chance.rows(list(KINDS.values()), chance.randint(1, 6)))
    ]
    source = table(inputs, [("理由", "string")], rows, policy="FIRST")
    draft = read_draft(source)
    for write, read in ((write_workbook, read_workbook), (write_csv, read_csv)):
        back = read(write(draft, DAY), draft)
        assert same_table(back.table, draft.source)
    plain = [number for number, line in enumerate(lay_out(draft).lines) if not line.expert]

    def forget(book, sheet):
        for number in plain:
            sheet.cell(number + 3, 1).value = None

    again = read_workbook(edited(draft, forget), draft)
    new = read_draft(write_table(source, draft.id, again.table))
    assert len(again.changes.added) == len(plain)
    one, other = Table(draft), Table(new)
    for case in list(cases(draft))[::23]:
        facts = {name: to_python(value) for name, value in case.items()}
        assert answer(one, facts) == answer(other, facts)


def answer(table, facts):
    try:
        return table.decide(facts, live=False).outcome
    except HallError as error:
        return error.code
