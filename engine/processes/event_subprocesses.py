"""Event sub-processes and shared event definitions as drawn, rewritten into what can be run.

The flow of a scope with event sub-processes goes into a sub-process `hall_body_<id>`; each event
sub-process becomes an ordinary one behind an event on the edge of that body, which keeps the id
of the drawn start event. So it starts whenever and as often as its event happens while the scope
runs, an interrupting one stops what runs in the scope, and the scope then completes.
Source: BPMN 2.0.2, 10.3.5, 10.5.6 and 13.5.4.
"""

from copy import deepcopy

from lxml import etree

from engine.processes.bpmn import (
    NODES,
    event_definitions,
    flows,
    kind,
    nodes,
    scopes,
    tag,
)

Changes = list[tuple[str, str, str]]
MOVED = NODES | {"sequenceFlow", "association"}


def take_definitions_in(root: etree._Element) -> None:
    """Put a copy of each shared event definition where it is referred to."""
    shared = {node.get("id"): node for node in root if kind(node).endswith("EventDefinition")}
    for ref in list(root.iter(tag("eventDefinitionRef"))):
        found = shared.get((ref.text or "").strip().rpartition(":")[2])
        event = ref.getparent()
        if found is None or event is None:
            continue
        copy = deepcopy(found)
        del copy.attrib["id"]
        copy.tail = None
        event.replace(ref, copy)
    for node in shared.values():
        root.remove(node)


def take_event_subprocesses_out(root: etree._Element) -> Changes:
    """Rewrite the event sub-processes of a checked tree in place; return what, where, new ids."""
    changes: Changes = []
    for scope in list(scopes(root)):
        handlers = [node for node in nodes(scope) if node.get("triggeredByEvent") == "true"]
        if handlers:
            changes.append(_body(scope, handlers))
            for handler in handlers:
                changes.append(_to_the_edge(scope, handler))
    return changes


def split_parallel_choices(root: etree._Element) -> Changes:
    """Turn gateways that start a process when all of their events have happened into forks."""
    changes: Changes = []
    for node in list(root.iter(tag("eventBasedGateway"))):
        if node.get("eventGatewayType") == "Parallel":
            node.tag = tag("parallelGateway")
            changes.append(("parallelGateway", node.get("id") or "", node.get("id") or ""))
    return changes


def _body(scope: etree._Element, handlers: list[etree._Element]) -> tuple[str, str, str]:
    drawn = scope.get("id") or ""
    made = f"hall_body_{drawn}"
    moved = [node for node in scope if kind(node) in MOVED and node not in handlers]
    body = etree.SubElement(scope, tag("subProcess"), id=made)
    for node in moved:
        body.append(node)
    if not any(kind(node) in NODES for node in moved):
        etree.SubElement(body, tag("startEvent"), id=f"hall_idle_{drawn}")
    etree.SubElement(scope, tag("startEvent"), id=f"hall_start_{drawn}")
    etree.SubElement(scope, tag("endEvent"), id=f"hall_done_{drawn}")
    _flow(scope, f"hall_start_{drawn}", made)
    _flow(scope, made, f"hall_done_{drawn}")
    return "subProcess", drawn, made


def _to_the_edge(scope: etree._Element, handler: etree._Element) -> tuple[str, str, str]:
    start = next(node for node in handler if kind(node) == "startEvent")
    drawn, first = handler.get("id") or "", start.get("id") or ""
    del handler.attrib["triggeredByEvent"]
    always = {"error"} & set(event_definitions(start))
    stops = "true" if always else start.get("isInterrupting", "true")
    event = etree.SubElement(
        scope,
        tag("boundaryEvent"),
        id=first,
        attachedToRef=f"hall_body_{scope.get('id')}",
        cancelActivity=stops,
        parallelMultiple=start.get("parallelMultiple", "false"),
    )
    if start.get("name"):
        event.set("name", start.get("name") or "")
    for child in [node for node in start if kind(node).endswith("EventDefinition")]:
        event.append(child)
    made = f"hall_begin_{drawn}"
    start.set("id", made)
    for flow in flows(handler):
        if flow.get("sourceRef") == first:
            flow.set("sourceRef", made)
    _flow(scope, first, drawn)
    etree.SubElement(scope, tag("endEvent"), id=f"hall_done_{drawn}")
    _flow(scope, drawn, f"hall_done_{drawn}")
    return "boundaryEvent", drawn, made


def _flow(scope: etree._Element, source: str, goal: str) -> None:
    made = f"hall_flow_{source}_{goal}"
    etree.SubElement(scope, tag("sequenceFlow"), id=made, sourceRef=source, targetRef=goal)
