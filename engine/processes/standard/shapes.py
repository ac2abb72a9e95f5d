"""The drawing beside a repaired model: shapes and lines of what was added or taken away."""

from lxml import etree

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
LINE = "{http://www.omg.org/spec/DD/20100524/DI}"
SIZE, GAP = 36, 50


def draw_beside(
    root: etree._Element, node: etree._Element, made: etree._Element, *, before: bool = False
) -> None:
    """Draw an event to the right (left) of a node that is drawn, and the line between them."""
    beside = _find(root, "BPMNShape", node.get("id"))
    bounds = beside.find(f"{DC}Bounds") if beside is not None else None
    if beside is None or bounds is None:
        return
    x, y, width, height = (float(bounds.get(name) or 0) for name in ("x", "y", "width", "height"))
    plane = beside.getparent()
    if plane is None:
        return
    name = made.get("id") or ""
    left = x - GAP - SIZE if before else x + width + GAP
    middle = y + height / 2
    shape = etree.SubElement(plane, f"{DI}BPMNShape", id=f"{name}_di", bpmnElement=name)
    etree.SubElement(
        shape,
        f"{DC}Bounds",
        x=f"{left:g}",
        y=f"{middle - SIZE / 2:g}",
        width=str(SIZE),
        height=str(SIZE),
    )
    ends = (made, node) if before else (node, made)
    flow = _flow(root, *ends)
    if flow is None:
        return
    edge = etree.SubElement(
        plane, f"{DI}BPMNEdge", id=f"{flow.get('id')}_di", bpmnElement=flow.get("id") or ""
    )
    points = (left + SIZE, x) if before else (x + width, left)
    for point in points:
        etree.SubElement(edge, f"{LINE}waypoint", x=f"{point:g}", y=f"{middle:g}")


def drop_gateway(
    root: etree._Element, node: etree._Element, into: etree._Element, out: etree._Element
) -> None:
    """Take away the shape of a node and make one line of the two that met there."""
    shape = _find(root, "BPMNShape", node.get("id"))
    first, second = (_find(root, "BPMNEdge", flow.get("id")) for flow in (into, out))
    if first is not None and second is not None:
        points = second.findall(f"{LINE}waypoint")
        for point in points:
            first.append(point)
    for gone in (shape, second):
        parent = gone.getparent() if gone is not None else None
        if gone is not None and parent is not None:
            parent.remove(gone)


def _find(root: etree._Element, name: str, element: str | None) -> etree._Element | None:
    return next(
        (one for one in root.iter(f"{DI}{name}") if one.get("bpmnElement") == element), None
    )


def _flow(
    root: etree._Element, source: etree._Element, target: etree._Element
) -> etree._Element | None:
    level = source.getparent()
    if level is None:
        return None
    return next(
        (
            one
            for one in level
            if one.get("sourceRef") == source.get("id") and one.get("targetRef") == target.get("id")
        ),
        None,
    )
