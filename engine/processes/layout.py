"""A drawing for a diagram that has none: pools, lanes, layers from left to right, right angles.

The same model always gets the same drawing.
"""

from collections.abc import Iterator

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.placing.geometry import Drawing
from engine.processes.placing.interchange import BPMNDI, is_complete, prune, write
from engine.processes.placing.pools import pools_drawing, process_drawing
from engine.processes.standard.model import SUB_PROCESSES

__all__ = ["is_complete", "lay_out", "prune"]


def lay_out(root: etree._Element) -> None:
    """Draw all processes of a file anew, in standard sizes; an older drawing is taken out.

    A collaboration becomes one diagram of its pools; without one each process has its own.
    Lines start and end on the border of their shapes and cross no node (message flows, where a
    way can be found).
    """
    for diagram in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(diagram)
    flags = dict(_flags(root))
    for shown, drawing in _drawings(root):
        write(root, shown, drawing, flags)


def _drawings(root: etree._Element) -> Iterator[tuple[str, Drawing]]:
    collaboration = root.find(tag("collaboration"))
    if collaboration is not None and collaboration.find(tag("participant")) is not None:
        yield collaboration.get("id") or "", pools_drawing(root, collaboration)
        return
    for process in root.findall(tag("process")):
        yield process.get("id") or "", process_drawing(process)


def _flags(root: etree._Element) -> Iterator[tuple[str, dict[str, str]]]:
    for node in root.iter(etree.Element):
        name, ident = kind(node), node.get("id") or ""
        if name in ("participant", "lane"):
            yield ident, {"isHorizontal": "true"}
        elif name in SUB_PROCESSES:
            yield ident, {"isExpanded": "true" if len(node) else "false"}
        elif name == "exclusiveGateway":
            yield ident, {"isMarkerVisible": "true"}
