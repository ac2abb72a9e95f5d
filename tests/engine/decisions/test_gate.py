"""What stops a table, each with its place."""

from engine.decisions.gate import stops, tried
from engine.decisions.table import read_draft

HEAD = "例,说明,法定天数,期望:理由,命中行\n"


def make(table, *rows):
    return table([("法定天数", "number")], [("理由", "string")], list(rows))


def test_a_sound_table_with_examples_for_every_row_passes(table):
    source = make(table, ["< 10", '"a"'], [">= 10", '"b"'], ["null", '"c"'])
    rows = [rule.id for rule in read_draft(source).source.rules]
    examples = HEAD + f"1,,5,a,{rows[0]}\n2,,15,b,{rows[1]}\n3,,,c,{rows[2]}\n"
    found = [
        one
        for one in stops("t", source, examples.encode())
        if one.code not in ("check.no_basis", "check.unreachable")
    ]
    assert found == []


def test_what_cannot_be_read_is_told_alone_with_row_and_cell(table):
    (found,) = stops("t", make(table, ["< 没有", '"a"']), None)
    assert [found.params[name] for name in ("table", "row", "cell")] == ["t", 1, 1]


def test_an_example_answered_otherwise_names_case_column_and_line(table):
    draft = read_draft(make(table, ["< 10", '"a"'], [">= 10", '"b"']))
    first, second = (rule.id for rule in draft.source.rules)
    lines = HEAD + f"甲,,5,x,{first}\n乙,,abc,,错误\n丙,,15,b,错误\n丁,,15,b,{second}\n"
    found = tried(draft, lines.encode())
    assert [one.code for one in found] == ["gate.example_differs"] * 2
    assert (found[0].column, found[0].params["line"]) == ("理由", 2)
    assert found[0].case == {"法定天数": 5}
    assert (found[1].params["expected"], found[1].params["line"]) == ("错误", 4)


def test_only_new_and_changed_rows_are_told_as_such(table):
    before = read_draft(make(table, ["< 10", '"a"'], [">= 10", '"b"']))
    draft = read_draft(make(table, ["< 10", '"a"'], [">= 10", '"neu"']))
    found = tried(draft, HEAD.encode(), before)
    assert [one.code for one in found] == [
        "gate.row_without_example",
        "gate.changed_row_without_example",
    ]
