"""Why a row decided, why each other did not, and what would change it."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.cli.sentences import sentence
from engine.decisions.decide import Table, explain
from engine.decisions.reasons import reasons
from engine.decisions.speech import Asked, Speech
from engine.decisions.table import read_draft
from engine.kernel.errors import Conflict

ROWS = [("<= 10", "false", '"即办件"'), ("> 10", "false", '"承诺件"'), ("-", "true", '"承诺件"')]


def decided(xml, **facts):
    return explain(Table(read_draft(xml)), facts)


def told(decision, language="zh_Hans"):
    speech = Speech(lambda code, params: sentence(code, params, language), language == "en")
    return [speech.line(line) for line in reasons(decision)]


def codes(decision):
    return [line.code for line in reasons(decision)]


def test_the_row_that_decided_is_told_with_every_condition_its_law_and_the_others(days):
    decision = decided(days(ROWS), 法定天数=15, 现场勘查=False)
    assert told(decision)[:-1] == [
        "“d”的结论：办件类型 承诺件。",
        "命中策略：只能有一行命中，第 2 行生效。",
        "第 2 行命中并生效：",
        "要求 法定天数 > 10 工作日，实际为 15 工作日，符合。",
        "要求 现场勘查 否，实际为 否，符合。",
        "依据：第四十二条",
        "第 1 行未命中，有 1 项不符：",
        "要求 法定天数 ≤ 10 工作日，实际为 15 工作日。",
        "第 3 行未命中，有 1 项不符：",
        "要求 现场勘查 是，实际为 否。",
        "若 法定天数 ≤ 10 工作日，则 办件类型 即办件（第 1 行）。",
    ]
    assert decision.version.startswith(told(decision)[-1].partition("：")[2])


def test_the_same_in_english(days):
    lines = told(decided(days(ROWS), 法定天数=15, 现场勘查=False), "en")
    assert "It asks for Statutory days > 10; it was 15: met." in lines
    assert "If Statutory days ≤ 10, then Type of matter 即办件 (row 1)." in lines


def test_a_reason_as_json_names_facts_and_says_no_sentence(days):
    (line,) = (
        one
        for one in reasons(decided(days(ROWS), 法定天数=15, 现场勘查=False))
        if one.code == "explain.failed" and one.row == "r1"
    )
    assert line.plain() == {
        "code": "explain.failed",
        "row": "r1",
        "params": {
            "test": {"name": "statutory_days", "test": "<= 10"},
            "value": {"name": "statutory_days", "value": 15},
        },
    }


def test_a_row_that_hit_below_the_first_is_told_apart(days):
    rows = [("<= 10", "-", '"a"'), ("-", "-", '"b"')]
    decision = decided(days(rows, "FIRST"), 法定天数=5, 现场勘查=True)
    assert "explain.hit_too" in codes(decision)
    assert "命中策略：命中 1，2，取最靠前的第 1 行。" in told(decision)
    assert "若 法定天数 > 10 工作日，则 办件类型 b（第 2 行）。" not in told(decision), "it hit"


@pytest.mark.parametrize(
    ("rows", "facts", "advice"),
    [
        (
            [("[5..10]", "-", '"a"'), ("> 10", "-", '"b"'), ("< 5", "-", '"c"')],
            {"法定天数": 11},
            "若 法定天数 ≥ 5 工作日 且 ≤ 10 工作日，则 办件类型 a（第 1 行）。",
        ),
        (
            [("20", "true", '"a"'), ("< 20", "-", '"b"'), ("20", "false", '"c"')],
            {"法定天数": 3, "现场勘查": True},
            "若 法定天数 20 工作日，则 办件类型 a（第 1 行）。",
        ),
        (
            [("<= 10", "true", '"a"'), ("> 10", "false", '"b"')],
            {"法定天数": 20, "现场勘查": False},
            "若 法定天数 10 工作日，现场勘查 是，则 办件类型 a（第 1 行）。",
        ),
        (
            [("<= 10", "true", '"a"'), ("-", "false", '"b"'), ("> 10", "true", '"b"')],
            {"法定天数": 5, "现场勘查": False},
            "若 现场勘查 是，则 办件类型 a（第 1 行）。",
        ),
    ],
    ids=["a range", "a point", "two facts", "a yes"],
)
def test_the_nearest_other_outcome_is_told_by_the_fewest_facts(days, rows, facts, advice):
    assert advice in told(decided(days(rows), **facts))


def test_there_is_no_advice_that_changes_nothing_or_that_two_rows_would_meet(days):
    same = [("<= 10", "-", '"a"'), ("> 10", "-", '"a"')]
    assert "explain.instead" not in codes(decided(days(same), 法定天数=5))
    both = [("<= 10", "-", '"a"'), ("> 10", "-", '"b"'), ("> 10", "-", '"c"')]
    assert "explain.instead" not in codes(decided(days(both), 法定天数=5))


def test_what_cannot_be_judged_and_no_row_at_all_are_said(days):
    decision = decided(days([("? * 2 > 20", "true", '"a"')]), 现场勘查=True)
    assert decision.outcome == {"matter_type": None}
    assert {"explain.no_row", "explain.unknown_cell"} <= set(codes(decision))
    assert "要求 法定天数 ? * 2 > 20，实际为 未知，无法判断。" in told(decision)


def test_a_list_names_all_its_rows_and_gives_no_advice(days):
    rows = [("<= 10", "-", '"a"'), ("-", "-", '"b"'), ("> 90", "-", '"c"')]
    decision = decided(days(rows, "COLLECT"), 法定天数=5, 现场勘查=True)
    assert "命中策略：列出全部命中的行：1，2。" in told(decision)
    assert "explain.instead" not in codes(decision)


@pytest.mark.parametrize("name", ["classification", "authority", "escalation", "four_eyes"])
def test_every_reason_of_the_hall_has_its_sentence_in_both_languages(hall_table, name):
    decision = decided(hall_table(name))
    for language in ("zh_Hans", "en"):
        for text in told(decision, language):
            assert text
            assert not text.startswith("explain.")
            assert "%(" not in text


@given(st.integers(1, 60), st.booleans(), st.lists(st.integers(1, 60), min_size=1, max_size=6))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_advice_that_is_followed_leads_to_the_row_that_it_names(days, number, survey, cuts):
    ends = [*sorted(set(cuts)), 1000]
    rows = [
        (f"[{low}..{high})", cell, f'"{low} {cell}"')
        for low, high in zip([1, *ends], ends, strict=False)
        if low < high
        for cell in ("true", "false")
    ]
    table = Table(read_draft(days(rows)))
    facts = {"statutory_days": number, "survey": survey}
    decision = explain(table, facts)
    advice = [line for line in reasons(decision) if line.code == "explain.instead"]
    assert advice or len(rows) == 1
    for line in advice:
        (test,) = line.params["tests"]
        assert isinstance(test, Asked)
        for value in followed(test):
            try:
                again = explain(table, facts | {test.fact.key: value})
            except Conflict:
                pytest.fail("advice met two rows")
            assert again.rows == (line.row,)
            assert again.outcome != decision.outcome


def followed(test):
    (only,) = test.cell.tests
    if not hasattr(only, "low"):
        return [only.value]
    low = Decimal(1) if only.low is None else only.low + (0 if only.low_closed else 1)
    high = low if only.high is None else only.high - (0 if only.high_closed else 1)
    return [int(low), int(high)]
