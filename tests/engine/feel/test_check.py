"""The check before anything runs: names, kinds, arguments, patterns, places."""

import pytest

from engine.feel.check import Problem, check, nearest
from engine.feel.compile import expression, unary_tests
from engine.feel.kinds import BOOLEAN, DATE, NUMBER, STRING, Kind

FACTS = {
    "金额": NUMBER,
    "申请 类型": STRING,
    "办件类型": Kind("string", choices=("即办件", "承诺件")),
    "现场勘查": BOOLEAN,
    "申请日": DATE,
    "材料": Kind("list", of=Kind("context", entries={"名称": STRING, "份数": NUMBER})),
    "阶梯": Kind("function", parameters=(NUMBER,), result=STRING),
}


def problems(text: str, **kinds: Kind) -> list[Problem]:
    facts = FACTS | kinds
    return check(expression(text, facts, types={"t办件": STRING}), facts, types={"t办件": STRING})


@pytest.mark.parametrize(
    "text",
    [
        "金额 > 5 and 现场勘查",
        '申请　类型 = "甲"',
        '办件类型 = "即办件" or 办件类型 = null',
        '材料[名称 = "申请表"].份数',
        "count(材料[份数 > 1]) > 金额",
        "sum(材料.份数) + 1",
        "for 材 in 材料 return 材.名称",
        "some 材 in 材料 satisfies 材.份数 > 1",
        "for i in 1..金额 return partial[-1]",
        '申请日 + duration("P3D") > date("2026-11-22")',
        '申请日 between @"2026-01-01" and @"2026-12-31"',
        "if 现场勘查 then 金额 else null",
        'if 金额 > 1 then "a" else 2',
        "金额 in [1..5]",
        "金额 in (< 5, > 10)",
        'matches(申请 类型, "^[0-9]+$")',
        "{a: 金额, b: a + 1, f: function(n) f(n - 1)}.b",
        '阶梯(金额) = "一"',
        "金额 instance of t办件",
        "max(1, 金额)",
        "string length(string: 申请 类型)",
        "[1, 2][item > 1]",
        "[{a: 1}][a = 1]",
        "(function(x: number) x + 1)(金额)",
        "null = 金额",
        "年 + 1",
    ],
)
def test_what_is_right_has_no_problem(text: str) -> None:
    assert problems(text, 年=Kind("Any")) == []


@pytest.mark.parametrize(
    ("text", "code", "column", "params"),
    [
        ("金额＞5", "feel.unknown_name", 1, {"nearest": "金额", "half_width": "金额>5"}),
        ("金额，1", "feel.unknown_name", 1, {"half_width": "金额,1"}),
        ("1 + 金额、天数", "feel.unknown_name", 5, {"half_width": "金额,天数"}),
        ("金领 > 5", "feel.unknown_name", 1, {"name": "金领", "nearest": "金额"}),
        ("conut([1])", "feel.unknown_name", 1, {"nearest": "count"}),
        ("材料[名 = 1]", "feel.unknown_name", 4, {"nearest": "名称"}),
        ("材料.分数", "feel.unknown_entry", 1, {"nearest": "份数"}),
        ("申请日.yaer", "feel.unknown_entry", 1, {"nearest": "year"}),
        ("金额.元", "feel.no_entries", 1, {"kind": "number"}),
        ('金额 = "高"', "feel.kinds", 1, {"left": "number", "right": "string"}),
        ("金额 > 申请日", "feel.kinds", 1, {"operator": ">"}),
        ("现场勘查 < true", "feel.kinds", 1, {"operator": "<"}),
        ("申请日 + 3", "feel.kinds", 1, {"operator": "+", "right": "number"}),
        ('1 + 2 + "a"', "feel.kinds", 1, {"left": "number"}),
        ("-申请 类型", "feel.kinds", 1, {"operator": "-"}),
        ("金额 between 1 and 申请日", "feel.kinds", 1, {"operator": "<="}),
        ('金额 in ("a", 1)', "feel.kinds", 8, {"right": "string"}),
        ('金额 in ["a".."b"]', "feel.kinds", 7, {"right": "string"}),
        ('[1.."b"]', "feel.kinds", 1, {"operator": "<="}),
        ("金额 and true", "feel.condition", 1, {"kind": "number"}),
        ("if 金额 then 1 else 2", "feel.condition", 4, {"kind": "number"}),
        ("材料[名称]", "feel.condition", 4, {"kind": "string"}),
        ("every x in [1] satisfies x", "feel.condition", 26, {"kind": "number"}),
        ('办件类型 = "承诺"', "feel.not_allowed", 8, {"nearest": "承诺件"}),
        ('"承诺" = 办件类型', "feel.not_allowed", 1, {"value": '"承诺"'}),
        ("substring(金额, 1)", "feel.argument", 11, {"parameter": "string", "wanted": "string"}),
        ("substring(申请 类型)", "feel.arguments", 1, {"given": 1}),
        ("count(lst: [1])", "feel.arguments", 1, {"function": "count"}),
        ("阶梯(1, 2)", "feel.arguments", 1, {"given": 2}),
        ("金额(1)", "feel.no_function", 1, {"kind": "number"}),
        ('matches("a", "(a+)+$")', "feel.pattern_unsafe", 14, {"pattern": "(a+)+$"}),
        ('matches(input: "a", pattern: "(")', "feel.pattern", 30, {"pattern": "("}),
        ('@"2026-02-30"', "feel.literal", 1, {"literal": "2026-02-30"}),
        ("{a: 1, a: 2}", "feel.key_twice", 11, {"name": "a"}),
        ("金额 instance of nubmer", "feel.unknown_type", 16, {"nearest": "number"}),
        ("function(x: nubmer) x", "feel.unknown_type", 10, {"nearest": "number"}),
        ("function(x) external {a: 1}", "feel.external", 1, {}),
        ("阶梯(1) + 1", "feel.kinds", 1, {"left": "string"}),
        ("year", "feel.unknown_name", 1, {"name": "year"}),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    text: str, code: str, column: int, params: dict[str, object]
) -> None:
    found = problems(text)
    assert [problem.code for problem in found] == [code]
    assert (found[0].line, found[0].column) == (1, column)
    assert params.items() <= dict(found[0].params).items()


def test_problems_come_in_the_order_of_the_text() -> None:
    found = problems('甲 + 1 > 2 and\n乙 = "a" and 金额 = "b"')
    assert [(one.line, one.column) for one in found] == [(1, 1), (2, 1), (2, 13)]


@pytest.mark.parametrize(
    ("cell", "kind", "codes"),
    [
        ("< 5", NUMBER, []),
        ("-", NUMBER, []),
        ("[1..5], null", NUMBER, []),
        ("? > 5", NUMBER, []),
        ("金额", NUMBER, []),
        ("[1, 2]", NUMBER, []),
        ("true", BOOLEAN, []),
        ('> "a"', NUMBER, ["feel.kinds"]),
        ('"a", 5', NUMBER, ["feel.kinds"]),
        ("not(5)", STRING, ["feel.kinds"]),
        ('"承诺件", "承诺"', FACTS["办件类型"], ["feel.not_allowed"]),
        ('!= "承诺"', FACTS["办件类型"], ["feel.not_allowed"]),
        ("承诺件", FACTS["办件类型"], ["feel.unknown_name"]),
        ("< true", BOOLEAN, ["feel.kinds"]),
    ],
)
def test_cells_are_checked_against_their_column(cell: str, kind: Kind, codes: list[str]) -> None:
    found = check(unary_tests(cell, FACTS), FACTS, value=kind)
    assert [problem.code for problem in found] == codes


def test_a_name_without_a_neighbour_has_none() -> None:
    assert nearest("办件", ["天数", "金额"]) is None
