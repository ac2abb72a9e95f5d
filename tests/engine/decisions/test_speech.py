"""Facts in words: names, units, yes and no, what a cell asks for."""

from datetime import date
from decimal import Decimal

import pytest

from engine.cli.sentences import sentence
from engine.decisions.cells import read_cell
from engine.decisions.speech import Asked, Line, Speech, Value
from engine.domain.facts import by_name
from engine.feel.compile import unary_tests

CHINESE = Speech(lambda code, params: sentence(code, params, "zh_Hans"), words={"t9": "承诺件"})
ENGLISH = Speech(lambda code, params: sentence(code, params, "en"), english=True)


@pytest.mark.parametrize(
    ("name", "value", "chinese", "english"),
    [
        ("statutory_days", 11, "11 工作日", "11"),
        ("amount", Decimal("0.50"), "0.50 元", "0.50"),
        ("survey", False, "否", "no"),
        ("post", "chief", "首席代表", "Chief representative"),
        ("matter_type", "t9", "承诺件", "t9"),
        ("region", None, "未知", "unknown"),
        ("region", date(2026, 3, 1), "2026-03-01", "2026-03-01"),
        ("level", ["red", "none"], "红牌，无", "Red card, None"),
    ],
)
def test_a_value_is_said_with_its_unit_and_its_word(name, value, chinese, english):
    assert CHINESE.spoken(by_name(name), value) == chinese
    assert ENGLISH.spoken(by_name(name), value) == english


@pytest.mark.parametrize(
    ("name", "cell", "chinese"),
    [
        ("statutory_days", "<= 10", "≤ 10 工作日"),
        ("statutory_days", "(10..20]", "> 10 工作日 且 ≤ 20 工作日"),
        ("statutory_days", "not(3)", "不是 3 工作日"),
        ("statutory_days", "-", "任意"),
        ("statutory_days", "? * 2 > 4", "? * 2 > 4"),
        ("post", '"chief", "clerk"', "首席代表 或 窗口人员"),
        ("survey", "true", "是"),
        ("region", "null", "未知"),
    ],
)
def test_what_a_cell_asks_for_is_said_in_words(name, cell, chinese):
    test = Asked(by_name(name), name, cell, read_cell(unary_tests(cell, ()).tree))
    assert CHINESE.test(test) == chinese


def test_a_case_names_its_facts_and_a_column_without_one_its_label():
    values = [Value(by_name("steps"), "环节数", 2), Value(None, "合计", True)]
    assert CHINESE.case(values) == "环节数 2 个，合计 是"
    assert ENGLISH.case(values) == "Steps 2, 合计 yes"


def test_a_line_is_a_sentence_for_people_and_plain_for_json():
    line = Line("explain.missed", {"number": 3, "cells": 2}, "r3")
    assert CHINESE.line(line) == "第 3 行未命中，有 2 项不符："
    assert line.plain() == {
        "code": "explain.missed",
        "row": "r3",
        "params": {"number": 3, "cells": 2},
    }
