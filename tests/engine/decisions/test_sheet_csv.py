"""CSV for policy staff: nothing in it starts a formula, and it comes back as it went."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from engine.decisions.dmn_write import same_table
from engine.decisions.sheet_csv import quoted, read_csv, write_csv
from engine.decisions.table import read_draft
from engine.kernel.errors import Invalid

TABLES = sorted((Path(__file__).resolve().parents[3] / "rules/tables").glob("*.dmn"))
DAY = date(2026, 11, 23)
EVIL = ["=1+1", "+1", "-1", "@x", "＝1", "'x", "''", "\tx", "普通", '=HYPERLINK("x","y")']


@pytest.fixture
def draft(table):
    rows = [
        [str(number), '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"']
        for number, text in enumerate(EVIL, 1)
    ]
    return read_draft(table([("法定天数", "number")], [("理由", "string")], rows))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_table_of_the_hall_comes_back_as_it_went(path):
    draft = read_draft(path.read_bytes())
    back = read_csv(write_csv(draft, DAY), draft)
    assert same_table(back.table, draft.source)
    assert not back.changes
    assert not back.stale


def test_no_cell_starts_a_formula_and_all_texts_come_back(draft):
    source = write_csv(draft, DAY)
    for line in csv.reader(io.StringIO(source.decode("utf-8-sig"), newline="")):
        assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "＝", "\t"))]
    assert same_table(read_csv(source, draft).table, draft.source)


@pytest.mark.parametrize(
    "text", ["=", "+1", "-", "@", "＝", "＋", "－", "＠", "\tx", "\rx", "\x00", "'"]
)
def test_one_apostrophe_leads_what_might_start_a_formula(text):
    assert quoted(text) == "'" + text
    assert quoted("x" + text) == "x" + text


def test_new_cells_may_hold_negative_numbers_and_any(table):
    draft = read_draft(
        table([("距承诺到期工作日", "number")], [("理由", "string")], [["5", '"x"']])
    )
    text = write_csv(draft, DAY).decode("utf-8-sig").replace('"5"', '"-7"')
    assert read_csv(text.encode(), draft).table.rules[0].tests == ("-7",)
    text = text.replace('"-7"', '"-"')
    assert read_csv(text.encode(), draft).table.rules[0].tests == ("-",)


@pytest.mark.parametrize(
    ("change", "code", "address"),
    [
        (lambda text: text.replace("普通", "=SUM(A1)"), "sheet.formula", "D12"),
        (lambda text: text.replace("普通", "@x"), "sheet.formula", "D12"),
        (lambda text: text.replace('"1","1"', '"1","1月2日"'), "sheet.not_number", "C4"),
        (lambda text: text + '"","","","","","","多"\r\n', "sheet.too_wide", "G14"),
        (lambda text: text.replace("决策表", "别的"), "sheet.no_version", None),
        (lambda text: "", "sheet.no_version", None),
        (lambda text: text + '"没有结束', "sheet.broken", None),
        (lambda text: text + '"x"\r\n' * 3_000, "sheet.too_many_rows", None),
        (lambda text: text + "x" * 2_000_001, "sheet.too_large", None),
    ],
    ids=[
        "formula",
        "at sign",
        "a day of Excel's making",
        "content beyond the columns",
        "no export of ours",
        "empty",
        "open quotes",
        "too many lines",
        "too large",
    ],
)
def test_a_file_that_cannot_be_is_refused(draft, change, code, address):
    text = write_csv(draft, DAY).decode("utf-8-sig")
    with pytest.raises(Invalid) as caught:
        read_csv(change(text).encode(), draft)
    assert caught.value.code == code
    assert caught.value.params.get("address") == address


def test_a_file_in_gbk_is_refused(draft):
    text = write_csv(draft, DAY).decode("utf-8-sig")
    with pytest.raises(Invalid) as caught:
        read_csv(text.encode("gb18030"), draft)
    assert caught.value.code == "sheet.encoding"
