"""What boxes leave open, which of them meet: exact, against every point one by one."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions.cover import Budget, Space, Unfinished

PLENTY = 1_000_000
SIZES = (5, 4, 3, 2)


@st.composite
def tables(draw):
    """Rows as sets of bands for each of 2 to 4 columns."""
    sizes = SIZES[: draw(st.integers(2, 4))]
    cells = [st.frozensets(st.integers(0, size - 1), min_size=1) for size in sizes]
    return sizes, draw(st.lists(st.tuples(*cells), min_size=1, max_size=9))


def space_of(sizes, rows):
    return Space(
        [
            [
                (band, sum(1 << place for place, row in enumerate(rows) if band in row[column]))
                for band in range(size)
            ]
            for column, size in enumerate(sizes)
        ],
        len(rows),
    )


def points_of(space, box):
    return set(product(*(space.bands(column, mask) for column, mask in enumerate(box))))


def covered(rows):
    return {point for row in rows for point in product(*row)}


@given(tables())
@settings(max_examples=150, deadline=None)
def test_the_holes_one_after_the_other_are_exactly_what_no_row_covers(table):
    sizes, rows = table
    space, count, found = space_of(sizes, rows), len(rows), set()
    while (hole := space.hole(space.whole, (1 << count) - 1, Budget(PLENTY))) is not None:
        points = points_of(space, hole)
        assert points
        assert not points <= found
        assert not points & covered(rows)
        assert space.size(hole) == len(points)
        found |= points
        space.add(hole)
        count += 1
    assert found == set(product(*map(range, sizes))) - covered(rows)


@given(tables())
@settings(max_examples=100, deadline=None)
def test_a_row_is_shadowed_when_those_above_cover_its_points(table):
    sizes, rows = table
    space = space_of(sizes, rows)
    for place, row in enumerate(rows):
        hole = space.hole(space.box(place), (1 << place) - 1, Budget(PLENTY))
        assert (hole is None) == (set(product(*row)) <= covered(rows[:place]))
        if hole is not None:
            assert not points_of(space, hole) & covered(rows[:place])
            assert points_of(space, hole) <= set(product(*row))


@given(tables())
@settings(max_examples=100, deadline=None)
def test_two_rows_meet_when_they_have_a_point_in_common(table):
    sizes, rows = table
    space = space_of(sizes, rows)
    expected = {
        (one, two)
        for one in range(len(rows))
        for two in range(one + 1, len(rows))
        if all(a & b for a, b in zip(rows[one], rows[two], strict=True))
    }
    assert set(space.pairs()) == expected
    for one, two in expected:
        common = set(product(*rows[one])) & set(product(*rows[two]))
        assert points_of(space, space.common(one, two)) == common


def test_bands_with_the_same_rows_are_one_class_and_a_hole_grows_over_its_neighbours():
    space = Space([[(0, 0b01), (1, 0b00), (2, 0b00), (3, 0b10)], [(0, 0b11), (1, 0b11)]], 2)
    hole = space.hole(space.whole, 0b11, Budget(PLENTY))
    assert [space.bands(column, mask) for column, mask in enumerate(hole)] == [[1, 2], [0, 1]]


def test_a_search_that_takes_more_steps_than_it_may_says_so():
    clauses = [[(0, 0b01), (1, 0b10)] for _ in range(3)]
    space = Space(clauses, 2)
    assert space.hole(space.whole, 0b11, Budget(PLENTY)) is not None
    with pytest.raises(Unfinished):
        space.hole(space.whole, 0b11, Budget(3))
