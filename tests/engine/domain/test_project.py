"""A key project has a number of one shape, a name, and costs nothing."""

from datetime import date
from decimal import Decimal

import pytest

from engine.domain.project import check_fee, check_name, check_number
from engine.kernel.errors import Invalid

TODAY = date(2015, 10, 26)


def test_a_number_is_taken_as_it_is():
    assert check_number(" 2015-430100-47-01-000001 ", TODAY) == "2015-430100-47-01-000001"


@pytest.mark.parametrize(
    "number",
    [
        "",
        "2015-430100-47-01-00001",
        "2015430100470100001",
        "２０１５-430100-47-01-000001",  # noqa: RUF001 - full width is the point
        "1999-430100-47-01-000001",
        pytest.param("2016-430100-47-01-000001", id="of a year to come"),
    ],
)
def test_another_number_is_refused(number):
    with pytest.raises(Invalid, match=r"project\.number"):
        check_number(number, TODAY)


@pytest.mark.parametrize("name", ["", "  ", "长" * 201])
def test_a_project_has_a_name(name):
    with pytest.raises(Invalid, match=r"project\.name"):
        check_name(name)


@pytest.mark.parametrize("fee", ["0.01", "100", "-1"])
def test_m_key_2_any_fee_is_refused(fee):
    with pytest.raises(Invalid, match=r"project\.fee"):
        check_fee(Decimal(fee))
    assert check_fee(Decimal("0.00")) == 0
