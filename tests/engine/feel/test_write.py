"""A tree is written so that reading it again gives the same tree."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.compile import expression, unary_tests
from engine.feel.nodes import Name, Node, walk
from engine.feel.write import write

NAMES = ("a", "金额", "申请 类型", "a-b")


def bare(node: object) -> object:
    """Return the tree without its places."""
    if isinstance(node, Node):
        parts = [one.name for one in fields(node) if one.name not in ("start", "end")]
        return type(node).__name__, tuple(bare(getattr(node, one)) for one in parts)
    if isinstance(node, tuple):
        return tuple(bare(one) for one in node)
    return str(node)


def joined(*signs: str) -> st.SearchStrategy[str]:
    return st.sampled_from(signs)


LEAF = st.sampled_from(
    [*NAMES, "1", "0.5", '"甲\\n\\"乙"', "true", "null", '@"2026-11-22"', "[]", "{}", "now()"]
)
EXPRESSION = st.recursive(
    LEAF,
    lambda part: st.one_of(
        st.builds("{} {} {}".format, part, joined("+", "-", "*", "/", "**"), part),
        st.builds("{} {} {}".format, part, joined("and", "or"), part),
        st.builds("({}) {} ({})".format, part, joined("=", "!=", "<", ">="), part),
        st.builds("({})".format, part),
        st.builds("-{}".format, part),
        st.builds("if {} then {} else {}".format, part, part, part),
        st.builds("(for x in {} return {})".format, part, part),
        st.builds("(some x in {}, y in x satisfies {})".format, part, part),
        st.builds("[{}, {}]".format, part, part),
        st.builds("[({})..({})[".format, part, part),
        st.builds('{{"键 1": {}, b: {}}}'.format, part, part),
        st.builds("count({})".format, part),
        st.builds("({})[{}]".format, part, part),
        st.builds("({}).year".format, part),
        st.builds("(({}) between {} and {})".format, part, LEAF, LEAF),
        st.builds("(({}) in ({}, < {}))".format, part, part, LEAF),
        st.builds("(({}) instance of list<number>)".format, part),
        st.builds("(function(p: number, q) {})".format, part),
    ),
    max_leaves=6,
)


@given(text=EXPRESSION)
@settings(max_examples=250, deadline=None)
def test_text_to_tree_to_text_to_tree(text: str) -> None:
    tree = expression(text, NAMES).tree
    again = expression(write(tree), NAMES).tree
    assert bare(again) == bare(tree)


@pytest.mark.parametrize(
    "text",
    [
        *("-", "< 5, >= 10", "not(1, 2)", '"甲", "乙"', "[1..5)", "? > 5 and ? < a", "(< 5)"),
        *("not(? > 5)", "null", "a, 金额 + 1"),
    ],
)
def test_cells_come_back(text: str) -> None:
    tree = unary_tests(text, NAMES).tree
    assert bare(unary_tests(write(tree), NAMES).tree) == bare(tree)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("(a+1)*2", "(a + 1) * 2"),
        ("a-(1-2)", "a - (1 - 2)"),
        ("((a))", "a"),
        ("a in(<5)", "a in (< 5)"),
        ("a in (= 5)", "a in (= 5)"),
        ('{ a : 1 , "b c":2, "1": 3}', '{a: 1, b c: 2, "1": 3}'),
        ("f(x:1)", "f(x: 1)"),
        ("function(x)external{a:1}", "function(x) external {a: 1}"),
        ("a instance of context<x:number>", "a instance of context<x: number>"),
        ("a instance of function<number>->string", "a instance of function<number> -> string"),
        ("for i in 1..3,j in[i]return j", "for i in 1..3, j in [i] return j"),
        ("申请　类型", "申请 类型"),
        ("[a..(([])[1])[", "[a..([][1]))"),
        ("[([])..([] + 1)]", "[([])..([] + 1)]"),
    ],
)
def test_a_text_is_written_plainly(text: str, normal: str) -> None:
    tree = expression(text, NAMES).tree
    assert write(tree) == normal
    assert bare(expression(normal, NAMES).tree) == bare(tree)


def test_a_fact_is_renamed_through_the_tree() -> None:
    tree = expression('"金额" + a', NAMES).tree
    names = [one for one in walk(tree) if isinstance(one, Name)]
    assert [write(replace(one, name="总额")) for one in names] == ["总额"]
    assert write(tree) == '"金额" + a'
