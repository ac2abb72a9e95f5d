import time
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.processes.bpmn import MODEL, kind
from engine.processes.layout import is_complete, lay_out
from engine.processes.load import violations
from engine.processes.placing.geometry import Box
from engine.processes.placing.interchange import BPMNDI, DC, DI
from engine.processes.placing.tree import all_scopes, flow_nodes
from tests.engine.processes.placing.models import made, read

SMALL = {"max_examples": 30, "deadline": None}


def boxes(root: etree._Element) -> dict[str, Box]:
    return {
        shape.get("bpmnElement"): Box(
            *(float(shape.find(f"{{{DC}}}Bounds").get(side)) for side in SIDES)
        )
        for shape in root.iter(f"{{{BPMNDI}}}BPMNShape")
    }


SIDES = ("x", "y", "width", "height")


def lines(root: etree._Element) -> dict[str, list[tuple[float, float]]]:
    return {
        edge.get("bpmnElement"): [
            (float(point.get("x")), float(point.get("y")))
            for point in edge.findall(f"{{{DI}}}waypoint")
        ]
        for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge")
    }


def overlap(one: Box, two: Box) -> bool:
    return one.x < two.right and two.x < one.right and one.y < two.bottom and two.y < one.bottom


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def on_border(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    upright = x in (box.x, box.right) and box.y <= y <= box.bottom
    level = y in (box.y, box.bottom) and box.x <= x <= box.right
    return upright or level


def prove(root: etree._Element) -> None:
    """Assert all that a drawing promises."""
    shapes, drawn = boxes(root), lines(root)
    for scope in all_scopes(root):
        here = [n for n in flow_nodes(scope) if kind(n) != "boundaryEvent"]
        for one, two in combinations([node.get("id") for node in here], 2):
            assert not overlap(shapes[one], shapes[two]), (one, two)
        if scope.get("id") in shapes:
            for node in flow_nodes(scope):
                assert inside(shapes[node.get("id")], shapes[scope.get("id")]), node.get("id")
        for node in flow_nodes(scope):
            if kind(node) == "boundaryEvent":
                host = shapes[node.get("attachedToRef")]
                assert shapes[node.get("id")].middle[1] == host.bottom
        for flow in scope.findall(f"{{{MODEL}}}sequenceFlow"):
            points = drawn[flow.get("id")]
            assert on_border(points[0], shapes[flow.get("sourceRef")]), flow.get("id")
            assert on_border(points[-1], shapes[flow.get("targetRef")]), flow.get("id")
            for one, two in pairwise(points):
                assert one[0] == two[0] or one[1] == two[1], flow.get("id")
                for node in here:
                    box = shapes[node.get("id")]
                    assert not box.crossed(one, two), (flow.get("id"), node.get("id"))
    for lane in root.iter(f"{{{MODEL}}}lane"):
        for ref in lane.findall(f"{{{MODEL}}}flowNodeRef"):
            assert inside(shapes[ref.text], shapes[lane.get("id")]), ref.text


@given(st.integers(2, 24), st.integers(0, 10_000), st.integers(0, 4), st.integers(0, 2))
@settings(**SMALL)
def test_a_drawing_keeps_what_it_promises(count, seed, lanes, depth):
    root = made(count, seed, lanes, depth)
    lay_out(root)
    assert is_complete(root)
    prove(root)


@pytest.mark.parametrize("lanes", [0, 5])
def test_300_nodes_take_less_than_a_second_of_work(lanes):
    root = made(300, 7, lanes)
    began = time.process_time()
    lay_out(root)
    assert time.process_time() - began < 1
    prove(root)


def test_the_same_model_gets_the_same_drawing():
    twice = [made(30, 3, 3, 1) for _ in range(2)]
    for root in twice:
        lay_out(root)
    assert etree.tostring(twice[0]) == etree.tostring(twice[1])


def test_sizes_are_those_of_the_usual_tools():
    root = read(
        '<process id="p"><startEvent id="s"/><task id="t"/><exclusiveGateway id="g"/>'
        '<sequenceFlow id="a" sourceRef="s" targetRef="t"/>'
        '<sequenceFlow id="b" sourceRef="t" targetRef="g"/></process>'
    )
    lay_out(root)
    sizes = {name: (box.width, box.height) for name, box in boxes(root).items()}
    assert sizes == {"s": (36, 36), "t": (100, 80), "g": (50, 50)}
    places = [boxes(root)[name].middle for name in "stg"]
    assert len({y for _, y in places}) == 1
    assert [x for x, _ in places] == sorted(x for x, _ in places)


def test_an_older_drawing_is_replaced_and_the_file_stays_valid():
    root = made(12, 1, 2)
    lay_out(root)
    first = etree.tostring(root)
    lay_out(root)
    assert etree.tostring(root) == first
    assert violations(root) == []


def test_every_process_without_a_pool_has_a_diagram_of_its_own():
    root = read('<process id="p"><task id="a"/></process><process id="q"><task id="b"/></process>')
    lay_out(root)
    planes = [plane.get("bpmnElement") for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane")]
    assert planes == ["p", "q"]


def test_an_empty_process_is_drawn_too():
    root = read('<process id="p"/>')
    lay_out(root)
    assert is_complete(root)


def test_flows_that_lead_nowhere_are_left_out_of_the_drawing():
    root = read(
        '<process id="p"><task id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="no"/>'
        '<boundaryEvent id="b" attachedToRef="no"/></process>'
    )
    lay_out(root)
    assert set(boxes(root)) == {"a", "b"}
    assert not lines(root)
