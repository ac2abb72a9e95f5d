from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.processes.placing.layers import back_edges, crossings, layer_of, ordered

EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@given(EDGES)
@settings(max_examples=100, deadline=None)
def test_without_its_back_edges_every_edge_leads_to_a_later_layer(edges):
    nodes = list(range(10))
    back = back_edges(nodes, edges, [0])
    ahead = [edge for number, edge in enumerate(edges) if number not in back]
    layers = layer_of(nodes, ahead)
    assert all(layers[a] < layers[b] for a, b in ahead)


def test_a_loop_leads_back_at_the_edge_that_closes_it():
    assert back_edges("abc", [("a", "b"), ("b", "c"), ("c", "b")], ["a"]) == {2}
    assert back_edges("a", [("a", "a")], ["a"]) == {0}


def test_the_longest_way_counts_and_a_loose_start_stands_before_its_target():
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("x", "c")]
    assert layer_of("abcx", edges, frozenset("a")) == {"a": 0, "b": 1, "c": 2, "x": 1}
    assert layer_of("abcx", edges, frozenset("ax"))["x"] == 0


def test_a_crossing_that_can_be_avoided_is_avoided():
    edges = [("a", "d"), ("b", "c")]
    assert crossings(["ab", "cd"], {"a": ["d"], "b": ["c"]}) == 1
    made = ordered([["a", "b"], ["c", "d"]], edges, dict.fromkeys("abcd", 0))
    assert crossings(made, {"a": ["d"], "b": ["c"]}) == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=15))
@settings(max_examples=60, deadline=None)
def test_the_order_never_gets_worse_and_keeps_the_bands(pairs):
    layers = [[("l", n) for n in range(6)], [("r", n) for n in range(6)]]
    edges = [(("l", a), ("r", b)) for a, b in pairs]
    band = {key: key[1] % 2 for layer in layers for key in layer}
    after = {}
    for a, b in edges:
        after.setdefault(a, []).append(b)
    first = [sorted(layer, key=lambda key: band[key]) for layer in layers]
    made = ordered(layers, edges, band)
    assert crossings(made, after) <= crossings(first, after)
    for layer in made:
        assert all(band[one] <= band[two] for one, two in pairwise(layer))
