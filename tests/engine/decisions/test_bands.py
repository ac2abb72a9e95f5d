"""A case of a proof has values that its facts may have."""

from decimal import Decimal

import pytest

from engine.decisions.bands import bands_of
from engine.decisions.table import read_draft


@pytest.fixture
def column(table):
    """Make the bands of a table's only column."""

    def make(name, kind, *cells, before=""):
        rows = [(cell, '"x"') for cell in cells]
        xml = table([(name, kind)], [("理由", "string")], rows, before=before)
        return bands_of(read_draft(xml), 0)

    return make


def values(bands):
    return [bands.value([number]) for number in bands.feasible()]


def test_whole_numbers_have_no_band_between_neighbours_and_none_below_the_least(column):
    assert values(column("法定天数", "number", "<= 10", "> 11", "< -3", "1.5")) == [
        Decimal(1),
        Decimal(2),
        Decimal(10),
        Decimal(11),
        Decimal(12),
    ]


def test_a_fact_without_a_least_value_goes_below_the_first_bound(column):
    assert values(column("距承诺到期工作日", "number", "<= 0.5"))[1:] == [Decimal(0), Decimal(1)]


def test_an_optional_fact_may_be_unknown_and_has_decimals(column):
    bands = column("金额", "number", "<= 10")
    assert values(bands) == [None, Decimal(0), Decimal(10), Decimal("10.0001")]
    assert bands.value(bands.feasible()) is not None


def test_any_other_text_is_a_word_of_the_fact_that_no_cell_names(column):
    assert set(values(column("岗位", "string", '"clerk"'))) == {"clerk", "reviewer"}
    every = '"clerk", "reviewer", "chief", "stand_in", "head"'
    assert "∅" not in values(column("岗位", "string", every))


def test_values_that_the_type_does_not_allow_are_no_case(column):
    small = (
        '<itemDefinition name="few"><typeRef>number</typeRef>'
        "<allowedValues><text>1, 2, 3</text></allowedValues></itemDefinition>"
    )
    bands = column("法定天数", "few", "1", "3", before=small)
    assert values(bands) == [Decimal(1), Decimal(2), Decimal(3)]


def test_a_null_that_a_cell_names_is_reckoned_with(column):
    assert None not in values(column("听证", "boolean", "true"))
    assert None in values(column("听证", "boolean", "true", "null"))
