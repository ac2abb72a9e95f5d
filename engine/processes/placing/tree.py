"""What of a drawn file takes room: flow nodes, lines, notes and data, scope by scope."""

from collections.abc import Iterator

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.standard.model import FLOW_NODES, SCOPES, SUB_PROCESSES

NOTES = frozenset({"textAnnotation"})
DATA = frozenset({"dataObjectReference", "dataStoreReference", "dataInput", "dataOutput"})
TASK, EVENT, GATEWAY = (100.0, 80.0), (36.0, 36.0), (50.0, 50.0)
DATA_SIZE, NOTE_WIDTH = (36.0, 50.0), 100.0


def all_scopes(root: etree._Element) -> Iterator[etree._Element]:
    """Yield each process and sub-process of any kind, the outer before the inner."""
    return (node for node in root.iter(etree.Element) if kind(node) in SCOPES)


def flow_nodes(scope: etree._Element) -> list[etree._Element]:
    """Return the flow nodes that stand directly in a scope, whether we can run them or not."""
    return [node for node in scope if kind(node) in FLOW_NODES]


def ident(node: etree._Element) -> str:
    """Return the id of an element ("" for none)."""
    return node.get("id") or ""


def label_of(node: etree._Element) -> str:
    """Return what stands beside a shape: the name of an event, a gateway, data or a line."""
    name = kind(node)
    beside = name.endswith(("Event", "Gateway", "Flow")) or name in DATA
    return " ".join((node.get("name") or "").split()) if beside else ""


def fixed_size(node: etree._Element) -> tuple[float, float] | None:
    """Return width and height of a flow node, or None for one that holds others."""
    name = kind(node)
    if name.endswith("Event"):
        return EVENT
    if name.endswith("Gateway"):
        return GATEWAY
    if name in SUB_PROCESSES and flow_nodes(node):
        return None
    return TASK


def data_lines(scope: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Yield id, source and target of the data associations of the activities and events."""
    for node in flow_nodes(scope):
        for line in node.findall(tag("dataInputAssociation")):
            source = (line.findtext(tag("sourceRef")) or "").strip()
            yield ident(line), source, ident(node)
        for line in node.findall(tag("dataOutputAssociation")):
            target = (line.findtext(tag("targetRef")) or "").strip()
            yield ident(line), ident(node), target
