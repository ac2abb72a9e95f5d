"""One value has one text, and the text gives the value back."""

from datetime import UTC, date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.canonical import dumps, loads

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.times(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_what_was_written_is_read_back(value):
    assert loads(dumps(value)) == value


def test_the_order_of_keys_does_not_matter():
    assert dumps({"b": 1, "a": 2}) == dumps({"a": 2, "b": 1}) == b'{"a":2,"b":1}'


def test_a_decimal_keeps_its_digits():
    assert str(loads(dumps(Decimal("1.10")))) == "1.10"


def test_sets_and_tuples_have_a_fixed_order():
    assert dumps({"b", "a"}) == dumps(("a", "b")) == b'["a","b"]'


def test_an_amount_of_time_is_kept():
    assert loads(dumps(timedelta(minutes=90))) == timedelta(minutes=90)


@pytest.mark.parametrize("value", [date(2026, 10, 10), time(17, 30)], ids=["day", "time"])
def test_a_value_beyond_json_carries_its_kind(value):
    assert b'"$"' in dumps(value)


def test_a_mapping_that_looks_tagged_stays_a_mapping():
    assert loads(dumps({"$": "unheard of", "v": "x"})) == {"$": "unheard of", "v": "x"}


def test_what_has_no_canonical_form_is_refused():
    with pytest.raises(TypeError):
        dumps(object())
