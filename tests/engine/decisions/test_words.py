"""Cells in words say what the FEEL says, and nothing is guessed."""

import pytest

from engine.decisions.cells import read_cell
from engine.decisions.words import (
    Vocabulary,
    read_test,
    read_value,
    say_test,
    say_value,
    vocabulary,
)
from engine.domain.facts import Word, by_name
from engine.feel.compile import expression, unary_tests
from engine.feel.temporal import Date
from engine.kernel.errors import Invalid

DAYS = vocabulary(by_name("法定天数"), None)
AMOUNT = vocabulary(by_name("金额"), None)
POST = vocabulary(by_name("岗位"), None)
YES_NO = vocabulary(by_name("听证"), None)
REGION = vocabulary(by_name("区域"), None)
DATE = Vocabulary("date")
KINDS = {"string": REGION, "number": Vocabulary("number"), "boolean": YES_NO, "date": DATE}


@pytest.mark.parametrize(
    ("words", "feel", "said"),
    [
        (DAYS, "-", "任意"),
        (DAYS, "5", "5"),
        (DAYS, "null, 5", "空、5"),
        (DAYS, "[2..3]", "2至3"),
        (DAYS, "(2..3]", "超过2至3"),
        (DAYS, "[2..3)", "2至不满3"),
        (DAYS, "(2..3)", "超过2至不满3"),
        (DAYS, ">= 2", "2以上"),
        (DAYS, "<= 2", "2以下"),
        (DAYS, "> 2", "超过2"),
        (DAYS, "< -2", "不满-2"),
        (DAYS, "< 2, > 9", "不满2、超过9"),
        (DAYS, "not(2, 3)", "除2、3外"),
        (AMOUNT, "0.5000", "0.5"),
        (POST, '"clerk", "chief"', "窗口人员、首席代表"),
        (POST, 'not("clerk")', "除窗口人员外"),
        (POST, '"nobody"', "“nobody”"),
        (YES_NO, "true", "是"),
        (YES_NO, "not(false)", "除否外"),
        (REGION, '"雁城"', "“雁城”"),
        (REGION, 'starts with(?, "雁")', "开头是“雁”"),
        (DATE, '>= date("2026-01-31")', "2026-01-31起"),
        (DATE, '< @"2026-02-01"', "早于2026-02-01"),
        (DATE, '(date("2026-01-31")..date("2026-02-01")]', "晚于2026-01-31至2026-02-01"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_plain_cell_has_words_that_mean_the_same(words, feel, said):
    tree = unary_tests(feel, ()).tree
    assert say_test(tree, words) == said
    again = read_test(said, words)
    assert again.understood == said
    back = unary_tests(again.feel, ()).tree
    assert read_cell(back) == read_cell(tree)
    assert say_test(back, words) == said


@pytest.mark.parametrize(
    ("words", "feel"),
    [
        (DAYS, "? * 2 > 6"),
        (DAYS, '"五"'),
        (DAYS, "0.00001"),
        (DAYS, "[3..2]"),
        (DAYS, "1234567890123456"),
        (REGION, '< "乙"'),
        (REGION, '"“雁”"'),
        (POST, "5"),
        (Vocabulary(None), "5"),
    ],
    ids=[
        "reckoned",
        "of another kind",
        "too fine for a sheet",
        "empty range",
        "more digits than Excel holds",
        "text in order",
        "quotes inside",
        "a number among codes",
        "a column of no fact",
    ],
)
def test_what_has_no_words_is_left_to_the_experts(words, feel):
    assert say_test(unary_tests(feel, ()).tree, words) is None


def empty(test):
    """A range that holds nothing, which no words need to say."""
    ends = [
        point.ordinal() if isinstance(point, Date) else point for point in (test.low, test.high)
    ]
    return ends[0] >= ends[1]


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("seed", range(40))
def test_random_cells_keep_their_meaning(dice, kind, seed):
    chance = dice(seed)
    text = chance.cell(kind)
    run = unary_tests(text, ())
    said = say_test(run.tree, KINDS[kind])
    if said is None:
        cell = read_cell(run.tree)
        assert cell is None or any(empty(test) for test in cell.tests)
        return
    again = unary_tests(read_test(said, KINDS[kind]).feel, ())
    assert read_cell(again.tree) is None or say_test(again.tree, KINDS[kind]) == said
    one, other = read_cell(run.tree), read_cell(again.tree)
    assert one == other or text.startswith(("!=", "starts"))


@pytest.mark.parametrize(
    ("words", "text", "feel", "understood"),
    [
        (DAYS, "１０", "10", "10"),
        (DAYS, "≥ 2", ">= 2", "≥ 2"),
        (DAYS, "＞＝１", ">= 1", ">=1"),
        (DAYS, "1，000", "1000", "1000"),
        (DAYS, "1,234,567以下", "<= 1234567", "1234567以下"),
        (DAYS, "1，2", "1, 2", "1、2"),
        (DAYS, "[2..3)", "[2..3)", "[2..3)"),
        (DAYS, "-", "-", "任意"),
        (POST, "首席代表,窗口人员", '"chief", "clerk"', "首席代表、窗口人员"),
        (REGION, '"雁, 城"', '"雁, 城"', "“雁, 城”"),
        (REGION, "雁城", '"雁城"', "雁城"),
        (DATE, "2026年1月31日起", '>= date("2026-01-31")', "2026-01-31起"),
        (DATE, "2026/1/5", 'date("2026-01-05")', "2026-01-05"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_people_type_is_understood_and_told(words, text, feel, understood):
    said = read_test(text, words)
    assert (said.feel, said.understood) == (feel, understood)


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        (DAYS, "多", "sheet.not_number"),
        (DAYS, "2.5", "sheet.not_whole"),
        (DAYS, "3至2", "sheet.range"),
        (DAYS, "(2..2]", "sheet.range"),
        (DAYS, "1-2", "sheet.not_number"),
        (DAYS, "1、、2", "sheet.not_number"),
        (DAYS, "1.23456", "sheet.not_number"),
        (DATE, "2026-02-30", "sheet.not_day"),
        (DATE, "46000", "sheet.not_day"),
        (YES_NO, "对", "sheet.not_yes_no"),
        (POST, "首席", "sheet.unknown_word"),
        (POST, "窗口人员、", "sheet.unknown_word"),
        (REGION, "“雁", "sheet.quotes"),
        (REGION, "开头是雁", "sheet.unknown_word"),
        (DAYS, "专家：? > 2", "sheet.expert"),
        (Vocabulary(None), "5", "sheet.expert"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_understood_is_refused(words, text, code):
    with pytest.raises(Invalid) as caught:
        read_test(text, words)
    assert caught.value.code == code


def test_an_unknown_word_comes_with_the_three_nearest():
    with pytest.raises(Invalid) as caught:
        read_test("窗口人", POST)
    near = str(caught.value.params["nearest"]).split("、")
    assert len(near) == 3
    assert near[0] == "窗口人员"


@pytest.mark.parametrize(
    ("words", "feel", "said"),
    [
        (REGION, '"雁城、“新区”"', "雁城、“新区”"),
        (REGION, '"空"', "“空”"),
        (REGION, "null", "空"),
        (REGION, '""', "“”"),
        (REGION, '"=1+1"', "=1+1"),
        (POST, '"chief"', "首席代表"),
        (DAYS, "-3", "-3"),
        (YES_NO, "false", "否"),
        (DATE, 'date("2026-01-31")', "2026-01-31"),
        (DAYS, "1 + 1", None),
        (DAYS, "[1, 2]", None),
        (REGION, '"“x”"', None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_output_has_its_words(words, feel, said):
    tree = expression(feel, ()).tree
    assert say_value(tree, words) == said
    if said is not None:
        assert say_value(expression(read_value(said, words).feel, ()).tree, words) == said
        assert expression(read_value(said, words).feel, ())({}) == expression(feel, ())({})


def test_an_output_may_not_be_empty_nor_a_list():
    for text, words, code in (
        (" ", REGION, "sheet.empty"),
        ("2以上", DAYS, "sheet.not_number"),
        ("首席代表、窗口人员", POST, "sheet.unknown_word"),
    ):
        with pytest.raises(Invalid) as caught:
            read_value(text, words)
        assert caught.value.code == code


def test_words_that_would_be_misread_give_way_to_codes():
    fact = by_name("办件类型")
    words = vocabulary(
        fact,
        None,
        (Word("a", "任意", ""), Word("b", "同名", ""), Word("c", "同名", ""), Word("d", "丁", "")),
    )
    assert words.labels == {"a": "“a”", "b": "“b”", "c": "“c”", "d": "丁"}
