"""The drawing in the file: BPMN DI is read for what is missing, and written anew or completed."""

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.processes.bpmn import free_id, kind, tag
from engine.processes.placing.geometry import Box, Drawing, Point
from engine.processes.placing.tree import all_scopes, flow_nodes, ident

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
PICTURED = frozenset({"participant", "lane", "textAnnotation", "messageFlow"})


def is_complete(root: etree._Element) -> bool:
    """Return whether everything that runs, pools, lanes and notes included, has its place."""
    placed = set()
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        if shape.find(f"{{{DC}}}Bounds") is not None:
            placed.add(shape.get("bpmnElement"))
    for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        if len(edge.findall(f"{{{DI}}}waypoint")) > 1:
            placed.add(edge.get("bpmnElement"))
    return all(name in placed for name in _needed(root))


def _needed(root: etree._Element) -> Iterator[str]:
    for scope in all_scopes(root):
        for node in (*flow_nodes(scope), *scope.findall(tag("sequenceFlow"))):
            yield ident(node)
    for node in root.iter(etree.Element):
        if kind(node) in PICTURED:
            yield ident(node)


def prune(root: etree._Element) -> None:
    """Take out of the drawing what shows nothing of the model, or shows it twice."""
    model = {ident(node) for node in root.iter(etree.Element) if kind(node)}
    seen: set[str] = set()
    for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane"):
        if plane.get("bpmnElement") not in model:
            pools = root.find(tag("collaboration"))
            shown = pools if pools is not None else root.find(tag("process"))
            if shown is not None:
                plane.set("bpmnElement", ident(shown))
        for shape in list(plane):
            name = shape.get("bpmnElement") or ""
            if name not in model or name in seen:
                plane.remove(shape)
            seen.add(name)


def write(
    root: etree._Element, shown: str, drawing: Drawing, flags: Mapping[str, Mapping[str, str]]
) -> None:
    """Add a diagram of the element `shown`; `flags` are further attributes of shapes by id."""
    taken = {ident(node) for node in root.iter(etree.Element)}
    spaces = {"bpmndi": BPMNDI, "dc": DC, "di": DI}
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", nsmap=spaces)
    diagram.set("id", free_id(f"{shown}_drawing", taken))
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=free_id(f"{shown}_plane", taken))
    plane.set("bpmnElement", shown)
    for name, box in drawing.shapes.items():
        made = _shape(plane, name, box, free_id(f"{name}_di", taken))
        for word, value in flags.get(name, {}).items():
            made.set(word, value)
        _label(made, drawing.labels.get(name))
    for name, points in drawing.lines.items():
        made = _edge(plane, name, points, free_id(f"{name}_di", taken))
        _label(made, drawing.labels.get(name))


def _shape(plane: etree._Element, name: str, box: Box, made: str) -> etree._Element:
    shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=made)
    shape.set("bpmnElement", name)
    _bounds(shape, box)
    return shape


def _bounds(holder: etree._Element, box: Box) -> None:
    bounds = etree.SubElement(holder, f"{{{DC}}}Bounds")
    sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    for name, value in sides.items():
        bounds.set(name, f"{value:g}")


def _edge(plane: etree._Element, name: str, points: list[Point], made: str) -> etree._Element:
    edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=made)
    edge.set("bpmnElement", name)
    for x, y in points:
        etree.SubElement(edge, f"{{{DI}}}waypoint", x=f"{x:g}", y=f"{y:g}")
    return edge


def _label(holder: etree._Element, box: Box | None) -> None:
    if box is not None:
        _bounds(etree.SubElement(holder, f"{{{BPMNDI}}}BPMNLabel"), box)
