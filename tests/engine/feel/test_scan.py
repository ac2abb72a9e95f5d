"""The scanner: tokens, and the longest declared name."""

import pytest

from engine.feel.evaluation import MOST_SOURCE
from engine.feel.scan import Names, Scanner, half_width, names_of, normalised
from engine.kernel.errors import Invalid


def tokens(text: str) -> list[tuple[str, str]]:
    scanner, found = Scanner(text), []
    while scanner.kind != "end":
        found.append((scanner.kind, scanner.symbol))
        scanner.step()
    return found


def test_a_text_falls_into_tokens() -> None:
    assert tokens('金额>=1.5..2 // 注\n/* 又 */ "a\\"b"') == [
        ("word", "金额"),
        ("sign", ">="),
        ("number", "1.5"),
        ("sign", ".."),
        ("number", "2"),
        ("string", '"a\\"b"'),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1..2", "1"), (".5", ".5"), ("1.5e3", "1.5e3"), ("1.e", "1"), ("1E-2x", "1E-2")],
)
def test_a_number_ends_where_it_ends(text: str, number: str) -> None:
    assert Scanner(text).symbol == number


@pytest.mark.parametrize(
    ("declared", "text", "name"),
    [
        (("授权 范围", "授权"), "授权 范围 = 1", "授权 范围"),
        (("授权 范围", "授权"), "授权 = 1", "授权"),
        (("授权 范围 and 办件",), "授权 范围 and 办件", "授权 范围 and 办件"),
        (("申请 类型",), "申请　类型", "申请 类型"),
        (("申请 类型",), "申请 \n\t 类型", "申请 类型"),
        (("a-b", "a", "b"), "a-b", "a-b"),
        (("a", "b"), "a-b", "a"),
        (("金额(元)",), "金额(元) > 1", "金额(元)"),
        (("金额（元）",), "金额（元） > 1", "金额（元）"),
        (("caf\u00e9",), "cafe\u0301", "caf\u00e9"),
        (("a b",), "ab", None),
        (("in",), "index", None),
        (("办件",), "办件类型", None),
        (("x 1",), "x 1 2", "x 1"),
    ],
)
def test_the_longest_declared_name_is_read(
    declared: tuple[str, ...], text: str, name: str | None
) -> None:
    found = Names(declared).longest(text, 0)
    assert (found[0] if found else None) == name


def test_equal_names_share_one_tree() -> None:
    assert names_of(["a", "b"]) is names_of(("b", "a"))


def test_a_name_has_one_form() -> None:
    assert normalised("  申请　 类型\n") == "申请 类型"


def test_words_side_by_side_are_one_name_up_to_a_keyword() -> None:
    scanner = Scanner("办件 总 数 in 申请")
    assert scanner.run() == ("办件 总 数", 6)


def test_full_width_signs_have_a_half_width_form() -> None:
    assert half_width("金额＞１，“甲”") == '金额>1,"甲"'


def test_an_error_names_place_and_form() -> None:
    scanner = Scanner("1 +\n  ）")
    scanner.step()
    scanner.step()
    error = scanner.error("expression")
    assert error.code == "feel.syntax"
    assert (error.params["line"], error.params["column"], error.params["offset"]) == (2, 3, 6)
    assert (error.params["near"], error.params["half_width"]) == ("）", ")")


def test_a_source_has_a_length() -> None:
    assert Scanner(" " * MOST_SOURCE).kind == "end"
    with pytest.raises(Invalid, match=r"feel\.too_long"):
        Scanner(" " * (MOST_SOURCE + 1))


def test_looking_ahead_moves_nothing() -> None:
    scanner = Scanner("a // b\n [")
    assert scanner.peek() == ("sign", "[")
    assert scanner.symbol == "a"
