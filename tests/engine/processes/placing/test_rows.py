from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.processes.placing.rows import GAP, GRID, Slot, heights

SLOTS = st.tuples(st.sampled_from([20, 40, 60]), st.sampled_from([20, 40, 90]))


@given(st.lists(st.lists(SLOTS, min_size=1, max_size=5), min_size=1, max_size=5), st.data())
@settings(max_examples=80, deadline=None)
def test_members_of_a_layer_keep_their_order_and_distance(sizes, data):
    layers = [[(x, y) for y in range(len(layer))] for x, layer in enumerate(sizes)]
    slots = {(x, y): Slot(*size) for x, layer in enumerate(sizes) for y, size in enumerate(layer)}
    edges = [
        (data.draw(st.sampled_from(left)), data.draw(st.sampled_from(right)))
        for left, right in pairwise(layers)
    ]
    found = heights(layers, edges, slots)
    for layer in layers:
        for upper, lower in pairwise(layer):
            need = slots[upper].down + slots[lower].up + GAP
            assert found[lower] - found[upper] >= need
    assert all(y % GRID == 0 for y in found.values())


def test_a_chain_is_straight_and_a_split_lies_around_it():
    layers = [["a"], ["b"], ["up", "down"]]
    found = heights(
        layers,
        [("a", "b"), ("b", "up"), ("b", "down")],
        dict.fromkeys(["a", "b", "up", "down"], Slot(40, 40)),
    )
    assert found["a"] == found["b"] == (found["up"] + found["down"]) / 2
