"""Lint: what SpiffWorkflow would run wrongly, and what cannot work, by element.

One function per rule; each gets the root of the drawn file and yields findings.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from lxml import etree

from engine.processes import compensation, data, gate, words
from engine.processes.bpmn import (
    EVENTS,
    GATEWAYS,
    NODES,
    beginnings,
    condition,
    drawn,
    event_definitions,
    every,
    flows,
    kind,
    link_name,
    nodes,
    scopes,
    tag,
)
from engine.processes.findings import Finding, at, merged
from engine.processes.instances import behaviors
from engine.processes.standard.constraints import violations

Findings = Iterator[Finding]
MAX_NODES = 400

# Nothing here calls a program; a hall's own word for what a machine does is a decision or a script.
CALLS_OUT = frozenset({"serviceTask", "callConversation"})
MOST_TOKENS = 200
# What stands alone in its event: nothing else can be caught or thrown together with it.
ALONE = frozenset({"cancel", "compensate", "link"})


def findings(
    root: etree._Element,
    tables: Collection[str] | None,
    forms: Collection[str] | None,
    processes: Collection[str] = (),
) -> list[Finding]:
    """Return all that is wrong with a drawn file, in the order of the rules.

    With `tables` (with `forms`) the names of the tables (forms) that exist, a reference to
    another one is a finding; with `forms`, the rules of our gate hold as well: a user task says
    who does it and how, names tell things apart. `forms` may map each name to its fields (label
    by key): then a step that may refuse must ask for the reason. `processes` are those of other
    files that may be called.
    """
    found = [finding for rule in RULES for finding in rule(root)]
    found += [one for one in violations(root) if not _is_known(one, processes)]
    if tables is not None:
        found += words.unknown_table(root, tables)
    if forms is not None:
        found += words.unknown_form(root, forms)
        found += words.unusable_step(root)
        found += choices(root)
        found += [finding for rule in gate.RULES for finding in rule(root)]
    if isinstance(forms, Mapping):
        found += gate.reasons(root, forms)
    return merged(found)


def _is_known(found: Finding, processes: Collection[str]) -> bool:
    """Whether a finding is a call of a process that stands in another file."""
    return found.code == "process.unknown_process" and found.params["process"] in processes


def identifiers(root: etree._Element) -> Findings:
    """Ids that begin like those we make ourselves."""
    for node in root.iter(etree.Element):
        if (node.get("id") or "").startswith("hall_") and kind(node):
            yield at(node, "process.reserved_id")


def one_process(root: etree._Element) -> Findings:
    """A file holds a process that is not only called by others."""
    processes = root.findall(tag("process"))
    called = {_called(node) for node in root.iter(tag("callActivity"))}
    starting = [node for node in processes if node.get("id") not in called]
    if not processes:
        yield at(root, "process.no_process")
    elif not starting:
        yield at(processes[0], "process.calls_itself")
    if len(list(every(root, NODES))) > MAX_NODES:
        yield at(processes[0], "process.too_many_nodes", limit=MAX_NODES)


def called_process(root: etree._Element) -> Findings:
    """Call activities round in a circle."""
    calls = {
        process.get("id"): [(node, _called(node)) for node in process.iter(tag("callActivity"))]
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
            if target == process or reaches(target, process, {target}):
                yield at(node, "process.calls_itself")


def quantities(root: etree._Element) -> Findings:
    """Activities that would produce or wait for more tokens than a case can hold."""
    for node in root.iter():
        for quantity in ("startQuantity", "completionQuantity"):
            said = node.get(quantity, "1")
            if not (re.fullmatch("[0-9]{1,4}", said) and int(said) <= MOST_TOKENS):
                yield at(node, "process.quantity", quantity=quantity, limit=MOST_TOKENS)


def not_supported(root: etree._Element) -> Findings:
    """Events and tasks that nothing here ever completes, at the places where they stand."""
    for node in root.iter():
        name = kind(node)
        if name in CALLS_OUT:
            yield at(node, "process.not_supported", construct=name)
        if name in EVENTS and len(found := event_definitions(node)) > 1 and ALONE & set(found):
            yield at(node, "process.not_supported", construct="multipleEvents")
    for scope in scopes(root):
        here = {node.get("id"): node for node in nodes(scope)}
        for flow in flows(scope):
            source, target = here.get(flow.get("sourceRef")), here.get(flow.get("targetRef"))
            if source is None or target is None or kind(source) != "eventBasedGateway":
                continue
            if target.get("parallelMultiple") == "true":
                yield at(target, "process.not_supported", construct="parallelMultiple")


def starts(root: etree._Element) -> Findings:
    """Each process and sub-process begins somewhere; a sub-process has one start event."""
    for scope in scopes(root):
        found = [node for node in nodes(scope) if kind(node) == "startEvent"]
        if not beginnings(scope) and nodes(scope):
            yield at(scope, "process.no_start")
        for node in found[1:] if kind(scope) != "process" else ():
            yield at(node, "process.several_starts")


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
                twin.get("id") for twin in links if link_name(twin) == link_name(node)
            )
        ahead = [node.get("id") for node in beginnings(scope)]
        seen = set(ahead)
        while ahead:
            for target in ways.get(ahead.pop(), []):
                if target not in seen:
                    seen.add(target)
                    ahead.append(target)
        for node in here:
            if compensation.undoes(node) or node.get("triggeredByEvent") == "true":
                continue  # no flow leads to what undoes or starts by an event
            if seen and node.get("id") not in seen:
                yield at(node, "process.unreachable")


def choices(root: etree._Element) -> Findings:
    """Flows out of a choice that carry no condition, and steps whose ways may all be closed.

    The standard allows both (a flow without condition is taken, no open way is an incident); our
    designers must say what happens.
    """
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
                closed = all(condition(flow) is not None for flow in out)
                if default is None and closed:
                    yield at(node, "process.no_default")


def loops(root: etree._Element) -> Findings:
    """Multi-instance and standard loops that never run, never end or lose their answers."""
    by_id = {node.get("id"): node for node in root.iter(etree.Element)}
    for mark in root.iter(tag("multiInstanceLoopCharacteristics")):
        node = drawn(mark)
        item = mark.find(tag("inputDataItem"))
        named = (item.get("id") or "") if item is not None else ""
        collection = (mark.findtext(tag("loopDataInputRef")) or "").strip()
        gathered = (mark.findtext(tag("loopDataOutputRef")) or "").strip()
        number = (mark.findtext(tag("loopCardinality")) or "").strip()
        if bool(number) == bool(collection) or (named and named in (collection, gathered)):
            yield at(node, "process.multi_instance")
        elif _names_an_event(mark) and not behaviors(mark, by_id.get):
            yield at(node, "process.behavior", behavior=mark.get("behavior"))
    for mark in root.iter(tag("standardLoopCharacteristics")):
        node = drawn(mark)
        most = mark.get("loopMaximum")
        until = mark.find(tag("loopCondition"))
        if most is None and (until is None or not (until.text or "").strip()):
            yield at(node, "process.endless_loop")
        elif most is not None and not (re.fullmatch("[0-9]{1,4}", most) and int(most) >= 1):
            yield at(node, "process.loop_maximum", maximum=most)


def timers(root: etree._Element) -> Findings:
    """Timers without exactly one time."""
    for event in root.iter(tag("timerEventDefinition")):
        times = [child for child in event if kind(child).startswith("time")]
        if len(times) != 1 or not (times[0].text or "").strip():
            yield at(drawn(event), "process.no_time")


RULES: tuple[Callable[[etree._Element], Findings], ...] = (
    *words.RULES,
    compensation.findings,
    identifiers,
    one_process,
    called_process,
    quantities,
    data.findings,
    not_supported,
    starts,
    unreachable,
    loops,
    timers,
)


def _by_id(root: etree._Element, wanted: str | None) -> etree._Element | None:
    return next((node for node in root.iter() if node.get("id") == wanted), None)


def _names_an_event(mark: etree._Element) -> bool:
    """Return whether instances are to throw something; a behaviour without an event throws none."""
    said = mark.get("behavior", "All")
    if said == "Complex":
        return any(len(event) for event in mark.iter(tag("event")))
    ref = {"One": "oneBehaviorEventRef", "None": "noneBehaviorEventRef"}.get(said)
    return ref is not None and mark.get(ref) is not None


def _called(node: etree._Element) -> str:
    return (node.get("calledElement") or "").rpartition(":")[2]
