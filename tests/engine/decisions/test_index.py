"""The index finds exactly the rows that the closures find, and a value has exactly one band."""

import time
from decimal import Decimal

import pytest

from engine.decisions.dmn import read_model
from engine.decisions.index import Index, places
from engine.decisions.rows import Names, compile_rows
from engine.feel.evaluation import Evaluation
from engine.feel.temporal import Date, Time
from engine.feel.values import from_python

KINDS = ("string", "number", "boolean", "date")


def banded(column, value):
    find, bands = column.finder(type(value))
    return bands[find(value)]


@pytest.fixture
def compiled(table):
    def make(rows, kinds=KINDS):
        names = [f"列{number}" for number in range(len(kinds))]
        inputs = list(zip(names, kinds, strict=True))
        xml = table(inputs, [("果", "string")], [[*row, '"x"'] for row in rows], "COLLECT")
        logic = read_model(xml).decisions[0].logic
        return compile_rows(logic, Names(frozenset(names), {}))

    return make


@pytest.mark.parametrize("seed", range(12))
def test_random_tables_have_the_same_rows_by_index_and_by_closures(compiled, dice, seed):
    rnd = dice(seed)
    kinds = [rnd.choice(KINDS) for _ in range(rnd.randint(1, 6))]
    declared = [rnd.choice([kind, kind, kind, "Any"]) for kind in kinds]
    rows = compiled(rnd.rows(kinds, rnd.choice([1, 7, 40])), declared)
    index = Index(rows)
    for _ in range(150):
        values = [from_python(rnd.value(kind)) for kind in kinds]
        scope = {f"列{number}": value for number, value in enumerate(values)}
        judged = rows.judge(scope, Evaluation())
        expected = rows.hits(judged, scope, Evaluation())
        assert index.hits(judged, scope, Evaluation()) == expected


def test_every_band_says_what_the_closures_say_about_its_value(compiled, dice):
    rows = compiled(dice(3).rows(KINDS, 60))
    for number, column in enumerate(Index(rows).columns):
        for place, band in enumerate(column.bands):
            if band.interval and band.value is None:
                continue
            assert banded(column, band.value) == place
            for row, (tests, cells) in enumerate(zip(rows.tests, rows.cells, strict=True)):
                if cells[number] is not None:
                    held = column.bits[place] >> row & 1
                    assert held == (tests[number](band.value, {}) is True)


def test_neighbouring_days_have_no_band_between_them(compiled):
    rows = compiled([['[@"2026-11-21"..@"2026-11-22"]']], ["date"])
    column = Index(rows).columns[0]
    assert [band.value for band in column.bands] == [
        None,
        Date(2026, 11, 20),
        Date(2026, 11, 21),
        None,
        Date(2026, 11, 22),
        Date(2026, 11, 23),
    ]


@pytest.mark.parametrize(
    "text",
    ["9999999999999999999999999999999999", "-9999999999999999999999999999999999", "1E-6000"],
)
def test_numbers_of_all_digits_are_banded_exactly(compiled, text):
    number = Decimal(text)
    rows = compiled([[f"< {number:f}" if abs(number) > 1 else "< 1E-6000"], ["> 0"]], ["number"])
    index = Index(rows)
    for value in (number, number.next_plus(), number.next_minus(), Decimal(0)):
        value = from_python(value)
        scope = {"列0": value}
        assert index.hits([value], scope, Evaluation()) == rows.hits([value], scope, Evaluation())


def test_any_other_text_is_a_band_even_when_its_own_sign_is_a_word(compiled):
    column = Index(compiled([['"∅"'], ['"∅∅"']], ["string"])).columns[0]
    assert column.bands[-1].other
    assert banded(column, "anything") == len(column.bands) - 1


def test_a_value_without_bands_is_judged_by_the_closures(compiled):
    rows = compiled([['? = @"09:00:00"'], ["-"]], ["Any"])
    index = Index(rows)
    nine = Time(9 * 3600 * 10**9)
    assert index.key([nine], {"列0": nine}, Evaluation()) is None
    assert index.hits([nine], {"列0": nine}, Evaluation()) == (0, 1)


def test_derived_cells_are_part_of_the_key(compiled):
    rows = compiled([["? > 3 + 1"], ["? > 3 + 1"], ["1"]], ["number"])
    index = Index(rows)
    assert len(index.derived) == 1, "one text is asked once"
    low, high = (index.key([Decimal(n)], {}, Evaluation()) for n in (4, 5))
    assert low != high
    assert (places(index.bits(low)), places(index.bits(high))) == ((), (0, 1))


def test_a_table_of_a_thousand_rows_is_indexed_in_a_second(compiled, dice):
    rnd = dice(1)
    cells = [
        [f"[{low}..{low + rnd.randint(1, 500)})" for low in rnd.sample(range(10**6), 2)]
        for _ in range(1000)
    ]
    rows = compiled(cells, ["number", "number"])
    began = time.process_time()
    index = Index(rows)
    assert time.process_time() - began < 1
    assert len(index.columns[0].bands) > 3000


def test_places_are_ascending():
    assert places(0b1011) == (0, 1, 3)
    assert places(1 << 900) == (900,)
