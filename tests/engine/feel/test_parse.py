"""The grammar: precedence, the traps of names and keywords, places of errors."""

import time

import pytest

from engine.feel import nodes
from engine.feel.builtins import BUILTIN_NAMES
from engine.feel.nodes import (
    Anything,
    Between,
    Call,
    Compared,
    In,
    Logic,
    Name,
    RangeLiteral,
)
from engine.feel.parse import parse, parse_tests, parse_type
from engine.feel.write import write
from engine.kernel.errors import Invalid

NAMES = ("a", "b", "c", "x", "金额", "授权 范围 and 办件", "is new", "days in 1", "notice", "a-b")


def tree(text: str):  # type: ignore[no-untyped-def]  # whichever node it is
    return parse(text, NAMES, BUILTIN_NAMES)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a * b + c", "(a * b) + c"),
        ("a - b - c", "(a - b) - c"),
        ("a ** b ** c", "(a ** b) ** c"),
        ("-a ** b", "(-a) ** b"),
        ("a or b and c", "a or (b and c)"),
        ("a = b and b = c", "(a = b) and (b = c)"),
        ("a + b < c", "(a + b) < c"),
        ("x between a and b and c", "(x between a and b) and c"),
        ("x in (a, b) and c", "(x in (a, b)) and c"),
        ("x in a or c", "(x in a) or c"),
        ("x instance of number and c", "(x instance of number) and c"),
        ("-a.b", "-(a.b)"),
        ("if a then b else c + 1", "if a then b else (c + 1)"),
        ("for x in a return x + 1", "for x in a return (x + 1)"),
        ("a /* b */ + // c\n b", "a + b"),
    ],
)
def test_precedence(text: str, same: str) -> None:
    bare, bracketed = write(tree(text)), write(tree(same))
    brackets = str.maketrans("", "", "()")
    assert bare.translate(brackets) == bracketed.translate(brackets)
    assert type(tree(text)) is type(tree(same))
    assert write(tree(bare)) == bare


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x between 0 and 2 and a", Logic),
        ("授权 范围 and 办件", Name),
        ("is new", Name),
        ("days in 1", Name),
        ("notice", Name),
        ("a-b", Name),
        ("index of([1], 1)", Call),
        ("date and time(x)", Call),
        ("not(a)", Call),
        ("(1..3)", RangeLiteral),
        ("]1..3[", RangeLiteral),
        ("[1..x[", RangeLiteral),
        ("(a..b]", RangeLiteral),
        ("(< 5)", RangeLiteral),
        ("(= 5)", RangeLiteral),
        ("(a)", Name),
        ("x in (1..3)", In),
        ("x in (< 3, > 5)", In),
        ("x in (a) * 2", In),
        ("x in [1..3[ and a", Logic),
        ("x between 1 and 2", Between),
    ],
)
def test_traps_of_the_grammar(text: str, kind: type) -> None:
    assert isinstance(tree(text), kind)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, 1, "expression"),
        ("1 +", 1, 4, "expression"),
        ("(1", 1, 3, ")"),
        ("(1 + 2）* 3", 1, 7, ")"),
        ("[1, 2", 1, 6, "]"),
        ("if a then b", 1, 12, "else"),
        ("if a\nthen b\nelse", 3, 5, "expression"),
        ("for x a return b", 1, 9, "in"),
        ("a b c)", 1, 6, "end"),
        ("1 2", 1, 3, "end"),
        ("“即办件”", 1, 1, "expression"),
        ('"open', 1, 1, "expression"),
        ("f(x: 1, x: 2)", 1, 1, "name"),
        ("{a: 1,}", 1, 7, "name"),
        ("f(1, y: 2)", 1, 7, ")"),
        ("x instance of", 1, 14, "type"),
        ("@5", 1, 2, "string"),
        ("1e99999", 1, 1, "number"),
    ],
)
def test_an_error_stands_where_it_is(text: str, line: int, column: int, expected: str) -> None:
    with pytest.raises(Invalid) as refusal:
        tree(text)
    params = refusal.value.params
    assert refusal.value.code == "feel.syntax"
    assert (params["line"], params["column"], params["expected"]) == (line, column, expected)


@pytest.mark.parametrize("levels", [10, 60])
def test_brackets_cost_no_more_than_their_number(levels: int) -> None:
    began = time.process_time()
    tree("(" * levels + "1" + ")" * levels)
    assert time.process_time() - began < 0.2


def test_an_else_if_chain_is_no_depth() -> None:
    text = "if a then 1 else " * 200 + "0"
    assert len(tree(text).conditions) == 200


def test_entries_with_spaces_are_read_after_a_dot_and_in_a_filter() -> None:
    assert write(tree("a.dept num + 1")) == "a.dept num + 1"
    assert write(tree("a[first name = b].time offset")) == "a[first name = b].time offset"
    declared = parse("a.net-worth", ("a",), BUILTIN_NAMES, ("net-worth",))
    assert write(declared) == "a.net-worth"


@pytest.mark.parametrize("text", ["-", " - ", "", "  "])
def test_an_empty_cell_or_a_dash_is_any_value(text: str) -> None:
    assert isinstance(parse_tests(text, (), BUILTIN_NAMES).tests[0], Anything)


def test_cells() -> None:
    def cell(text: str) -> nodes.Tests:
        return parse_tests(text, NAMES, BUILTIN_NAMES)

    assert [type(one) for one in cell("< 5, > 10").tests] == [Compared, Compared]
    assert cell("not(1, 2)").negated
    assert len(cell("not(1, 2)").tests) == 2
    assert not cell("not(a) and b").negated
    assert isinstance(cell("not(a) and b").tests[0], Logic)
    assert isinstance(cell("? > 5").tests[0], object)
    assert not cell("notice").negated
    with pytest.raises(Invalid, match=r"feel\.syntax"):
        cell("not(< 5) and b")
    with pytest.raises(Invalid, match=r"feel\.syntax"):
        cell("-, 5")


def test_a_type_alone() -> None:
    assert write(parse_type("list<tMine>", ("tMine",))) == "list<tMine>"
    with pytest.raises(Invalid, match=r"feel\.syntax"):
        parse_type("list<number> x")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("[(1)..(2)[ - 1", nodes.Arithmetic), ("(list)[-1]", nodes.Filter)],
    ids=["the open end of a range", "the last of a list"],
)
def test_a_bracket_before_a_minus_is_a_filter_only_when_it_is_closed(text, kind):
    assert isinstance(parse(text, {"list"}, BUILTIN_NAMES), kind)
