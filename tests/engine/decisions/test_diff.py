"""Two versions of a table: rows by id, and facts that are decided otherwise."""

import pytest

from engine.decisions import edits
from engine.decisions.decide import Table
from engine.decisions.diff import compare, compare_tables
from engine.decisions.dmn_write import write_table
from engine.decisions.model import HitPolicy
from engine.decisions.table import read_draft

ROWS = [["< 10", "true", '"a"'], ["[10..20]", "-", '"b"'], ["> 20", "-", '"c"']]


@pytest.fixture
def old(days):
    return read_draft(days([*ROWS, ["< 10", "false", '"d"']]))


def edited(days, rows, policy="UNIQUE"):
    return read_draft(days(rows, policy))


def test_a_table_does_not_differ_from_itself(old):
    difference = compare(old, old)
    assert not difference.changes
    assert difference.otherwise == ()
    assert difference.complete


def test_rows_added_removed_and_changed_are_told_by_id(old):
    table = edits.set_test(old.source, "r2", "法定天数", "[10..21]")
    table = edits.remove_row(table, "r3")
    table = edits.add_row(table, 0, ["> 21", "-"], ['"e"'])
    changes = compare_tables(old.source, table)
    assert [rule.tests for rule in changes.added] == [("> 21", "-")]
    assert [rule.id for rule in changes.removed] == ["r3"]
    (row,) = changes.changed
    assert (row.row, row.cells[0].column) == ("r2", "法定天数")
    assert (row.cells[0].old, row.cells[0].new) == ("[10..20]", "[10..21]")
    assert changes.moved == ()


def test_only_the_row_that_moved_is_told(old):
    changes = compare_tables(old.source, edits.move_row(old.source, "r1", 3))
    assert [(one.row, one.old, one.new) for one in changes.moved] == [("r1", 1, 4)]


def test_columns_and_policy_are_told(old):
    table = edits.set_policy(edits.remove_column(old.source, "现场勘查"), HitPolicy.FIRST)
    changes = compare_tables(old.source, table)
    assert changes.columns_removed == ("现场勘查",)
    assert changes.policy == ((HitPolicy.UNIQUE, None), (HitPolicy.FIRST, None))
    assert all(cell.new is None for row in changes.changed for cell in row.cells)


def test_a_moved_bound_is_shown_by_the_one_day_that_is_decided_otherwise(old, days):
    new = edited(
        days, [ROWS[0], ["[10..21]", "-", '"b"'], ["> 21", "-", '"c"'], ["< 10", "false", '"d"']]
    )
    difference = compare(old, new)
    assert difference.complete
    assert {case.facts["statutory_days"] for case in difference.otherwise} == {21}
    first = difference.otherwise[0]
    assert (first.old, first.new) == ({"matter_type": "c"}, {"matter_type": "b"})
    assert (first.old_rows, first.new_rows) == (("r3",), ("r2",))


def test_another_writing_of_the_same_rule_decides_nothing_otherwise(old, days):
    new = edited(
        days,
        [
            ["[1..10)", "true", '"a"'],
            ["not(< 10, > 20)", "-", '"b"'],
            *ROWS[2:],
            ["< 10", "false", '"d"'],
        ],
    )
    difference = compare(old, new)
    assert len(difference.changes.changed) == 2
    assert difference.otherwise == ()
    assert difference.complete


def test_an_error_is_another_answer_and_every_case_is_confirmed(old, days):
    new = edited(days, [*ROWS, ["< 11", "false", '"d"']])
    difference = compare(old, new, most=3)
    assert len(difference.otherwise) == 1
    case = difference.otherwise[0]
    assert case.new == "decision.not_unique"
    assert Table(old).decide(case.facts, live=False).outcome == case.old


def test_a_large_table_is_searched_near_the_rows_that_changed(hall_table):
    data = hall_table("authority")
    old = read_draft(data)
    last = old.source.rules[-1]
    table = edits.set_output(old.source, last.id, "原因", '"scope.type"')
    new = read_draft(write_table(data, old.id, table))
    difference = compare(old, new, most=2)
    assert 1 <= len(difference.otherwise) <= 2
    for case in difference.otherwise:
        assert Table(old).decide(case.facts, live=False).outcome == case.old
        assert Table(new).decide(case.facts, live=False).outcome == case.new


def test_outputs_that_are_reckoned_leave_the_search_incomplete(table):
    inputs, outputs = [("法定天数", "number")], [("承诺天数", "number")]
    old = read_draft(table(inputs, outputs, [["-", "法定天数"]]))
    new = read_draft(table(inputs, outputs, [["-", "法定天数 + 1"]]))
    difference = compare(old, new)
    assert difference.otherwise
    assert not difference.complete
