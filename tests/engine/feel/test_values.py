"""Values: equality, order, membership, text; to Python and back."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.evaluation import NoValue
from engine.feel.temporal import Date, DateTime, DaysDuration, Time, YearsDuration
from engine.feel.values import (
    Range,
    belongs,
    compare,
    conjunction,
    disjunction,
    equal,
    from_python,
    identity,
    literal,
    make_range,
    text_of,
    to_python,
    within,
)
from engine.kernel.errors import Invalid

LOGIC = (True, False, None)
FACT = st.recursive(
    st.none()
    | st.booleans()
    | st.decimals(-(10**9), 10**9, places=3)
    | st.text("甲乙ab 12", max_size=5)
    | st.dates()
    | st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("甲ab", max_size=3), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(("one", "other"), list(product(LOGIC, LOGIC)))
def test_de_morgan_holds_with_null(one: bool | None, other: bool | None) -> None:
    def negated(value: bool | None) -> bool | None:
        return None if value is None else not value

    assert negated(conjunction((one, other))) == disjunction((negated(one), negated(other)))
    assert conjunction((one, other)) == conjunction((other, one))
    assert disjunction((one, other)) == disjunction((other, one))


@pytest.mark.parametrize(("one", "other", "third"), list(product(LOGIC, LOGIC, LOGIC)))
def test_and_and_or_distribute_over_each_other(
    one: bool | None, other: bool | None, third: bool | None
) -> None:
    left = conjunction((one, disjunction((other, third))))
    assert left == disjunction((conjunction((one, other)), conjunction((one, third))))


def test_what_is_no_boolean_counts_as_null() -> None:
    assert conjunction((True, "a")) is None
    assert conjunction((False, "a")) is False
    assert disjunction((False, 1)) is None


@given(value=FACT)
@settings(max_examples=80, deadline=None)
def test_a_value_equals_itself_and_shares_its_identity(value: object) -> None:
    feel, again = from_python(value), from_python(value)
    assert equal(feel, again) is True
    assert identity(feel) == identity(again)
    assert to_python(feel) == value


@given(one=FACT, other=FACT)
@settings(max_examples=80, deadline=None)
def test_equality_is_symmetric_and_agrees_with_identity(one: object, other: object) -> None:
    left, right = from_python(one), from_python(other)
    assert equal(left, right) == equal(right, left)
    if equal(left, right) is True:
        assert identity(left) == identity(right)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (None, None, True),
        (None, Decimal(1), False),
        (Decimal("1.0"), Decimal(1), True),
        (Decimal(1), "1", None),
        (True, Decimal(1), None),
        ([Decimal(1)], [Decimal(1), Decimal(2)], False),
        ([None], [None], True),
        ({"a": Decimal(1)}, {"a": Decimal(1)}, True),
        ({"a": Decimal(1)}, {"b": Decimal(1)}, False),
        (YearsDuration(1), DaysDuration(1), None),
        (Time(0), Time(0, 0), False),
        (Time(0), Time(0), True),
        (Time(3600 * 10**9, 3600), Time(0, 0), True),
        (
            Range(Decimal(1), Decimal(2), True, True),
            Range(Decimal(1), Decimal(2), True, True),
            True,
        ),
        (
            Range(Decimal(1), Decimal(2), True, True),
            Range(Decimal(1), Decimal(2), True, False),
            False,
        ),
    ],
)
def test_equality_by_kind(one: object, other: object, expected: bool | None) -> None:
    assert equal(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, Decimal(1)),
        (Decimal(1), "1"),
        (True, False),
        ([], []),
        (Time(0), Time(0, 0)),
        (YearsDuration(1), DaysDuration(1)),
    ],
)
def test_what_has_no_order_is_not_compared(one: object, other: object) -> None:
    with pytest.raises(NoValue):
        compare(one, other)


@pytest.mark.parametrize(
    ("value", "test", "expected"),
    [
        (Decimal(1), Range(Decimal(1), Decimal(2), False, True), False),
        (Decimal(2), Range(Decimal(1), Decimal(2), False, True), True),
        (Decimal(5), Range(Decimal(1), None, False, False), True),
        ("b", Range("a", "c", True, True), True),
        ("b", Range(Decimal(1), Decimal(2), True, True), None),
        (None, Range(Decimal(1), Decimal(2), True, True), None),
        (Decimal(1), [Decimal(2), Decimal(1)], True),
        (Decimal(1), ["a"], False),
        ([Decimal(1)], [Decimal(1)], True),
        ([Decimal(1)], [[Decimal(1)]], True),
        (None, None, True),
        (None, Decimal(1), False),
        (Decimal(3), Range(Decimal(3), Decimal(3), True, True, "!="), False),
        (Decimal(4), Range(Decimal(3), Decimal(3), True, True, "!="), True),
    ],
)
def test_membership(value: object, test: object, expected: bool | None) -> None:
    assert belongs(value, test) is expected


def test_a_range_needs_two_ends_of_one_kind() -> None:
    for low, high in ((None, None), (Decimal(1), "a"), (True, False), ([], [])):
        with pytest.raises(NoValue):
            make_range(low, high, True, True)


def test_a_range_of_dates_holds_its_closed_end() -> None:
    november = make_range(Date(2026, 11, 1), Date(2026, 12, 1), True, False)
    assert within(Date(2026, 11, 30), november)
    assert not within(Date(2026, 12, 1), november)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1e3"), "1000"),
        (Decimal("-0.00"), "0"),
        (["a", Decimal(1), None], '["a", 1, null]'),
        ({"名称": "x", "a-b": Decimal(1)}, '{名称: "x", "a-b": 1}'),
        ('say "a"\\', '"say \\"a\\"\\\\"'),
        (Range(Decimal(1), None, False, False), "(1..)"),
    ],
)
def test_a_value_is_written_as_feel_writes_it(value: object, expected: str) -> None:
    assert literal(value) == expected


def test_a_text_as_text_has_no_quotes() -> None:
    assert text_of("a") == "a"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.1, "feel.value.float"),
        (float("nan"), "feel.value.float"),
        (Decimal("NaN"), "feel.value.number"),
        (Decimal("Infinity"), "feel.value.number"),
        (Decimal("1" * 35), "feel.value.number"),
        (10**6145, "feel.value.number"),
        (1 << 10**6, "feel.value.number"),
        ("\ud800", "feel.value.text"),
        ("a" * 1_000_001, "feel.budget"),
        ({1: 2}, "feel.value.name"),
        ({"\udfff": 2}, "feel.value.name"),
        (b"x", "feel.value.kind"),
        ({1, 2}, "feel.value.kind"),
        (1j, "feel.value.kind"),
    ],
    ids=lambda part: str(part)[:20] if isinstance(part, str) else type(part).__name__,
)
def test_what_is_no_fact_is_refused(value: object, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        from_python([value])
    assert refusal.value.code == code


def test_a_list_within_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(Invalid, match=r"feel\.budget"):
        from_python(endless)
    with pytest.raises(Invalid, match=r"feel\.budget"):
        to_python(endless)


def test_a_large_number_that_is_exact_is_a_fact() -> None:
    assert from_python(10**30) == Decimal(10**30)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 11, 22, 9, 30), "2026-11-22T09:30:00"),
        (datetime(2026, 11, 22, 1, 30, tzinfo=UTC), "2026-11-22T01:30:00Z"),
        (
            datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
            "2026-11-22T09:00:00@Asia/Shanghai",
        ),
        (time(9, 30, tzinfo=timezone(timedelta(hours=8))), "09:30:00+08:00"),
        (timedelta(days=-1, seconds=1), "-PT23H59M59S"),
        ((1, 2), "[1, 2]"),
    ],
    ids=str,
)
def test_moments_of_python_keep_zone_and_offset(value: object, expected: str) -> None:
    feel = from_python(value)
    assert literal(feel) == expected
    back = to_python(feel)
    assert back == (list(value) if isinstance(value, tuple) else value)


def test_what_python_has_no_value_for_becomes_text() -> None:
    assert to_python(YearsDuration(14)) == "P1Y2M"
    assert to_python(Date(-44, 3, 15)) == "-0044-03-15"
    assert to_python(DateTime(Date(10_000, 1, 1), Time(0))) == "10000-01-01T00:00:00"
    assert to_python(make_range(Decimal(1), Decimal(2), True, False)) == "[1..2)"


def test_a_function_is_no_plain_data() -> None:
    with pytest.raises(Invalid, match=r"feel\.value\.function"):
        to_python(lambda: 1)


def test_python_dates_come_back() -> None:
    assert to_python(from_python(date(2026, 11, 22))) == date(2026, 11, 22)
