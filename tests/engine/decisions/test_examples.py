"""Examples of policy staff are read from CSV and tried."""

import pytest

from engine.decisions.decide import read_table
from engine.decisions.examples import read_examples, try_examples
from engine.kernel.errors import Invalid

HEAD = "例,说明,法定天数,现场勘查,期望:办件类型,命中行\n"


@pytest.fixture
def tried(days):
    table = read_table(days([("<= 10", "false", '"a"'), ("> 10", "-", '""')]))

    def read(text, encoding="utf-8-sig"):
        return table, read_examples(text.encode(encoding), table)

    return read


def refused(tried, text):
    with pytest.raises(Invalid) as caught:
        tried(text)
    return caught.value


def test_values_are_written_by_kind(tried):
    _, examples = tried(HEAD + '1,"甲, 乙",10,否,a,r1\n\n2,,,是,"""""",r2;r1\n3,,x,,,错误\n')
    first, second, third = examples
    assert (first.note, first.facts) == ("甲, 乙", {"statutory_days": 10, "survey": False})
    assert (first.outcome, first.rows, first.error) == ({"matter_type": "a"}, ("r1",), False)
    assert second.facts == {"statutory_days": None, "survey": True}
    assert (second.outcome, second.rows) == ({"matter_type": ""}, ("r2", "r1"))
    assert (third.facts["statutory_days"], third.error, third.rows) == ("x", True, ())
    assert third.line == 5


def test_the_byte_order_mark_may_be_there_or_not(tried):
    assert tried(HEAD + "1,,1,否,a,r1\n", "utf-8")[1] == tried(HEAD + "1,,1,否,a,r1\n")[1]


def test_right_examples_have_no_difference_and_uncovered_rows_are_named(tried):
    found = try_examples(*tried(HEAD + "1,,10,否,a,r1\n2,,x,否,,错误\n3,,10,是,,\n"))
    assert found.differences == ()
    assert found.uncovered == ("r2",)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("1,,10,否,b,r1", ("r1",)),
        ("1,,10,否,a,r2", ("r1",)),
        ("1,,10,否,a,错误", ("r1",)),
        ("1,,10,否,a,", ("r1",)),
        ("1,,0,否,a,r1", "decision.too_small"),
        ("1,,10,也许,a,r1", "decision.wrong_kind"),
    ],
    ids=["outcome", "row", "error expected", "no row expected", "error found", "no yes or no"],
)
def test_an_example_that_is_answered_otherwise_is_named(tried, line, found):
    (difference,) = try_examples(*tried(HEAD + line + "\n")).differences
    said = difference.found
    assert (said if isinstance(said, str) else said.rows) == found


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        (HEAD.replace("命中行", "行"), "examples.missing_column", {"column": "命中行"}),
        (HEAD.replace("例,", "例,法定天敷,"), "examples.column",
         {"column": "法定天敷", "nearest": "法定天数"}),
        (HEAD + "1,,10\n", "examples.width", {"line": 2}),
        (HEAD + "1,,10,否,a,r9\n", "examples.unknown_row", {"line": 2, "row": "r9"}),
        (HEAD + "1,,1,否,a,r1\n" * 5001, "examples.too_many", {"limit": 5000}),
        ("", "examples.missing_column", {}),
    ],
    ids=["missing column", "unknown column", "short line", "unknown row", "too many", "empty"],
)  # fmt: skip
def test_a_file_that_is_no_set_of_examples_is_refused(tried, text, code, params):
    error = refused(tried, text)
    assert error.code == code
    assert params.items() <= error.params.items()


def test_another_encoding_is_refused(days):
    table = read_table(days([("-", "-", '"a"')]))
    with pytest.raises(Invalid, match=r"examples\.encoding"):
        read_examples(HEAD.encode("gbk"), table)


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("1,,20,是,a;b|c,r1;r2", True),
        ("1,,5,是,a;b,r1", True),
        ("1,,5,否,,", True),
        ("1,,20,是,c|a;b,r1;r2", False),
        ("1,,20,是,a;b,r1;r2", False),
        ("1,,5,否,c,", False),
    ],
    ids=["two rows", "one row", "no row", "another order", "one is missing", "one too many"],
)
def test_a_table_that_lists_its_rows_answers_with_a_list(days, line, right):
    rows = [("-", "true", '"a;b"'), ("> 10", "true", '"c"')]
    table = read_table(days(rows, "COLLECT"))
    found = try_examples(table, read_examples((HEAD + line).encode(), table))
    assert (found.differences == ()) is right


def test_a_list_that_is_added_up_is_answered_with_one_number(table):
    rows = [("-", "2"), ("> 10", "3")]
    head = "例,说明,法定天数,期望:环节数,命中行\n"
    inputs, outputs = [("法定天数", "number")], [("环节数", "number")]
    added = read_table(table(inputs, outputs, rows, "COLLECT", 'aggregation="SUM"'))
    found = try_examples(added, read_examples(f"{head}1,,20,5,r1;r2\n".encode(), added))
    assert found.differences == ()
