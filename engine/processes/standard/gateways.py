"""Constraints on gateways (8.4.9, 10.6)."""

from engine.processes.bpmn import kind, tag
from engine.processes.findings import broken
from engine.processes.standard.model import GATEWAYS, Findings, Model, true

AFTER_CHOICE = frozenset({"conditional", "message", "signal", "timer"})


def converging_has_one_way_out(model: Model) -> Findings:
    """A converging gateway has not more than one way out (8.4.9)."""
    for node in model.every(*sorted(GATEWAYS)):
        if node.get("gatewayDirection") == "Converging" and len(model.out_of(node)) > 1:
            yield broken(node, "EXT017", "process.gateway_direction", said="Converging")


def diverging_has_one_way_in(model: Model) -> Findings:
    """A diverging gateway has not more than one way in (8.4.9)."""
    for node in model.every(*sorted(GATEWAYS)):
        if node.get("gatewayDirection") == "Diverging" and len(model.into(node)) > 1:
            yield broken(node, "EXT018", "process.gateway_direction", said="Diverging")


def mixed_has_several_of_both(model: Model) -> Findings:
    """A mixed gateway has several ways in and several ways out (8.4.9)."""
    for node in model.every(*sorted(GATEWAYS)):
        several = len(model.into(node)) > 1 and len(model.out_of(node)) > 1
        if node.get("gatewayDirection") == "Mixed" and not several:
            yield broken(node, "EXT019", "process.gateway_direction", said="Mixed")


def gateway_splits_or_joins(model: Model) -> Findings:
    """A gateway has several ways in or several ways out (10.6)."""
    for node in model.every(*sorted(GATEWAYS)):
        if len(model.into(node)) < 2 and len(model.out_of(node)) < 2:
            yield broken(node, "EXT135", "process.idle_gateway")


def event_gateway_has_a_choice(model: Model) -> Findings:
    """An event-based gateway has two or more ways out (10.6.6)."""
    for node in model.every("eventBasedGateway"):
        if len(model.out_of(node)) < 2:
            yield broken(node, "EXT136", "process.no_choice")


def event_gateway_has_no_conditions(model: Model) -> Findings:
    """The ways out of an event-based gateway have no conditions (10.6.6)."""
    for node in model.every("eventBasedGateway"):
        for flow in model.out_of(node):
            if flow.find(tag("conditionExpression")) is not None:
                yield broken(flow, "EXT137", "process.condition_after_event_gateway")


def event_gateway_leads_to_events(model: Model) -> Findings:
    """An event-based gateway leads to receive tasks or to events that can be caught (10.6.6)."""
    for node in model.every("eventBasedGateway"):
        for flow in model.out_of(node):
            target = model.get(flow.get("targetRef"))
            if target is None or kind(target) == "receiveTask":
                continue
            triggers = {name for name, _ in model.triggers(target)}
            waits = kind(target) == "intermediateCatchEvent" and triggers
            if not waits or not triggers <= AFTER_CHOICE:
                yield broken(flow, "EXT138", "process.event_choice", target=target.get("id"))


def event_gateway_waits_in_one_way(model: Model) -> Findings:
    """After an event-based gateway message events and receive tasks do not mix (10.6.6)."""
    for node in model.every("eventBasedGateway"):
        targets = [model.get(flow.get("targetRef")) for flow in model.out_of(node)]
        tasks = [one for one in targets if one is not None and kind(one) == "receiveTask"]
        messages = [one for one in targets if one is not None and model.has_trigger(one, "message")]
        if tasks and messages:
            yield broken(node, "EXT139", "process.mixed_choice")


def receive_task_after_choice_is_plain(model: Model) -> Findings:
    """A receive task behind an event-based gateway has no boundary events (10.6.6)."""
    chosen = _chosen(model)
    for event in model.every("boundaryEvent"):
        host = model.get(event.get("attachedToRef"))
        if host is not None and kind(host) == "receiveTask" and host.get("id") in chosen:
            yield broken(host, "EXT140", "process.boundary_after_choice", target=event.get("id"))


def chosen_event_has_one_way_in(model: Model) -> Findings:
    """What an event-based gateway leads to has no other way in (10.6.6)."""
    for ref in sorted(_chosen(model)):
        node = model.get(ref)
        if node is not None and len(model.into(node)) > 1:
            yield broken(node, "EXT141", "process.second_way_in")


def _chosen(model: Model) -> set[str]:
    return {
        flow.get("targetRef") or ""
        for node in model.every("eventBasedGateway")
        for flow in model.out_of(node)
    }


def starting_gateway_is_not_entered(model: Model) -> Findings:
    """An event-based gateway that starts the process has no way in (10.6.6)."""
    for node in model.every("eventBasedGateway"):
        if true(node, "instantiate") and model.into(node):
            yield broken(node, "EXT142", "process.way_into_start")


CONSTRAINTS = (
    converging_has_one_way_out,
    diverging_has_one_way_in,
    mixed_has_several_of_both,
    gateway_splits_or_joins,
    event_gateway_has_a_choice,
    event_gateway_has_no_conditions,
    event_gateway_leads_to_events,
    event_gateway_waits_in_one_way,
    receive_task_after_choice_is_plain,
    chosen_event_has_one_way_in,
    starting_gateway_is_not_entered,
)
