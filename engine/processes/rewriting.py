"""Rewrites of a copy to run: global tasks, ad-hoc sub-processes, missing starts, token quantities.

Each takes the copy that `normalise` works on and returns what was changed, where, and the new ids.
"""

from copy import deepcopy

from lxml import etree

from engine.processes.bpmn import (
    ACTIVITIES,
    called,
    called_elsewhere,
    event_definitions,
    every,
    flows,
    hall,
    kind,
    nodes,
    scopes,
    tag,
)

GLOBAL_TASKS = {
    "globalTask": "task",
    "globalScriptTask": "scriptTask",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
BEHAVIORS = {"One": "numberOfCompletedInstances = 1", "None": "true"}
NONE_REF = "noneBehaviorEventRef"
QUANTITIES = ("startQuantity", "completionQuantity")
Rewrites = list[tuple[str, str, str]]


def rewrite(root: etree._Element) -> Rewrites:
    """Rewrite what stands for something else: calls of global tasks, ad-hoc parts, no start."""
    changes: Rewrites = []
    _behaviors(root)
    _call(root, changes)
    for scope in list(scopes(root)):
        if kind(scope) == "adHocSubProcess":
            _plan(scope)
        if not scope.findall(tag("startEvent")):
            _begin(scope, changes)
    return changes


def count_tokens(scope: etree._Element, changes: Rewrites) -> None:
    """Put gates before and behind activities that consume or produce several tokens (10.3.2).

    Every activity has at most one way out by now.
    """
    for node in nodes(scope):
        if kind(node) not in ACTIVITIES:
            continue
        drawn = node.get("id") or ""
        first, last = (int(node.get(name, "1")) for name in QUANTITIES)
        if first > 1:
            gate = _gate(scope, f"hall_gather_{drawn}", gather=first)
            for flow in flows(scope):
                if flow.get("targetRef") == drawn:
                    flow.set("targetRef", gate)
            _flow(scope, gate, drawn)
            changes.append(("startQuantity", drawn, gate))
        if last > 1:
            gate = _gate(scope, f"hall_multiply_{drawn}", multiply=last)
            for flow in flows(scope):
                if flow.get("sourceRef") == drawn:
                    flow.set("sourceRef", gate)
            _flow(scope, drawn, gate)
            changes.append(("completionQuantity", drawn, gate))


def entries(scope: etree._Element) -> list[etree._Element]:
    """Return the nodes that begin with their scope when no start event is drawn (10.5.2)."""
    reached = {flow.get("targetRef") for flow in flows(scope)}
    return [
        node
        for node in nodes(scope)
        if node.get("id") not in reached
        and kind(node) not in ("boundaryEvent", "startEvent")
        and "link" not in event_definitions(node)
        and "true" not in (node.get("triggeredByEvent"), node.get("isForCompensation"))
        and node.get("instantiate") != "true"
    ]


def _behaviors(root: etree._Element) -> None:
    """An event after the first or after each instance is one with a condition (Table 10.30)."""
    by_id = {node.get("id"): node for node in root.iter() if kind(node).endswith("EventDefinition")}
    for mark in root.iter(tag("multiInstanceLoopCharacteristics")):
        when = BEHAVIORS.get(str(mark.get("behavior", "All")))
        if when is None:
            continue
        ref = mark.get("oneBehaviorEventRef" if mark.get("behavior") == "One" else NONE_REF)
        definition = by_id.get((ref or "").rpartition(":")[2])
        mark.set("behavior", "Complex")
        rule = etree.SubElement(mark, tag("complexBehaviorDefinition"))
        etree.SubElement(rule, tag("condition")).text = when
        if definition is not None:
            thrown = deepcopy(definition)
            thrown.attrib.pop("id", None)
            etree.SubElement(rule, tag("event")).append(thrown)


def _wait_for_child(node: etree._Element) -> None:
    """A call of a process in another file waits like a user task: a child case completes it."""
    child = called_elsewhere(node)
    if child is not None:
        node.tag = tag("userTask")
        del node.attrib["calledElement"]
        node.set(hall("child"), child)


def _call(root: etree._Element, changes: Rewrites) -> None:
    for node in list(every(root, {"callActivity"})):
        target = called(node, root)
        if target is None:
            _wait_for_child(node)
            continue
        name = target.get("id") or ""
        if kind(target) not in GLOBAL_TASKS:
            node.set("calledElement", name)
            continue
        node.tag = tag(GLOBAL_TASKS[kind(target)])
        del node.attrib["calledElement"]
        if target.get("scriptLanguage") is not None:
            node.set("scriptFormat", str(target.get("scriptLanguage")))
        if target.get(hall("result")) is not None:
            node.set(hall("result"), str(target.get(hall("result"))))
        if node.get("name") is None and target.get("name") is not None:
            node.set("name", str(target.get("name")))
        for part in target.iterchildren(tag("script"), tag("extensionElements")):
            if node.find(str(part.tag)) is None:
                node.append(deepcopy(part))
        changes.append((kind(target), node.get("id") or "", name))


def _plan(scope: etree._Element) -> None:
    """An ad-hoc sub-process is a plain one whose activities all begin at once, or in turn."""
    scope.tag = tag("subProcess")
    in_turn = scope.attrib.pop("ordering", "Parallel") == "Sequential"
    keeps = scope.attrib.pop("cancelRemainingInstances", "true") in ("false", "0")
    scope.set(hall("adhoc"), "keeps" if keeps else "cancels")
    for node in list(nodes(scope)) if in_turn else ():
        if kind(node) not in ACTIVITIES or "true" in (
            node.get("triggeredByEvent"),
            node.get("isForCompensation"),
        ):
            continue
        drawn = node.get("id") or ""
        gate = _gate(scope, f"hall_turn_{drawn}", turn=int(_lasts(node)))
        for flow in flows(scope):
            if flow.get("targetRef") == drawn:
                flow.set("targetRef", gate)
        _flow(scope, gate, drawn)


def _lasts(node: etree._Element) -> bool:
    """Return whether an activity has an inside that takes its time."""
    loops = any(kind(child).endswith("LoopCharacteristics") for child in node)
    return loops or kind(node) in ("subProcess", "adHocSubProcess", "transaction", "callActivity")


def _begin(scope: etree._Element, changes: Rewrites) -> None:
    first = entries(scope)
    if not first:
        return
    made = f"hall_start_{scope.get('id')}"
    scope.insert(_place(scope), etree.Element(tag("startEvent"), id=made))
    for node in first:
        _flow(scope, made, node.get("id") or "")
    changes.append(("startEvent", scope.get("id") or "", made))


def _place(scope: etree._Element) -> int:
    """Return where the first node of a scope stands: a completion condition must come last."""
    return next((place for place, node in enumerate(scope) if kind(node) in ACTIVITIES), 0)


def _gate(scope: etree._Element, made: str, **tokens: int) -> str:
    gate = etree.Element(tag("complexGateway"), id=made)
    for word, number in tokens.items():
        gate.set(hall(word), str(number))
    scope.append(gate)
    return made


def _flow(scope: etree._Element, source: str, target: str) -> None:
    made = f"hall_flow_{source}_{target}"
    etree.SubElement(scope, tag("sequenceFlow"), id=made, sourceRef=source, targetRef=target)
