"""Constraints on compensation: its events and the activities that undo (10.5.4, 10.7)."""

from lxml import etree

from engine.processes.bpmn import kind
from engine.processes.findings import broken
from engine.processes.standard.model import (
    ACTIVITIES,
    Findings,
    Model,
    compensates,
    event_sub_process,
)


def compensation_is_not_left(model: Model) -> Findings:
    """A compensation boundary event has no sequence flow out (10.5.4)."""
    for node in model.every("boundaryEvent"):
        undoes = model.has_trigger(node, "compensate")
        if undoes and model.out_of(node):
            yield broken(node, "EXT114", "process.compensation_flow")


def compensation_start_is_in_an_event_sub_process(model: Model) -> Findings:
    """A start event with compensation stands in an event sub-process (10.5.5)."""
    for node in model.every("startEvent"):
        level = node.getparent()
        undoes = model.has_trigger(node, "compensate")
        if undoes and (level is None or not event_sub_process(level)):
            yield broken(
                node, "EXT121", "process.wrong_trigger", trigger="compensate", construct=kind(node)
            )


def compensation_is_not_caught_in_the_flow(model: Model) -> Findings:
    """An intermediate catch event waits for no compensation (10.5.5)."""
    for node in model.every("intermediateCatchEvent"):
        if model.has_trigger(node, "compensate"):
            yield broken(
                node, "EXT122", "process.wrong_trigger", trigger="compensate", construct=kind(node)
            )


def compensation_has_a_handler(model: Model) -> Findings:
    """A compensation boundary event is associated with an activity that compensates (10.5.4)."""
    for node in model.every("boundaryEvent"):
        if not model.has_trigger(node, "compensate"):
            continue
        handlers = _associated(model, node)
        if not handlers:
            yield broken(node, "EXT143", "process.no_handler")
        for handler in handlers:
            if not compensates(handler):
                yield broken(handler, "EXT144", "process.handler_unmarked", target=node.get("id"))


def handler_stands_alone(model: Model) -> Findings:
    """A compensation activity has no sequence flows in or out (10.7)."""
    for node in model.every(*sorted(ACTIVITIES)):
        if compensates(node) and (model.into(node) or model.out_of(node)):
            yield broken(node, "EXT145", "process.handler_flow")


def _associated(model: Model, node: etree._Element) -> list[etree._Element]:
    found = []
    for association in model.every("association"):
        ends = [model.get(association.get(end)) for end in ("sourceRef", "targetRef")]
        if node in ends:
            found += [
                one
                for one in ends
                if one is not None and one is not node
                if kind(one) in ACTIVITIES
            ]
    return found


CONSTRAINTS = (
    compensation_is_not_left,
    compensation_start_is_in_an_event_sub_process,
    compensation_is_not_caught_in_the_flow,
    compensation_has_a_handler,
    handler_stands_alone,
)
