"""Lint: what SpiffWorkflow would run wrongly, and what cannot work, by element.

One function per rule; each gets the root of the drawn file and yields findings.
"""

import re
from collections.abc import Callable, Collection, Iterator

from lxml import etree

from engine.processes import words
from engine.processes.bpmn import (
    GATEWAYS,
    NODES,
    SCOPES,
    STEPS,
    condition,
    drawn,
    event_definitions,
    every,
    flows,
    kind,
    nodes,
    scopes,
    tag,
)
from engine.processes.findings import Finding, at
from engine.processes.words import VARIABLE

Findings = Iterator[Finding]
MAX_NODES = 400

# Runs without a word and does something else than drawn (handbook D6-D15, D25, or tried here).
SILENT = frozenset(
    {
        "adHocSubProcess",
        "complexGateway",
        "dataInputAssociation",
        "dataObject",
        "dataObjectReference",
        "dataOutputAssociation",
        "dataStore",
        "dataStoreReference",
        "ioSpecification",
        "property",
        "serviceTask",
        "transaction",
    }
)
SILENT_EVENTS = frozenset({"conditional", "compensate", "cancel"})
# Right BPMN that this engine cannot bring to an end: nobody would ever wake the case.
WAITS_FOR_EVER = frozenset({"message", "signal"})
EVENTS_AT = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset({"terminate", "error", "escalation"}),
    "intermediateCatchEvent": frozenset({"timer", "link"}),
    "intermediateThrowEvent": frozenset({"link", "escalation"}),
    "boundaryEvent": frozenset({"timer", "error", "escalation"}),
}


def findings(
    root: etree._Element, tables: Collection[str] | None, forms: Collection[str] | None
) -> list[Finding]:
    """Return all that is wrong with a drawn file, in the order of the rules.

    With `tables` (with `forms`) the names of the tables (forms) that exist, a reference to
    another one is a finding; with `forms`, a user task must also say who does it and how.
    """
    found = [finding for rule in RULES for finding in rule(root)]
    if tables is not None:
        found += words.unknown_table(root, tables)
    if forms is not None:
        found += words.unknown_form(root, forms)
        found += words.unusable_step(root)
    return found


def identifiers(root: etree._Element) -> Findings:
    """Flow nodes and flows without an id, and ids that begin like those we make ourselves."""
    for node in every(root, NODES | SCOPES | {"sequenceFlow"}):
        drawn = node.get("id")
        if not drawn:
            yield at(node, "process.no_id")
        elif drawn.startswith("hall_"):
            yield at(node, "process.reserved_id")


def one_process(root: etree._Element) -> Findings:
    """A file holds one process to start; others in it must be called by a call activity."""
    processes = root.findall(tag("process"))
    called = {node.get("calledElement") for node in root.iter(tag("callActivity"))}
    starting = [node for node in processes if node.get("id") not in called]
    if not processes:
        yield at(root, "process.no_process")
    elif not starting:
        yield at(processes[0], "process.calls_itself")
    for node in starting[1:]:
        yield at(node, "process.several_processes")
    if len(list(every(root, NODES))) > MAX_NODES:
        yield at(processes[0], "process.too_many_nodes", limit=MAX_NODES)


def called_process(root: etree._Element) -> Findings:
    """Call activities to a process that is not there, or round in a circle."""
    calls = {
        process.get("id"): [
            (node, node.get("calledElement")) for node in process.iter(tag("callActivity"))
        ]
        for process in root.findall(tag("process"))
    }

    def reaches(start: str | None, goal: str | None, seen: set[str | None]) -> bool:
        for _, target in calls.get(start, []):
            if target == goal:
                return True
            if target not in seen and reaches(target, goal, seen | {target}):
                return True
        return False

    for process, found in calls.items():
        for node, target in found:
            if target not in calls:
                yield at(node, "process.unknown_process", process=target)
            elif target == process or reaches(target, process, {target}):
                yield at(node, "process.calls_itself")


def silently_wrong(root: etree._Element) -> Findings:
    """Constructs that SpiffWorkflow passes over or runs otherwise than drawn."""
    for node in root.iter():
        if kind(node) in SILENT:
            place = node if node.get("id") else drawn(node)
            yield at(place, "process.silently_wrong", construct=kind(node))
        for event in event_definitions(node) if kind(node) in NODES else ():
            if event in SILENT_EVENTS:
                yield at(node, "process.silently_wrong", construct=f"{event}EventDefinition")
        if node.get("triggeredByEvent") == "true":
            yield at(node, "process.silently_wrong", construct="eventSubProcess")
        if node.get("isForCompensation") == "true":
            yield at(node, "process.silently_wrong", construct="compensation")
        for quantity in ("startQuantity", "completionQuantity"):
            if node.get(quantity) not in (None, "1"):
                yield at(node, "process.silently_wrong", construct=quantity)


def not_supported(root: etree._Element) -> Findings:
    """Events and tasks that nothing here ever completes, at the places where they stand."""
    for node in root.iter():
        name = kind(node)
        if name in ("sendTask", "receiveTask", "callConversation", "globalTask"):
            yield at(node, "process.not_supported", construct=name)
        if name not in EVENTS_AT:
            continue
        events = event_definitions(node)
        if len(events) > 1:
            yield at(node, "process.not_supported", construct="multipleEvents")
        for event in events:
            if event not in EVENTS_AT[name] and event not in SILENT_EVENTS:
                yield at(node, "process.not_supported", construct=f"{event} {name}")
        refs = node.find(tag("eventDefinitionRef"))
        if refs is not None:
            yield at(node, "process.not_supported", construct="eventDefinitionRef")
        if not events and name in ("intermediateCatchEvent", "boundaryEvent"):
            yield at(node, "process.no_event")
        host = _by_id(root, node.get("attachedToRef")) if name == "boundaryEvent" else None
        if host is not None and kind(host) in STEPS and set(events) & {"error", "escalation"}:
            yield at(node, "process.silently_wrong", construct=f"{events[0]} boundary on a task")


def references(root: etree._Element) -> Findings:
    """Flows, boundary events and defaults that point to nothing or into another scope."""
    for scope in scopes(root):
        here = {node.get("id"): node for node in nodes(scope)}
        lines = {flow.get("id"): flow for flow in flows(scope)}
        for flow in lines.values():
            for end in ("sourceRef", "targetRef"):
                if flow.get(end) not in here:
                    yield at(flow, "process.dangling", target=flow.get(end))
        for node in here.values():
            host = node.get("attachedToRef")
            if kind(node) == "boundaryEvent" and host not in here:
                yield at(node, "process.dangling", target=host)
            default = node.get("default")
            if default is not None and (
                default not in lines or lines[default].get("sourceRef") != node.get("id")
            ):
                yield at(node, "process.dangling", target=default)
    for node in root.iter(tag("errorEventDefinition"), tag("escalationEventDefinition")):
        ref = node.get("errorRef") or node.get("escalationRef")
        if ref is not None and _by_id(root, ref) is None:
            yield at(drawn(node), "process.dangling", target=ref)


def starts(root: etree._Element) -> Findings:
    """Each process and sub-process has exactly one start event; none of them has a way in."""
    for scope in scopes(root):
        if scope.get("triggeredByEvent") == "true":
            continue
        found = [node for node in nodes(scope) if kind(node) == "startEvent"]
        if not found:
            yield at(scope, "process.no_start")
        for node in found[1:]:
            yield at(node, "process.several_starts")
        ends = {node.get("id"): node for node in nodes(scope)}
        for flow in flows(scope):
            source, target = ends.get(flow.get("sourceRef")), ends.get(flow.get("targetRef"))
            if target is not None and kind(target) in ("startEvent", "boundaryEvent"):
                yield at(flow, "process.way_into_start")
            if source is not None and kind(source) == "endEvent":
                yield at(flow, "process.way_out_of_end")


def unreachable(root: etree._Element) -> Findings:
    """Nodes that no path from the start event touches (D14)."""
    for scope in scopes(root):
        here = nodes(scope)
        links = [node for node in here if "link" in event_definitions(node)]
        ways: dict[str | None, list[str | None]] = {}
        for flow in flows(scope):
            ways.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
        for node in here:
            if kind(node) == "boundaryEvent":
                ways.setdefault(node.get("attachedToRef"), []).append(node.get("id"))
        for node in links:
            ways.setdefault(node.get("id"), []).extend(
                twin.get("id") for twin in links if _link(twin) == _link(node)
            )
        ahead = [node.get("id") for node in here if kind(node) == "startEvent"]
        seen = set(ahead)
        while ahead:
            for target in ways.get(ahead.pop(), []):
                if target not in seen:
                    seen.add(target)
                    ahead.append(target)
        for node in here:
            if seen and node.get("id") not in seen:
                yield at(node, "process.unreachable")


def links(root: etree._Element) -> Findings:
    """A link needs a name, one catch and at least one throw in the same scope."""
    for scope in scopes(root):
        ends: dict[str, list[etree._Element]] = {}
        for node in nodes(scope):
            if "link" in event_definitions(node):
                ends.setdefault(_link(node), []).append(node)
        for name, found in ends.items():
            catches = [node for node in found if kind(node) == "intermediateCatchEvent"]
            if not name or len(catches) != 1 or len(found) < 2:
                yield at(found[0], "process.link", link=name)


def choices(root: etree._Element) -> Findings:
    """Flows out of a choice that carry no condition, and steps whose ways may all be closed."""
    for scope in scopes(root):
        lines = flows(scope)
        for node in nodes(scope):
            out = [flow for flow in lines if flow.get("sourceRef") == node.get("id")]
            default = node.get("default")
            if kind(node) in ("exclusiveGateway", "inclusiveGateway"):
                for flow in out:
                    if len(out) > 1 and condition(flow) is None and flow.get("id") != default:
                        yield at(flow, "process.no_condition")
            elif kind(node) not in GATEWAYS and out:
                if default is None and all(condition(flow) is not None for flow in out):
                    yield at(node, "process.no_default")
            elif kind(node) == "eventBasedGateway":
                by_id = {twin.get("id"): twin for twin in nodes(scope)}
                for flow in out:
                    target = by_id.get(flow.get("targetRef"))
                    if target is not None and kind(target) != "intermediateCatchEvent":
                        yield at(flow, "process.event_choice")


def loops(root: etree._Element) -> Findings:
    """Multi-instance and standard loops that never run, never end or lose their answers."""
    for mark in root.iter(tag("multiInstanceLoopCharacteristics")):
        node = drawn(mark)
        item, output = mark.find(tag("inputDataItem")), mark.find(tag("outputDataItem"))
        collection = (mark.findtext(tag("loopDataInputRef")) or "").strip()
        gathered = (mark.findtext(tag("loopDataOutputRef")) or "").strip()
        if kind(node) not in STEPS:
            yield at(node, "process.not_supported", construct=f"multiInstance {kind(node)}")
        elif mark.find(tag("loopCardinality")) is not None:
            yield at(node, "process.not_supported", construct="loopCardinality")
        elif mark.get("behavior") not in (None, "All"):
            yield at(node, "process.silently_wrong", construct="multiInstance behavior")
        elif (
            not VARIABLE.fullmatch(collection)
            or not VARIABLE.fullmatch(gathered)
            or item is None
            or output is None
            or not VARIABLE.fullmatch(item.get("id") or "")
            or len({collection, gathered, item.get("id")}) < 3
        ):
            yield at(node, "process.multi_instance")
    for mark in root.iter(tag("standardLoopCharacteristics")):
        node = drawn(mark)
        most = mark.get("loopMaximum")
        until = mark.find(tag("loopCondition"))
        if most is None and (until is None or not (until.text or "").strip()):
            yield at(node, "process.endless_loop")
        elif most is not None and not (re.fullmatch("[0-9]{1,4}", most) and int(most) >= 1):
            yield at(node, "process.silently_wrong", construct="loopMaximum")


def timers(root: etree._Element) -> Findings:
    """Timers without exactly one time."""
    for event in root.iter(tag("timerEventDefinition")):
        times = [child for child in event if kind(child).startswith("time")]
        if len(times) != 1 or not (times[0].text or "").strip():
            yield at(drawn(event), "process.no_time")


RULES: tuple[Callable[[etree._Element], Findings], ...] = (
    *words.RULES,
    identifiers,
    one_process,
    called_process,
    silently_wrong,
    not_supported,
    references,
    starts,
    links,
    unreachable,
    choices,
    loops,
    timers,
)


def _by_id(root: etree._Element, wanted: str | None) -> etree._Element | None:
    return next((node for node in root.iter() if node.get("id") == wanted), None)


def _link(node: etree._Element) -> str:
    definition = node.find(tag("linkEventDefinition"))
    return (definition.get("name") or "") if definition is not None else ""
