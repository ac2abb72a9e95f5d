"""Edits give other tables and leave the first as it was."""

import pytest

from engine.decisions import edits
from engine.decisions.dmn import read_model
from engine.decisions.model import Aggregation, Column, HitPolicy, Literal, Output
from engine.kernel.errors import Missing


@pytest.fixture
def logic(days):
    rows = [["< 10", "true", '"a"'], ["[10..20]", "-", '"b"'], ["-", "false", '"c"']]
    return read_model(days(rows)).decisions[0].logic


def ids(table):
    return [rule.id for rule in table.rules]


def test_rows_come_go_and_move(logic):
    more = edits.add_row(logic, 1, ["5", "-"], ['"n"'], {"依据": "第一条", "不存在": "x"})
    assert ids(more) == ["r1", "", "r2", "r3"]
    assert more.rules[1].annotations == ("第一条",)
    assert [rule.number for rule in more.rules] == [1, 2, 3, 4]
    assert ids(edits.remove_row(logic, "r2")) == ["r1", "r3"]
    assert ids(edits.move_row(logic, "r1", 2)) == ["r2", "r3", "r1"]
    assert ids(logic) == ["r1", "r2", "r3"]


def test_cells_change_by_row_and_column(logic):
    assert edits.set_test(logic, "r1", "法定天数", "9").rules[0].tests == ("9", "true")
    assert edits.set_output(logic, "r3", "办件类型", '"z"').rules[2].outputs == ('"z"',)
    noted = edits.set_annotation(logic, "r2", "说明", "注")
    assert noted.annotations == ("依据", "说明")
    assert noted.rules[1].annotations == ("第四十二条", "注")


def test_columns_come_go_and_move(logic):
    column = Column("", "听证", Literal("听证", "boolean"))
    more = edits.add_column(logic, 1, column)
    assert more.rules[0].tests == ("< 10", "-", "true")
    assert edits.remove_column(more, "听证") == logic
    moved = edits.move_column(logic, "现场勘查", 0)
    assert [one.label for one in moved.columns] == ["现场勘查", "法定天数"]
    assert moved.rules[0].tests == ("true", "< 10")
    wider = edits.add_output(logic, 1, Output("", "理由", "理由", "string"), '"x"')
    assert wider.rules[2].outputs == ('"c"', '"x"')
    assert edits.remove_output(wider, "理由") == logic


def test_the_policy_changes_with_its_aggregation(logic):
    counted = edits.set_policy(logic, HitPolicy.COLLECT, Aggregation.COUNT)
    assert (counted.policy, counted.aggregation) == (HitPolicy.COLLECT, Aggregation.COUNT)
    assert edits.set_policy(counted, HitPolicy.UNIQUE) == logic


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda table: edits.remove_row(table, "r9"), "table.no_row"),
        (lambda table: edits.set_test(table, "r9", "法定天数", "1"), "table.no_row"),
        (lambda table: edits.remove_column(table, "金额"), "table.no_column"),
        (lambda table: edits.set_output(table, "r1", "金额", "1"), "table.no_column"),
    ],
    ids=["no row to remove", "no row to change", "no such input", "no such output"],
)
def test_what_is_not_there_is_missing(logic, edit, code):
    with pytest.raises(Missing) as caught:
        edit(logic)
    assert caught.value.code == code
