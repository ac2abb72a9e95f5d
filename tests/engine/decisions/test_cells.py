"""Which cells are plain tests, and what they name."""

from decimal import Decimal

import pytest

from engine.decisions.cells import ANYTHING, Cell, Equal, Span, read_cell
from engine.feel.compile import expression, unary_tests
from engine.feel.temporal import Date


def number(value):
    return Decimal(value)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("-", ANYTHING),
        ("", ANYTHING),
        ('"a"', Cell((Equal("a"),))),
        ('"a", "b"', Cell((Equal("a"), Equal("b")))),
        ("true", Cell((Equal(True),))),
        ("null", Cell((Equal(None),))),
        ("-5", Cell((Equal(number(-5)),))),
        ("= 5", Cell((Equal(number(5)),))),
        ("!= 5", Cell((Equal(number(5)),), True)),
        ("< 5", Cell((Span(None, number(5), False, False),))),
        (">= 5", Cell((Span(number(5), None, True, False),))),
        ("(1..3]", Cell((Span(number(1), number(3), False, True),))),
        ("]1..3[", Cell((Span(number(1), number(3), False, False),))),
        ("null, < 0", Cell((Equal(None), Span(None, number(0), False, False)))),
        ('not("a", "b")', Cell((Equal("a"), Equal("b")), True)),
        ('date("2026-11-22")', Cell((Equal(Date(2026, 11, 22)),))),
        ('>= @"2026-11-22"', Cell((Span(Date(2026, 11, 22), None, True, False),))),
    ],
)
def test_a_plain_cell_is_read(text, cell):
    assert read_cell(unary_tests(text, ()).tree) == cell


@pytest.mark.parametrize(
    "text",
    [
        "? > 3",
        "< 金额",
        "金额",
        "5 + 1",
        '< "b"',
        '["a".."c"]',
        "[1..金额]",
        "[null..null]",
        '[1.."b"]',
        'date("2026-02-30")',
        'matches(?, "a.*")',
        '@"PT5H"',
        "[1, 2, 3]",
        '"a", 金额',
    ],
)
def test_a_cell_that_only_running_can_judge_is_none(text):
    assert read_cell(unary_tests(text, ["金额"]).tree) is None


def test_an_expression_is_no_cell():
    assert read_cell(expression("1", ()).tree) is None


def test_a_cell_names_its_points():
    cell = read_cell(unary_tests('"a", [1..3], null', ()).tree)
    assert cell.points() == ["a", number(1), number(3), None]
