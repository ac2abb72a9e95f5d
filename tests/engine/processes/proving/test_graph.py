"""The graph holds nodes and the places between them, each with what was drawn."""

from engine.processes.proving.graph import Edge, Graph, Node


def test_a_flow_is_a_place_between_two_nodes():
    root = Node(())
    graph = Graph(Edge(None, root), [root], (), {}, {})
    one, two = graph.node("a"), graph.node("b")
    flow, state = graph.connect(one, two, flow="f"), graph.connect(two, one, place="b")
    assert graph.nodes == [root, one, two]
    assert (one.outs, two.ins) == ([flow], [flow])
    assert (flow.first, flow.last, flow.ids) == (("f",), "f", ["f"])
    assert (state.first, state.last, state.ids) == ((), "b", [])
