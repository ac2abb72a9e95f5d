"""A table as a grid of words, and the edited table that a grid makes."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from engine.decisions.dmn import read_model
from engine.decisions.dmn_write import same_table, write_table
from engine.decisions.grid import Came, lay_out, letter_of, take_in
from engine.decisions.table import read_draft
from engine.domain.facts import Word
from engine.kernel.errors import Invalid

FACTS = [("法定天数", "number"), ("岗位", "string"), ("听证", "boolean")]
OUTPUTS = [("办件类型", "string"), ("承诺天数", "number")]
ROWS = [
    ["< 10", '"clerk", "head"', "true", '"a"', "5"],
    ["[10..20]", 'not("clerk")', "-", '"b"', "7"],
    ["? * 2 > 80", "-", "-", '"c"', "法定天数 - 1"],
]


@pytest.fixture
def draft(table):
    return read_draft(table(FACTS, OUTPUTS, ROWS, policy="FIRST"))


def came(draft, words=None):
    """What an export says when it comes back untouched."""
    grid = lay_out(draft, words)
    keys = ["row", "number", *(head.key for head in grid.heads)]
    captions = ["行编号", "序号", *(head.caption for head in grid.heads)]
    lines = tuple(
        (number, dict(zip(keys, [line.row, str(line.number), *line.cells], strict=True)))
        for number, line in enumerate(grid.lines, 3)
    )
    heads = tuple((key, letter_of(place)) for place, key in enumerate(keys))
    captions = dict(zip(keys, captions, strict=True))
    return Came(grid.table, grid.version, heads, captions, 2, lines)


def changed(file, line, **values):
    """The same with other values in a line; `in_1` is the first input, `out_1`, `note_1`."""
    lines = list(file.lines)
    number, old = lines[line]
    names = {
        f"{kind}_{place}": key
        for kind in ("in", "out", "note")
        for place, key in enumerate([key for key in old if key.startswith(f"{kind}:")], 1)
    }
    new = {names.get(name, name): value for name, value in values.items()}
    lines[line] = (number, {**old, **new})
    return replace(file, lines=tuple(lines))


def refused(file, draft):
    with pytest.raises(Invalid) as caught:
        take_in(file, draft)
    return caught.value


def test_a_table_is_told_in_words(draft):
    grid = lay_out(draft)
    assert [head.caption for head in grid.heads] == [
        "法定天数（工作日）",
        "岗位",
        "听证",
        "办件类型",
        "承诺天数（工作日）",
        "依据",
        "说明",
    ]
    assert grid.lines[0].cells[:5] == ("不满10", "窗口人员、单位负责人", "是", "a", "5")
    assert grid.lines[2].cells[0] == "专家：? * 2 > 80"
    assert grid.lines[2].expert == {0, 4}
    assert lay_out(draft, {"matter_type": [Word("a", "甲类", "A")]}).lines[0].cells[3] == "甲类"


def test_an_untouched_grid_is_the_same_table(draft):
    back = take_in(came(draft), draft)
    assert same_table(back.table, draft.source)
    assert not back.changes
    assert (back.notes, back.stale) == ((), False)


def test_an_old_version_is_said(draft):
    back = take_in(replace(came(draft), version="before"), draft)
    assert (back.stale, back.based_on) == (True, "before")


def test_edits_make_a_draft_and_a_difference_by_row(draft):
    file = changed(came(draft), 0, in_1="１２以下", out_2=Decimal(6), note_2="新注")
    new = dict.fromkeys(file.lines[0][1], "")
    file = replace(file, lines=(*file.lines, (9, new), (10, new)))
    file = changed(file, 3, in_1="5", in_3=False, out_1="x", out_2="3", number="1.5")
    back = take_in(file, draft)
    assert [rule.id for rule in back.table.rules] == ["r1", "", "r2", "r3"]
    assert back.table.rules[0].tests == ("<= 12", '"clerk", "head"', "true")
    assert back.table.rules[1].tests == ("5", "-", "false")
    assert back.table.annotations == ("依据", "说明")
    (row,) = back.changes.changed
    assert [cell.column for cell in row.cells] == ["法定天数", "承诺天数", "说明"]
    assert len(back.changes.added) == 1
    (note,) = back.notes
    assert (note.code, note.params["address"]) == ("sheet.converted", "C3")
    written = write_table(read_source(draft), draft.id, back.table)
    assert [rule.id for rule in read_model(written).decisions[0].logic.rules][1] == "r4"


def read_source(draft):
    """The file of the draft, made anew: the fixture has the same one."""
    return SOURCES[draft.version]


SOURCES = {}


@pytest.fixture(autouse=True)
def kept_source(table):
    source = table(FACTS, OUTPUTS, ROWS, policy="FIRST")
    SOURCES[read_draft(source).version] = source


def test_an_emptied_row_is_taken_out_and_a_missing_one_too(draft):
    file = came(draft)
    empty = {
        key: value if key in ("row", "number") else "" for key, value in file.lines[1][1].items()
    }
    file = replace(file, lines=(file.lines[0], (4, empty)))
    back = take_in(file, draft)
    assert [rule.id for rule in back.table.rules] == ["r1"]
    assert [note.code for note in back.notes] == ["sheet.row_emptied"]
    assert [rule.id for rule in back.changes.removed] == ["r2", "r3"]


def test_a_copied_line_is_a_new_row(draft):
    file = came(draft)
    copied = dict(file.lines[0][1])
    first = changed(file, 0, in_1="5").lines[0]
    file = replace(file, lines=(first, (4, copied), *file.lines[1:]))
    back = take_in(file, draft)
    assert [rule.id for rule in back.table.rules] == ["", "r1", "r2", "r3"]
    assert not back.changes.changed
    assert [note.code for note in back.notes] == ["sheet.row_copied"]


def test_columns_may_stand_in_another_order(draft):
    file = came(draft)
    turned = tuple(reversed(file.heads))
    back = take_in(replace(file, heads=turned), draft)
    assert same_table(back.table, draft.source)


@pytest.mark.parametrize(
    ("line", "values", "code", "address"),
    [
        (0, {"in_1": "多"}, "sheet.not_number", "C3"),
        (0, {"in_1": date(2026, 1, 2)}, "sheet.day", "C3"),
        (0, {"in_1": datetime(2026, 1, 2, 3)}, "sheet.day", "C3"),
        (0, {"in_1": Decimal("3.30000000000003")}, "sheet.digits", "C3"),
        (0, {"in_1": Decimal(430400199001011393)}, "sheet.digits", "C3"),
        (1, {"in_2": Decimal(430400)}, "sheet.number_for_text", "D4"),
        (1, {"in_2": "窗口"}, "sheet.unknown_word", "D4"),
        (1, {"in_2": True}, "sheet.not_yes_no_column", "D4"),
        (2, {"in_1": "5"}, "sheet.expert", "C5"),
        (0, {"out_2": ""}, "sheet.empty", "G3"),
        (0, {"number": "第一"}, "sheet.number", "B3"),
        (0, {"row": "r9"}, "sheet.unknown_row", "A3"),
        (0, {"note_1": date(2026, 1, 2)}, "sheet.day", "H3"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_cell_that_cannot_be_is_refused_by_its_address(draft, line, values, code, address):
    fault = refused(changed(came(draft), line, **values), draft)
    assert (fault.code, fault.params["address"]) == (code, address)


def test_all_faults_are_told_at_once(draft):
    file = changed(changed(came(draft), 0, in_1="多", in_3="对"), 1, out_2="x")
    fault = refused(file, draft)
    assert (fault.code, fault.params["count"], fault.params["first"]) == ("sheet.faults", 3, "C3")
    assert [one.params["address"] for one in fault.params["faults"]] == ["C3", "E3", "G4"]


def test_heads_that_are_wrong_are_named(draft):
    file = came(draft)
    assert refused(replace(file, table="other"), draft).code == "sheet.other_table"
    assert refused(replace(file, heads=file.heads[:-1]), draft).code == "sheet.missing_column"
    assert (
        refused(replace(file, heads=(*file.heads, file.heads[2])), draft).code
        == "sheet.column_twice"
    )
    unknown = refused(replace(file, heads=(*file.heads, ("in:法定天", "J"))), draft)
    assert (unknown.code, unknown.params["address"]) == ("sheet.unknown_column", "J1")
    keys = [key for key, _ in file.heads]
    captions = {**file.captions, keys[2]: "岗位", keys[3]: "法定天数（工作日）"}
    swapped = refused(replace(file, captions=captions), draft)
    assert (swapped.code, swapped.params["address"]) == ("sheet.swapped_column", "C2")
    assert refused(replace(file, lines=file.lines * 700), draft).code == "sheet.too_many_rows"


@pytest.mark.parametrize("column", [0, 25, 26, 701, 702])
def test_columns_have_the_letters_of_excel(column):
    letters = {0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA"}
    assert letter_of(column) == letters[column]
