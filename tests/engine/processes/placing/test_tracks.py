from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.processes.placing.tracks import Rise, tracks

HEIGHTS = st.integers(0, 20).map(lambda number: number * 20.0)


@given(st.lists(st.tuples(HEIGHTS, HEIGHTS), max_size=12))
@settings(max_examples=100, deadline=None)
def test_rises_on_one_track_do_not_touch(pairs):
    rises = [Rise(number, *pair) for number, pair in enumerate(pairs)]
    found = tracks(rises)
    for one, two in combinations(rises, 2):
        if found[one.trunk] == found[two.trunk]:
            low, high = sorted((one.enters, one.leaves))
            begin, end = sorted((two.enters, two.leaves))
            assert high < begin or end < low


def test_a_trunk_is_shared():
    assert tracks([Rise("a", 0, 50), Rise("a", 0, 90)]) == {"a": 0}


def test_who_comes_in_where_another_leaves_stands_left_of_it():
    found = tracks([Rise("leaves", 100, 0), Rise("enters", 0, -50)])
    assert found["enters"] < found["leaves"]


def test_a_circle_of_wishes_is_cut():
    assert set(tracks([Rise("a", 0, 50), Rise("b", 50, 0)])) == {"a", "b"}
