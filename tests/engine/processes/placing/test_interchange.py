from lxml import etree

from engine.processes.layout import lay_out
from engine.processes.placing.geometry import Box, Drawing
from engine.processes.placing.interchange import BPMNDI, DC, is_complete, prune, write
from tests.engine.processes.placing.models import read

BODY = (
    '<process id="p"><task id="a"/><task id="b"/>'
    '<sequenceFlow id="f" sourceRef="a" targetRef="b"/></process>'
)


def drawn() -> etree._Element:
    root = read(BODY)
    lay_out(root)
    return root


def test_a_whole_drawing_is_complete_until_something_is_missing():
    assert not is_complete(read(BODY))
    assert is_complete(drawn())
    for name in ("BPMNShape", "BPMNEdge"):
        root = drawn()
        gone = next(root.iter(f"{{{BPMNDI}}}{name}"))
        gone.getparent().remove(gone)
        assert not is_complete(root)
    root = drawn()
    shape = next(root.iter(f"{{{BPMNDI}}}BPMNShape"))
    shape.remove(shape.find(f"{{{DC}}}Bounds"))
    assert not is_complete(root)


def test_shapes_of_nothing_and_second_shapes_are_pruned():
    root = drawn()
    plane = next(root.iter(f"{{{BPMNDI}}}BPMNPlane"))
    plane.set("bpmnElement", "gone")
    etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", bpmnElement="gone")
    etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", bpmnElement="a")
    prune(root)
    assert [shape.get("bpmnElement") for shape in plane] == ["a", "b", "f"]
    assert plane.get("bpmnElement") == "p"


def test_ids_of_the_drawing_are_new_and_marks_are_written():
    root = read('<process id="p"><task id="a"/><task id="a_di"/></process>')
    drawing = Drawing({"a": Box(1, 2.5, 3, 4)}, {"f": [(0, 0), (1, 1)]}, {"a": Box(0, 0, 9, 9)})
    write(root, "p", drawing, {"a": {"isExpanded": "true"}})
    shape = next(root.iter(f"{{{BPMNDI}}}BPMNShape"))
    assert shape.get("id") == "a_di_2"
    assert shape.get("isExpanded") == "true"
    assert [box.get("y") for box in shape.iter(f"{{{DC}}}Bounds")] == ["2.5", "0"]
    assert len(next(root.iter(f"{{{BPMNDI}}}BPMNEdge"))) == 2
