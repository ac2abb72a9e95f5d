"""Facts from outside are checked by name and kind before anything decides."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from engine.decisions.given import Given, reader_of
from engine.domain.facts import Fact, FactKind, by_name
from engine.feel.temporal import Date
from engine.kernel.errors import Invalid

FACTS = [by_name(name) for name in ("法定天数", "现场勘查", "power", "amount", "region")]
DAY = Fact("day", "日期", "Day", FactKind.DATE)


def refused(facts):
    with pytest.raises(Invalid) as caught:
        Given(FACTS).read(facts)
    return caught.value


def test_facts_are_read_by_either_name_into_their_order():
    read = Given(FACTS).read({"power": "decide", "statutory_days": 20, "现场勘查": True})
    assert read == [Decimal(20), True, "decide", None, None]
    assert type(read[0]) is Decimal


def test_known_facts_that_are_not_asked_for_are_passed_over():
    assert Given(FACTS).read({"post": "chief", "岗位": "head"}) == [None] * 5


@pytest.mark.parametrize(
    ("facts", "code", "params"),
    [
        ({"法定天敷": 1}, "decision.unknown_fact", {"name": "法定天敷", "nearest": "法定天数"}),
        ({"x" * 500: 1}, "decision.unknown_fact", {"nearest": "—"}),
        ({5: 1}, "decision.unknown_fact", {"name": "5"}),
        ({"法定天数": "20"}, "decision.wrong_kind", {"name": "法定天数", "kind": "number"}),
        ({"法定天数": True}, "decision.wrong_kind", {"value": "True"}),
        ({"法定天数": 20.0}, "decision.wrong_kind", {"value": "20.0"}),
        ({"法定天数": Decimal("NaN")}, "decision.wrong_kind", {}),
        ({"法定天数": Decimal("-Infinity")}, "decision.wrong_kind", {}),
        ({"法定天数": 10**40 + 1}, "decision.wrong_kind", {}),
        ({"法定天数": 10**30_000}, "decision.wrong_kind", {}),
        ({"法定天数": Decimal("1.5")}, "decision.not_whole", {"value": "1.5"}),
        ({"法定天数": 0}, "decision.too_small", {"value": "0", "least": "1"}),
        ({"现场勘查": 1}, "decision.wrong_kind", {"kind": "boolean"}),
        ({"现场勘查": "是"}, "decision.wrong_kind", {}),
        ({"power": "veto"}, "decision.not_allowed", {"value": "veto"}),
        ({"power": ["decide"]}, "decision.wrong_kind", {}),
        ({"region": "\ud800"}, "decision.text", {"name": "区域"}),
        ({"region": "x" * 10_001}, "decision.text", {}),
        ({"amount": 1, "金额": 2}, "decision.twice", {"name": "金额"}),
    ],
    ids=lambda value: None if isinstance(value, dict) else value,
)
def test_what_is_no_fact_or_of_a_wrong_kind_is_refused(facts, code, params):
    error = refused(facts)
    assert error.code == code
    assert params.items() <= error.params.items()


def test_a_large_amount_is_a_number_like_any_other():
    assert Given(FACTS).read({"amount": 10**30})[3] == Decimal(10) ** 30


def test_what_an_error_shows_is_short_and_can_be_stored():
    error = refused({"power": "甲" * 1000 + "\ud800"})
    assert len(error.params["value"]) < 100
    assert refused({"\udfff": 1}).params["name"].encode()


@pytest.mark.parametrize(
    "value", [date(2026, 11, 22), "2026-11-22"], ids=["a date", "as JSON has it"]
)
def test_a_day_is_read_from_a_date_or_its_text(value):
    assert reader_of(DAY)(value) == Date(2026, 11, 22)


@pytest.mark.parametrize("value", [datetime(2026, 11, 22), "22.11.2026", "2026-02-30", 20261122])
def test_what_is_no_day_is_refused(value):
    with pytest.raises(Invalid, match=r"decision\.wrong_kind"):
        reader_of(DAY)(value)
