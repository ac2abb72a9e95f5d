"""What may be a variable of a case."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest

from engine.kernel.errors import Invalid
from engine.processes.plain import plain, plain_variables

PLAIN = [
    None,
    True,
    7,
    -(2**63) + 1,
    Decimal("1.10"),
    "文字 𠮷",
    date(2026, 1, 5),
    time(9, 30),
    datetime(2026, 1, 5, tzinfo=UTC),
    timedelta(days=1),
    [1, ["a"]],
    {"a": {"金额": 1}},
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_stay_as_they_are(value):
    assert plain(value, "x") == value
    assert type(plain(value, "x")) is type(value)


def test_other_containers_become_plain_ones():
    assert plain((1, (2,)), "x") == [1, [2]]
    assert type(plain(MappingProxyType({"a": 1}), "x")) is dict


def test_an_integer_beyond_64_bits_becomes_a_decimal():
    assert plain(10**30, "x") == Decimal(10**30)
    assert isinstance(plain(10**30, "x"), Decimal)


def test_a_list_is_copied_so_that_the_caller_cannot_change_a_case():
    mine = [1]
    assert plain(mine, "x") is not mine


def nested(depth):
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [1.5, float("inf"), Decimal("Infinity"), Decimal("sNaN"), {1}, b"x", nested(17), {"$": 1}],
    ids=["float", "inf", "Infinity", "sNaN", "set", "bytes", "too deep", "our own tag"],
)
def test_what_is_not_plain_is_refused_with_its_name(value):
    with pytest.raises(Invalid, match=r"process\.data") as refused:
        plain(value, "金额")
    assert refused.value.params["name"] == "金额"


@pytest.mark.parametrize("name", ["", "$", 1, None, "x" * 201], ids=repr)
def test_names_that_could_not_be_stored_are_refused(name):
    with pytest.raises(Invalid, match=r"process\.data"):
        plain_variables({name: 1})
