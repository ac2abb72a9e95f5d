"""Constraints on events: triggers by place, ways in and out, what they carry (10.5)."""

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.findings import broken
from engine.processes.standard.model import (
    CATCHING,
    EVENTS,
    SUB_PROCESSES,
    THROWING,
    TRIGGERS,
    Findings,
    Model,
    event_sub_process,
    executable,
    true,
    words,
)

STARTS_PROCESS = frozenset({"conditional", "message", "signal", "timer"})
ENDS = frozenset({"cancel", "compensate", "error", "escalation", "message", "signal", "terminate"})
ON_THE_EDGE = frozenset(TRIGGERS) - {"link", "terminate"}
ON_THE_EDGE_ALONGSIDE = ON_THE_EDGE - {"cancel", "compensate", "error"}
CAUGHT = frozenset({"conditional", "link", "message", "signal", "timer"})
THROWN = frozenset({"compensate", "escalation", "link", "message", "signal"})
CARRIES = frozenset({"error", "escalation", "message", "signal"})


def thrown_error_has_a_code(model: Model) -> Findings:
    """An error end event of a process that runs throws an error with a code (8.4.3)."""
    return _has_code(model, ("endEvent",), "error", "errorRef", "errorCode", "EXT010")


def thrown_escalation_has_a_code(model: Model) -> Findings:
    """An escalation that is thrown by a process that runs has a code (8.4.4)."""
    places = ("endEvent", "intermediateThrowEvent")
    return _has_code(model, places, "escalation", "escalationRef", "escalationCode", "EXT011")


def _has_code(
    model: Model, places: tuple[str, ...], trigger: str, ref: str, code: str, rule: str
) -> Findings:
    for node in model.every(*places):
        for name, definition in model.triggers(node):
            if name != trigger or not executable(node):
                continue
            thrown = model.get(definition.get(ref))
            if thrown is None or not (thrown.get(code) or "").strip():
                yield broken(node, rule, "process.no_code", trigger=trigger)


def data_fits_the_triggers(model: Model) -> Findings:
    """An event with data inputs or outputs has one for each trigger (10.5.1)."""
    for node, data, definitions in _with_data(model):
        if len(data) != len(definitions):
            yield broken(
                node, "EXT093", "process.event_data", count=len(data), wanted=len(definitions)
            )


def data_is_of_the_trigger(model: Model) -> Findings:
    """What a trigger carries is of the type of the data at the same place (10.5.1)."""
    refs = {
        "error": "errorRef",
        "escalation": "escalationRef",
        "message": "messageRef",
        "signal": "signalRef",
    }
    for node, data, definitions in _with_data(model):
        if len(data) != len(definitions):
            continue
        for one, (name, definition) in zip(data, definitions, strict=True):
            if name not in CARRIES:
                continue
            carried = model.get(definition.get(refs[name]))
            untyped = model.item_of(carried) is None and model.item_of(one) is None
            if not untyped and not model.same_item(one, carried):
                yield broken(node, "EXT094", "process.item_differs", side=name)


Definitions = list[tuple[str, etree._Element]]


def _with_data(
    model: Model,
) -> list[tuple[etree._Element, list[etree._Element], Definitions]]:
    found = []
    for node in model.every(*sorted(EVENTS)):
        name = "dataOutput" if kind(node) in CATCHING else "dataInput"
        data = node.findall(tag(name))
        if data:
            found.append((node, data, model.triggers(node)))
    return found


def thrown_definition_is_its_own(model: Model) -> Findings:
    """An event definition inside a throw event is used by that event alone (10.5.1)."""
    used = {words(ref): ref.getparent() for ref in model.every("eventDefinitionRef")}
    for node in model.every(*sorted(THROWING)):
        for child in node:
            owner = used.get(child.get("id") or "-")
            if kind(child).endswith("EventDefinition") and owner is not None:
                yield broken(
                    owner, "EXT095", "process.definition_elsewhere", target=child.get("id")
                )


def start_is_not_entered(model: Model) -> Findings:
    """A start event has no way in (10.5.2)."""
    for node in model.every("startEvent"):
        if model.into(node):
            yield broken(node, "EXT096", "process.way_into_start")


def end_needs_a_start(model: Model) -> Findings:
    """A level with an end event has something that starts it (10.5.3)."""
    for level in model.every("process", *sorted(SUB_PROCESSES)):
        starts = any(kind(one) == "startEvent" or true(one, "instantiate") for one in level)
        for node in level.findall(tag("endEvent")):
            if not starts:
                yield broken(node, "EXT097", "process.end_without_start")


def process_start_trigger(model: Model) -> Findings:
    """A process starts by nothing, a message, time, a condition or a signal (10.5.2)."""
    for level in model.every("process"):
        yield from _triggers_at(model, level.findall(tag("startEvent")), STARTS_PROCESS, "EXT098")


def sub_process_start_is_plain(model: Model) -> Findings:
    """The start event of a sub-process in the flow has no trigger (10.5.2)."""
    for level in model.every(*sorted(SUB_PROCESSES)):
        if event_sub_process(level):
            continue
        for node in level.findall(tag("startEvent")):
            if any(kind(child) == "eventDefinitionRef" for child in node) or model.triggers(node):
                yield broken(node, "EXT100", "process.start_trigger")


def start_is_left(model: Model) -> Findings:
    """A start event has a way out (10.5.2)."""
    for node in model.every("startEvent"):
        yield from model.no_way_out(node, "EXT101")


def end_is_not_left(model: Model) -> Findings:
    """An end event has no way out (10.5.3)."""
    for node in model.every("endEvent"):
        if model.out_of(node):
            yield broken(node, "EXT104", "process.way_out_of_end")


def start_needs_an_end(model: Model) -> Findings:
    """A level with a start event has an end event (10.5.3)."""
    for level in model.every("process", *sorted(SUB_PROCESSES)):
        for node in level.findall(tag("startEvent")):
            if level.find(tag("endEvent")) is None:
                yield broken(node, "EXT105", "process.start_without_end")


def cancel_ends_a_transaction(model: Model) -> Findings:
    """A cancel end event stands in a transaction (10.5.3)."""
    for node in model.every("endEvent"):
        cancels = model.has_trigger(node, "cancel")
        if cancels and next(node.iterancestors(tag("transaction")), None) is None:
            yield broken(node, "EXT106", "process.cancel_outside")


def end_is_entered(model: Model) -> Findings:
    """An end event has a way in (10.5.3)."""
    for node in model.every("endEvent"):
        yield from model.no_way_in(node, "EXT107")


def boundary_trigger(model: Model) -> Findings:
    """A boundary event has triggers that may stand on an edge, fewer if it does not interrupt."""
    for node in model.every("boundaryEvent"):
        interrupts = true(node, "cancelActivity", default=True)
        allowed = ON_THE_EDGE if interrupts else ON_THE_EDGE_ALONGSIDE
        for rule in ("EXT110", "EXT147"):
            yield from _triggers_at(model, [node], allowed, rule)
        if not _has_trigger(node):
            for rule in ("EXT110", "EXT130", "EXT147"):
                yield broken(node, rule, "process.no_event")


def cancel_is_on_a_transaction(model: Model) -> Findings:
    """A cancel boundary event is on the edge of a transaction (10.5.4)."""
    for node in model.every("boundaryEvent"):
        host = model.get(node.get("attachedToRef"))
        cancels = model.has_trigger(node, "cancel")
        if cancels and (host is None or kind(host) != "transaction"):
            for rule in ("EXT111", "EXT120"):
                yield broken(
                    node, rule, "process.cancel_elsewhere", target=node.get("attachedToRef")
                )


def boundary_is_not_entered(model: Model) -> Findings:
    """A boundary event has no way in (10.5.4)."""
    for node in model.every("boundaryEvent"):
        if model.into(node):
            yield broken(node, "EXT112", "process.way_into_start")


def boundary_is_left(model: Model) -> Findings:
    """A boundary event has a way out, unless it compensates (10.5.4)."""
    for node in model.every("boundaryEvent"):
        undoes = model.has_trigger(node, "compensate")
        if not undoes:
            yield from model.no_way_out(node, "EXT113")


def intermediate_is_entered(model: Model) -> Findings:
    """An intermediate event has a way in, a catching link excepted (10.5.4)."""
    for node in model.every("intermediateCatchEvent", "intermediateThrowEvent"):
        lands = kind(node) == "intermediateCatchEvent" and model.has_trigger(node, "link")
        if not lands:
            yield from model.no_way_in(node, "EXT115")


def intermediate_is_left(model: Model) -> Findings:
    """An intermediate event has a way out, a throwing link excepted (10.5.4)."""
    for node in model.every("intermediateCatchEvent", "intermediateThrowEvent"):
        jumps = kind(node) == "intermediateThrowEvent" and model.has_trigger(node, "link")
        if not jumps:
            yield from model.no_way_out(node, "EXT116")


def message_is_named(model: Model) -> Findings:
    """A message event of a process that runs names its message (10.5.5)."""
    for node, definition in _messages(model):
        if definition.get("messageRef") is None:
            yield broken(node, "EXT127", "process.no_message")


def operation_is_named(model: Model) -> Findings:
    """A message event of a process that runs names its operation (10.5.5)."""
    for node, definition in _messages(model):
        if not words(definition.find(tag("operationRef"))):
            yield broken(node, "EXT128", "process.no_operation")


def _messages(model: Model) -> list[tuple[etree._Element, etree._Element]]:
    return [
        (node, definition)
        for node in model.every(*sorted(EVENTS))
        for name, definition in model.triggers(node)
        if name == "message" and executable(node)
    ]


def timer_has_one_time(model: Model) -> Findings:
    """A timer has one of date, cycle and duration (10.5.5)."""
    for definition in model.every("timerEventDefinition"):
        times = [child for child in definition if kind(child).startswith("time")]
        if len(times) > 1:
            node = definition.getparent()
            place = definition if node is None or kind(node) not in EVENTS else node
            yield broken(place, "EXT131", "process.several_times", count=len(times))


def end_trigger(model: Model) -> Findings:
    """An end event throws what may end a process (10.5.3)."""
    return _triggers_at(model, list(model.every("endEvent")), ENDS, "EXT146")


def catch_trigger(model: Model) -> Findings:
    """An intermediate catch event waits for what may be waited for in the flow (10.5.4)."""
    for node in model.every("intermediateCatchEvent"):
        yield from _triggers_at(model, [node], CAUGHT, "EXT148")
        if not _has_trigger(node):
            yield broken(node, "EXT148", "process.no_event")


def throw_trigger(model: Model) -> Findings:
    """An intermediate throw event throws what may be thrown in the flow (10.5.4)."""
    return _triggers_at(model, list(model.every("intermediateThrowEvent")), THROWN, "EXT149")


def _triggers_at(
    model: Model, nodes: list[etree._Element], allowed: frozenset[str], rule: str
) -> Findings:
    for node in nodes:
        for name, _ in model.triggers(node):
            if name not in allowed:
                yield broken(
                    node, rule, "process.wrong_trigger", trigger=name, construct=kind(node)
                )


def _has_trigger(node: etree._Element) -> bool:
    return any(
        kind(child) == "eventDefinitionRef" or kind(child).endswith("EventDefinition")
        for child in node
    )


CONSTRAINTS = (
    thrown_error_has_a_code,
    thrown_escalation_has_a_code,
    data_fits_the_triggers,
    data_is_of_the_trigger,
    thrown_definition_is_its_own,
    start_is_not_entered,
    end_needs_a_start,
    process_start_trigger,
    sub_process_start_is_plain,
    start_is_left,
    end_is_not_left,
    start_needs_an_end,
    cancel_ends_a_transaction,
    end_is_entered,
    boundary_trigger,
    cancel_is_on_a_transaction,
    boundary_is_not_entered,
    boundary_is_left,
    intermediate_is_entered,
    intermediate_is_left,
    message_is_named,
    operation_is_named,
    timer_has_one_time,
    end_trigger,
    catch_trigger,
    throw_trigger,
)
