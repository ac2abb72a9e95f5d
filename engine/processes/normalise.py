"""A checked diagram rewritten into what SpiffWorkflow runs rightly; drawn ids never change.

The same drawing always gives the same copy, because the names made here stand in stored cases.
Source: the measurements in §4 of the design's chapter on processes.
"""

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from engine.processes import compensation, data, event_subprocesses, rewriting
from engine.processes.bpmn import (
    ACTIVITIES,
    GATEWAYS,
    condition,
    event_definitions,
    flows,
    kind,
    nodes,
    scopes,
    tag,
)

SPLITS = ACTIVITIES | {"startEvent", "intermediateCatchEvent", "boundaryEvent"}
SPLITS |= {"intermediateThrowEvent"}


@dataclass(frozen=True)
class Change:
    """One thing that was added or rewritten: what, at which drawn element, under which new id."""

    what: str
    element: str
    made: str


def normalise(drawn: etree._Element) -> tuple[etree._Element, tuple[Change, ...]]:
    """Return the copy to run and what was changed; the drawn tree stays as it is."""
    root = deepcopy(drawn)
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or node.tag.endswith("}BPMNDiagram"):
            parent = node.getparent()
            if parent is not None:
                _remove(parent, node)
    rewrites = rewriting.rewrite(root)
    data.name_associations(root)
    event_subprocesses.take_definitions_in(root)
    rewrites += compensation.take_handlers_out(root)
    rewrites += event_subprocesses.split_parallel_choices(root)
    rewrites += event_subprocesses.take_event_subprocesses_out(root)
    changes = [Change(*each) for each in rewrites]
    for process in root.findall(tag("process")):
        process.set("isExecutable", "true")
    for scope in list(scopes(root)):
        _links(scope, changes)
        for node in nodes(scope):
            if kind(node) in SPLITS:
                _split(scope, node, changes)
        for node in nodes(scope):
            if kind(node) in SPLITS | GATEWAYS and not compensation.undoes(node):
                _finish(scope, node, changes)
        for node in nodes(scope):
            if kind(node) in ("exclusiveGateway", "inclusiveGateway", "complexGateway"):
                _open(scope, node)
        tokens: rewriting.Rewrites = []
        rewriting.count_tokens(scope, tokens)
        changes += [Change(*each) for each in tokens]
        _order(scope)
    return root, tuple(changes)


def _links(scope: etree._Element, changes: list[Change]) -> None:
    """A link is a flow that was not drawn through."""
    ends: dict[str, tuple[list[etree._Element], list[etree._Element]]] = {}
    for node in nodes(scope):
        if "link" in event_definitions(node):
            definition = node.find(tag("linkEventDefinition"))
            if definition is None:
                continue
            pair = ends.setdefault(definition.get("name") or "", ([], []))
            pair[kind(node) == "intermediateCatchEvent"].append(node)
            node.remove(definition)
    for throws, catches in ends.values():
        # A none event passes the token on as a throw; as a catch it does not exist.
        catches[0].tag = tag("intermediateThrowEvent")
        for node in throws:
            made = _add_flow(scope, node, catches[0])
            changes.append(Change("link", node.get("id") or "", made))


def _split(scope: etree._Element, node: etree._Element, changes: list[Change]) -> None:
    """Several ways out of a task or an event are a gateway that was not drawn."""
    out = [flow for flow in flows(scope) if flow.get("sourceRef") == node.get("id")]
    chosen = [flow for flow in out if condition(flow) is not None]
    if len(out) < 2 and not chosen:
        return
    name = "inclusiveGateway" if chosen else "parallelGateway"
    drawn = node.get("id") or ""
    gate = etree.SubElement(scope, tag(name), id=f"hall_split_{drawn}")
    default = node.get("default")
    if default is not None:
        gate.set("default", default)
        del node.attrib["default"]
    for flow in out:
        flow.set("sourceRef", f"hall_split_{drawn}")
        if chosen and flow not in chosen and flow.get("id") != default:
            etree.SubElement(flow, tag("conditionExpression")).text = "true"
    _add_flow(scope, node, gate)
    changes.append(Change(name, drawn, f"hall_split_{drawn}"))


def _open(scope: etree._Element, node: etree._Element) -> None:
    """A way out of a choice without a condition is always open (10.6.2)."""
    out = [flow for flow in flows(scope) if flow.get("sourceRef") == node.get("id")]
    for flow in out if len(out) > 1 else ():
        if condition(flow) is None and flow.get("id") != node.get("default"):
            etree.SubElement(flow, tag("conditionExpression")).text = "true"


def _finish(scope: etree._Element, node: etree._Element, changes: list[Change]) -> None:
    """A token that arrives where nothing leads on has ended; Spiff would wait for ever."""
    if any(flow.get("sourceRef") == node.get("id") for flow in flows(scope)):
        return
    drawn = node.get("id") or ""
    end = etree.SubElement(scope, tag("endEvent"), id=f"hall_end_{drawn}")
    _add_flow(scope, node, end)
    changes.append(Change("endEvent", drawn, f"hall_end_{drawn}"))


def _order(scope: etree._Element) -> None:
    """Put flows in the order of the gateway's list, since the first true one is taken."""
    for node in nodes(scope):
        listed = [(ref.text or "").strip() for ref in node.findall(tag("outgoing"))]
        out = [flow for flow in flows(scope) if flow.get("sourceRef") == node.get("id")]
        if len(out) < 2:
            continue
        place = {flow_id: number for number, flow_id in enumerate(listed)}
        for flow in sorted(out, key=lambda flow: place.get(flow.get("id") or "", len(place))):
            scope.append(flow)


def _add_flow(scope: etree._Element, source: etree._Element, target: etree._Element) -> str:
    first, second = source.get("id") or "", target.get("id") or ""
    made = f"hall_flow_{first}_{second}"
    etree.SubElement(scope, tag("sequenceFlow"), id=made, sourceRef=first, targetRef=second)
    return made


def _remove(parent: etree._Element, node: etree._Element) -> None:
    # lxml hangs the text behind an element on the element; dropping it would lose words.
    if node.tail:
        before = node.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)
