"""Constraints on sequence flows: what they join, and what both ends say (8.4.13, 7.6.1)."""

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.findings import broken
from engine.processes.standard.model import (
    ACTIVITIES,
    ARTIFACTS,
    FLOW_NODES,
    GATEWAYS,
    Findings,
    Model,
    compensates,
    event_sub_process,
    executable,
    local,
    true,
    words,
)

MAY_HAVE_DEFAULT = ACTIVITIES | {"complexGateway", "exclusiveGateway", "inclusiveGateway"}


def artifact_is_no_target(model: Model) -> Findings:
    """An artifact is not the target of a sequence flow (7.6.1)."""
    return _not_an_artifact(model, "targetRef", "EXT006")


def artifact_is_no_source(model: Model) -> Findings:
    """An artifact is not the source of a sequence flow (7.6.1)."""
    return _not_an_artifact(model, "sourceRef", "EXT007")


def _not_an_artifact(model: Model, end: str, rule: str) -> Findings:
    for flow in model.every("sequenceFlow"):
        node = model.get(flow.get(end))
        if node is not None and kind(node) in ARTIFACTS:
            yield broken(
                flow, rule, "process.wrong_end", target=flow.get(end), construct=kind(node)
            )


def source_is_a_node(model: Model) -> Findings:
    """A flow starts at an activity, gateway or event, not at an event sub-process (8.4.13)."""
    return _joins_nodes(model, "sourceRef", "EXT021")


def target_is_a_node(model: Model) -> Findings:
    """A flow ends at an activity, gateway or event, not at an event sub-process (8.4.13)."""
    return _joins_nodes(model, "targetRef", "EXT022")


def _joins_nodes(model: Model, end: str, rule: str) -> Findings:
    for flow in model.every("sequenceFlow"):
        node = model.get(flow.get(end))
        parent = flow.getparent()
        if node is None or (parent is not None and kind(parent).endswith("horeography")):
            continue
        if kind(node) not in FLOW_NODES or event_sub_process(node):
            said = "eventSubProcess" if kind(node) in FLOW_NODES else kind(node)
            yield broken(flow, rule, "process.wrong_end", target=flow.get(end), construct=said)


def both_ends_list_the_flow(model: Model) -> Findings:
    """The source lists a flow as outgoing and the target as incoming (8.4.5 FlowNode)."""
    for flow in model.every("sequenceFlow"):
        for end, listed in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
            node = model.get(flow.get(end))
            if node is None or kind(node) not in FLOW_NODES:
                continue
            refs = [local(words(ref)) for ref in node.findall(tag(listed))]
            if flow.get("id") not in refs:
                yield broken(
                    flow, "EXT023", "process.not_listed", target=node.get("id"), side=listed
                )


def listed_flow_is_joined(model: Model) -> Findings:
    """A flow that a node lists starts or ends there (8.4.5 FlowNode)."""
    for listed, end in (("outgoing", "sourceRef"), ("incoming", "targetRef")):
        for ref in model.every(listed):
            node, flow = ref.getparent(), model.get(words(ref))
            if node is None or flow is None or kind(flow) != "sequenceFlow":
                continue
            if local(flow.get(end) or "") != node.get("id"):
                yield broken(
                    flow, "EXT023", "process.not_listed", target=node.get("id"), side=listed
                )


def immediate_is_not_false(model: Model) -> Findings:
    """A flow of a process that runs is not marked as possibly interrupted (8.4.13)."""
    for flow in model.every("sequenceFlow"):
        if (
            flow.get("isImmediate") is not None
            and executable(flow)
            and not true(flow, "isImmediate")
        ):
            yield broken(flow, "EXT024", "process.not_immediate")


def condition_has_an_alternative(model: Model) -> Findings:
    """An activity whose only way out has a condition cannot go on; events have no conditions."""
    for flow in model.every("sequenceFlow"):
        if flow.find(tag("conditionExpression")) is None:
            continue
        node = model.get(flow.get("sourceRef"))
        if node is None or kind(node) in GATEWAYS or kind(node) not in FLOW_NODES:
            continue
        if kind(node) not in ACTIVITIES or len(model.out_of(node)) < 2:
            yield broken(flow, "EXT025", "process.only_conditional", target=node.get("id"))


def default_starts_here(model: Model) -> Findings:
    """The default flow of a node is one of those that leave it (10.3, 10.6)."""
    for node in model.every(*sorted(MAY_HAVE_DEFAULT)):
        flow = model.get(node.get("default"))
        if flow is not None and local(flow.get("sourceRef") or "") != node.get("id"):
            yield broken(node, "EXT026", "process.default_elsewhere", target=node.get("default"))


def flow_stays_in_its_pool(model: Model) -> Findings:
    """A sequence flow does not cross the border of a pool (9.3)."""
    return _crossing(model, "EXT028")


def flow_stays_in_its_process(model: Model) -> Findings:
    """A sequence flow does not cross the border of a process or sub-process (7.6.1)."""
    return _crossing(model, "EXT152")


def _crossing(model: Model, rule: str) -> Findings:
    for flow in model.every("sequenceFlow"):
        source, target = model.get(flow.get("sourceRef")), model.get(flow.get("targetRef"))
        if source is None or target is None or source.getparent() is target.getparent():
            continue
        if kind(source) in ARTIFACTS or kind(target) in ARTIFACTS:
            continue
        yield broken(flow, rule, "process.crosses_border", target=flow.get("targetRef"))


def every_node_is_entered(model: Model) -> Findings:
    """Where a level has a start event, every other node on it has a way in (10.5.2)."""
    for node in _on_levels(model, "startEvent"):
        name = kind(node)
        exempt = name in ("startEvent", "boundaryEvent") or _is_link(model, node, catching=True)
        starts = true(node, "instantiate")
        if not exempt and not starts:
            yield from model.no_way_in(node, "EXT150")
        if kind(node) == "boundaryEvent" and model.into(node):
            yield broken(node, "EXT150", "process.way_into_start")


def every_node_is_left(model: Model) -> Findings:
    """Where a level has an end event, every other node on it has a way out (10.5.3)."""
    for node in _on_levels(model, "endEvent"):
        exempt = kind(node) in ("endEvent", "boundaryEvent") or _is_link(
            model, node, catching=False
        )
        if not exempt:
            yield from model.no_way_out(node, "EXT151")


def _on_levels(model: Model, with_event: str) -> list[etree._Element]:
    """The nodes that take part in the flow of a level that holds a given event."""
    found = []
    for level in model.every("process", "subProcess", "transaction", "adHocSubProcess"):
        if level.find(tag(with_event)) is None:
            continue
        found += [
            node
            for node in level
            if kind(node) in FLOW_NODES and not compensates(node) and not event_sub_process(node)
        ]
    return found


def _is_link(model: Model, node: etree._Element, *, catching: bool) -> bool:
    place = "intermediateCatchEvent" if catching else "intermediateThrowEvent"
    return kind(node) == place and model.has_trigger(node, "link")


CONSTRAINTS = (
    artifact_is_no_target,
    artifact_is_no_source,
    source_is_a_node,
    target_is_a_node,
    both_ends_list_the_flow,
    listed_flow_is_joined,
    immediate_is_not_false,
    condition_has_an_alternative,
    default_starts_here,
    flow_stays_in_its_pool,
    flow_stays_in_its_process,
    every_node_is_entered,
    every_node_is_left,
)
