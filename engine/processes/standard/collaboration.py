"""Constraints on pools, message flows, conversations and choreographies (9, 11)."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.findings import broken
from engine.processes.standard.model import ARTIFACTS, Findings, Model, true

CONVERSATIONS = frozenset({"callConversation", "conversation", "subConversation"})
NOT_IN_GLOBAL = CONVERSATIONS | ARTIFACTS | {"conversationAssociation", "conversationLink"}


def artifact_receives_nothing(model: Model) -> Findings:
    """An artifact is not the target of a message flow (9.4)."""
    return _not_an_artifact(model, "targetRef", "EXT008")


def artifact_sends_nothing(model: Model) -> Findings:
    """An artifact is not the source of a message flow (9.4)."""
    return _not_an_artifact(model, "sourceRef", "EXT009")


def _not_an_artifact(model: Model, end: str, rule: str) -> Findings:
    for flow in model.every("messageFlow"):
        node = model.get(flow.get(end))
        if node is not None and kind(node) in ARTIFACTS:
            yield broken(
                flow, rule, "process.wrong_end", target=flow.get(end), construct=kind(node)
            )


def no_reference_to_a_choreography(model: Model) -> Findings:
    """A choreography and a global conversation refer to no choreography (9.1, 9.5)."""
    for node in model.every("choreography", "globalChoreographyTask", "globalConversation"):
        if node.find(tag("choreographyRef")) is not None:
            yield broken(node, "EXT027", "process.choreography_reference")


def minimum_is_not_negative(model: Model) -> Findings:
    """At least none of a participant takes part (9.3.1)."""
    for node in model.every("participantMultiplicity"):
        if _number(node, "minimum", 0) < 0:
            yield broken(_participant(node), "EXT029", "process.multiplicity", side="minimum")


def maximum_is_above_minimum(model: Model) -> Findings:
    """At most one or more of a participant take part, and not fewer than at least (9.3.1)."""
    for node in model.every("participantMultiplicity"):
        most = _number(node, "maximum", 1)
        if most < 1 or most < _number(node, "minimum", 0):
            yield broken(_participant(node), "EXT030", "process.multiplicity", side="maximum")


def _number(node: etree._Element, name: str, default: int) -> int:
    said = (node.get(name) or "").strip()
    return int(said) if re.fullmatch("[+-]?[0-9]{1,9}", said) else default


def _participant(node: etree._Element) -> etree._Element:
    parent = node.getparent()
    return node if parent is None else parent


def message_flow_joins_two_pools(model: Model) -> Findings:
    """A message flow joins two different pools, or what stands in them (9.4)."""
    for flow in model.every("messageFlow"):
        source, target = model.get(flow.get("sourceRef")), model.get(flow.get("targetRef"))
        if source is None or target is None:
            continue
        if set(_pools(model, source)) & set(_pools(model, target)):
            yield broken(flow, "EXT031", "process.one_pool", target=flow.get("targetRef"))


def _pools(model: Model, node: etree._Element) -> Iterator[etree._Element]:
    """The pool that an end of a message flow is or stands in, and the process behind it."""
    if kind(node) == "participant":
        yield node
        process = model.get(node.get("processRef"))
        if process is not None:
            yield process
    process = next(node.iterancestors(tag("process")), None)
    if process is not None:
        yield process


def global_conversation_is_bare(model: Model) -> Findings:
    """A global conversation contains no conversations, links or artifacts (9.5)."""
    for node in model.every("globalConversation"):
        found = sorted({kind(child) for child in node if kind(child) in NOT_IN_GLOBAL})
        if found:
            yield broken(node, "EXT032", "process.global_conversation", construct=", ".join(found))


def closed_means_the_same(model: Model) -> Findings:
    """A collaboration is closed if the choreography that it refers to is (9.1)."""
    for node in model.every("collaboration"):
        for ref in node.findall(tag("choreographyRef")):
            other = model.get(ref.text)
            if other is not None and true(other, "isClosed") != true(node, "isClosed"):
                yield broken(node, "EXT033", "process.closed_differs", target=other.get("id"))


def public_process_is_not_run(model: Model) -> Findings:
    """A public process is not marked as executable (10.1)."""
    for node in model.every("process"):
        if node.get("processType") == "Public" and true(node, "isExecutable"):
            yield broken(node, "EXT035", "process.public_executable")


def start_sends_nothing(model: Model) -> Findings:
    """A start event is not the source of a message flow (10.5.2)."""
    for flow in model.every("messageFlow"):
        node = model.get(flow.get("sourceRef"))
        if node is not None and kind(node) == "startEvent":
            yield broken(flow, "EXT102", "process.message_end", target=node.get("id"))


def start_receives_messages(model: Model) -> Findings:
    """A start event that a message flow leads to waits for a message (10.5.2)."""
    return _needs_message(model, "startEvent", "targetRef", "EXT103")


def end_receives_nothing(model: Model) -> Findings:
    """An end event is not the target of a message flow (10.5.3)."""
    for flow in model.every("messageFlow"):
        node = model.get(flow.get("targetRef"))
        if node is not None and kind(node) == "endEvent":
            yield broken(flow, "EXT108", "process.message_end", target=node.get("id"))


def end_sends_messages(model: Model) -> Findings:
    """An end event that a message flow leaves sends a message (10.5.3)."""
    return _needs_message(model, "endEvent", "sourceRef", "EXT109")


def _needs_message(model: Model, name: str, end: str, rule: str) -> Findings:
    for flow in model.every("messageFlow"):
        node = model.get(flow.get(end))
        if node is None or kind(node) != name:
            continue
        if not model.has_trigger(node, "message"):
            yield broken(node, rule, "process.message_missing", target=flow.get("id"))


def intermediate_event_talks_one_way(model: Model) -> Findings:
    """A throw event receives no message flow, and a catch event sends none (10.5.4)."""
    wrong = {
        "targetRef": ("intermediateThrowEvent",),
        "sourceRef": ("boundaryEvent", "intermediateCatchEvent"),
    }
    for flow in model.every("messageFlow"):
        for end, kinds in wrong.items():
            node = model.get(flow.get(end))
            if node is not None and kind(node) in kinds:
                yield broken(flow, "EXT119", "process.message_end", target=node.get("id"))


CONSTRAINTS = (
    artifact_receives_nothing,
    artifact_sends_nothing,
    no_reference_to_a_choreography,
    minimum_is_not_negative,
    maximum_is_above_minimum,
    message_flow_joins_two_pools,
    global_conversation_is_bare,
    closed_means_the_same,
    public_process_is_not_run,
    start_sends_nothing,
    start_receives_messages,
    end_receives_nothing,
    end_sends_messages,
    intermediate_event_talks_one_way,
)
