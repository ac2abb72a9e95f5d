"""Two people changed the same table: what both changed is a conflict, the rest is merged."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from engine.decisions import edits
from engine.decisions.dmn_write import write_table
from engine.decisions.merge import merge
from engine.decisions.sheet import read_workbook, write_workbook
from engine.decisions.table import read_draft
from engine.kernel.errors import Invalid

DAY = date(2026, 11, 23)


@pytest.fixture
def source(table):
    rows = [["< 10", '"a"'], ["[10..20]", '"b"'], ["> 20", '"c"']]
    return table([("法定天数", "number")], [("理由", "string")], rows, policy="FIRST")


def merged(source, change_now, **cells):
    """The table after one person edited it here and another a sheet of the old version."""
    base = read_draft(source)
    now = read_draft(write_table(source, base.id, change_now(base.source)))
    book = load_workbook(io.BytesIO(write_workbook(base, DAY)))
    for address, value in cells.items():
        book["决策表"][address] = value
    out = io.BytesIO()
    book.save(out)
    came = read_workbook(out.getvalue(), base)
    ids = [rule.id for rule in now.source.rules]
    edited = read_draft(write_table(source, base.id, came.table, ids))
    return merge(base, came, edited, now)


def row_ids(source):
    return [rule.id for rule in read_draft(source).source.rules]


def test_different_cells_of_one_row_are_merged(source):
    first = row_ids(source)[0]
    made = merged(source, lambda one: edits.set_output(one, first, "理由", '"x"'), C3="不满8")
    assert made.rules[0].tests == ("< 8",)
    assert made.rules[0].outputs == ('"x"',)
    assert [rule.id for rule in made.rules] == row_ids(source)


def test_one_cell_changed_on_both_sides_is_a_conflict_by_address(source):
    second = row_ids(source)[1]
    with pytest.raises(Invalid) as caught:
        merged(source, lambda one: edits.set_output(one, second, "理由", '"x"'), D4="y")
    assert caught.value.code == "sheet.conflict"
    (told,) = caught.value.params["findings"]
    assert (told["address"], told["row"]) == ("D4", second)
    assert (told["base"], told["sheet"], told["now"]) == ("b", "y", "x")


def test_the_same_change_on_both_sides_is_no_conflict(source):
    second = row_ids(source)[1]
    made = merged(source, lambda one: edits.set_output(one, second, "理由", '"x"'), D4="x")
    assert made.rules[1].outputs == ('"x"',)


def test_a_row_taken_out_here_and_changed_in_the_sheet_is_a_conflict(source):
    second = row_ids(source)[1]
    with pytest.raises(Invalid) as caught:
        merged(source, lambda one: edits.remove_row(one, second), D4="y")
    assert caught.value.params["now"] is None


def test_new_rows_of_both_sides_stand_where_they_were_put(source):
    made = merged(
        source,
        lambda one: edits.add_row(one, 1, ["5"], ['"here"']),
        B6="2.5",
        C6="15",
        D6="sheet",
    )
    assert [rule.outputs[0] for rule in made.rules] == ['"a"', '"here"', '"b"', '"sheet"', '"c"']
