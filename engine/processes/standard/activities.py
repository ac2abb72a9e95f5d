"""Constraints on activities: quantities, resources, loops, tasks with messages, sub-processes."""

import re

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.findings import broken
from engine.processes.standard.model import (
    ACTIVITIES,
    CHOREOGRAPHY,
    SUB_PROCESSES,
    Findings,
    Model,
    event_sub_process,
    true,
)

ROLES = ("humanPerformer", "performer", "potentialOwner", "resourceRole")
LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
ALLOWED_IN_EVENT_SUB_PROCESS = frozenset(
    {"compensate", "conditional", "error", "escalation", "message", "signal", "timer"}
)
ALWAYS_INTERRUPT = frozenset({"compensate", "error"})


def start_quantity_is_positive(model: Model) -> Findings:
    """An activity consumes at least one token (10.3, startQuantity)."""
    return _positive(model, "startQuantity", "EXT037")


def completion_quantity_is_positive(model: Model) -> Findings:
    """An activity produces at least one token (10.3, completionQuantity)."""
    return _positive(model, "completionQuantity", "EXT038")


def _positive(model: Model, attribute: str, rule: str) -> Findings:
    for node in model.every(*sorted(ACTIVITIES)):
        said = node.get(attribute)
        if said is not None and re.fullmatch(r"\s*(-[0-9]+|\+?0+)\s*", said):
            yield broken(node, rule, "process.quantity", attribute=attribute, said=said)


def resource_is_named_or_computed(model: Model) -> Findings:
    """A resource role names a resource or computes it, never both (10.3.1)."""
    for role in model.every(*ROLES):
        computed = role.find(tag("resourceAssignmentExpression")) is not None
        if computed and role.find(tag("resourceRef")) is not None:
            yield broken(role, "EXT039", "process.resource_twice")


def parameters_need_a_resource(model: Model) -> Findings:
    """A resource role binds parameters only of a resource that it names (10.3.1)."""
    for role in model.every(*ROLES):
        bound = role.find(tag("resourceParameterBinding")) is not None
        if bound and role.find(tag("resourceRef")) is None:
            yield broken(role, "EXT040", "process.parameters_without_resource")


def one_loop_marker(model: Model) -> Findings:
    """An activity repeats in one way: as a loop or as multiple instances (10.3)."""
    return _two_loops(model, sorted(ACTIVITIES - SUB_PROCESSES), "EXT041")


def sub_process_has_one_loop_marker(model: Model) -> Findings:
    """A sub-process repeats in one way (10.3.5; the list counts it twice)."""
    yield from _two_loops(model, sorted(SUB_PROCESSES), "EXT054")
    yield from _two_loops(model, sorted(SUB_PROCESSES), "EXT055")


def _two_loops(model: Model, kinds: list[str], rule: str) -> Findings:
    for node in model.every(*kinds):
        if sum(kind(child) in LOOPS for child in node) > 1:
            yield broken(node, rule, "process.two_loops")


def service_has_one_input_set(model: Model) -> Findings:
    """A service task with an operation has exactly one input set (10.3.3)."""
    for node in model.every("serviceTask"):
        if node.get("operationRef") and len(sets(node, "inputSet")) != 1:
            yield broken(node, "EXT042", "process.io_sets", side="inputSet")


def service_has_one_output_set(model: Model) -> Findings:
    """A service task with an operation has at most one output set (10.3.3)."""
    for node in model.every("serviceTask"):
        if node.get("operationRef") and len(sets(node, "outputSet")) > 1:
            yield broken(node, "EXT043", "process.io_sets", side="outputSet")


def service_input_fits(model: Model) -> Findings:
    """The input of a service task is what its operation receives (10.3.3)."""
    return _fits_operation(model, "dataInput", "inMessageRef", "EXT044")


def service_output_fits(model: Model) -> Findings:
    """The output of a service task is what its operation answers (10.3.3)."""
    return _fits_operation(model, "dataOutput", "outMessageRef", "EXT045")


def _fits_operation(model: Model, side: str, ref: str, rule: str) -> Findings:
    for node in model.every("serviceTask"):
        operation = model.get(node.get("operationRef"))
        said = operation.findtext(tag(ref)) if operation is not None else None
        message = model.get(said)
        data = sets(node, side)
        # A task without inputs breaks the rule of input sets; an answer must go somewhere.
        if message is None or (side == "dataInput" and not data):
            continue
        if not any(_same_type(model, one, message) for one in data):
            yield broken(node, rule, "process.item_differs", side=side)


def _same_type(model: Model, data: etree._Element, message: etree._Element) -> bool:
    if data.get("itemSubjectRef") is None and message.get("itemRef") is None:
        return True
    return model.same_item(data, message)


def send_has_one_input_set(model: Model) -> Findings:
    """A send task with a message has at most one input set (10.3.3)."""
    return _at_most_one(model, "sendTask", "inputSet", "EXT046")


def send_has_one_input(model: Model) -> Findings:
    """A send task with a message has at most one data input (10.3.3)."""
    return _at_most_one(model, "sendTask", "dataInput", "EXT047")


def send_input_fits(model: Model) -> Findings:
    """The data input of a send task is of its message's type (10.3.3)."""
    return _fits_message(model, "sendTask", "dataInput", "EXT048")


def starting_receive_task_is_not_entered(model: Model) -> Findings:
    """A receive task that starts the process has no way in (10.3.3)."""
    for node in model.every("receiveTask"):
        if true(node, "instantiate") and model.into(node):
            yield broken(node, "EXT049", "process.way_into_start")


def receive_has_one_output_set(model: Model) -> Findings:
    """A receive task with a message has at most one output set (10.3.3)."""
    return _at_most_one(model, "receiveTask", "outputSet", "EXT050")


def receive_has_one_output(model: Model) -> Findings:
    """A receive task with a message has at most one data output (10.3.3)."""
    return _at_most_one(model, "receiveTask", "dataOutput", "EXT051")


def receive_output_fits(model: Model) -> Findings:
    """The data output of a receive task is of its message's type (10.3.3)."""
    return _fits_message(model, "receiveTask", "dataOutput", "EXT052")


def _at_most_one(model: Model, task: str, side: str, rule: str) -> Findings:
    for node in model.every(task):
        if node.get("messageRef") and len(sets(node, side)) > 1:
            yield broken(node, rule, "process.io_sets", side=side)


def _fits_message(model: Model, task: str, side: str, rule: str) -> Findings:
    for node in model.every(task):
        message, data = model.get(node.get("messageRef")), sets(node, side)
        if not data:
            continue
        if message is None or not any(model.same_item(one, message) for one in data):
            yield broken(node, rule, "process.item_differs", side=side)


def script_has_a_format(model: Model) -> Findings:
    """A script task with a script says in which language (10.3.3)."""
    for node in model.every("scriptTask"):
        if node.find(tag("script")) is not None and not (node.get("scriptFormat") or "").strip():
            yield broken(node, "EXT053", "process.script_language", language="-")


def process_has_no_choreography(model: Model) -> Findings:
    """A process contains no choreography activities (10.1)."""
    for node in model.every("process"):
        if any(kind(child) in CHOREOGRAPHY for child in node):
            yield broken(node, "EXT036", "process.choreography_inside")


def sub_process_has_no_choreography(model: Model) -> Findings:
    """A sub-process contains no choreography activities (10.3.5)."""
    for node in model.every(*sorted(SUB_PROCESSES)):
        if any(kind(child) in CHOREOGRAPHY for child in node):
            yield broken(node, "EXT056", "process.choreography_inside")


def event_sub_process_stands_alone(model: Model) -> Findings:
    """An event sub-process has no sequence flows in or out (10.3.5)."""
    for node in model.every("subProcess"):
        if event_sub_process(node) and (model.into(node) or model.out_of(node)):
            yield broken(node, "EXT057", "process.event_sub_process_flow")


def event_sub_process_has_one_start(model: Model) -> Findings:
    """An event sub-process has exactly one start event (10.3.5)."""
    for node in model.every("subProcess"):
        found = len(node.findall(tag("startEvent")))
        if event_sub_process(node) and found != 1:
            yield broken(node, "EXT058", "process.event_sub_process_start", count=found)


def event_sub_process_has_a_trigger(model: Model) -> Findings:
    """The start event of an event sub-process has triggers that may stand there (10.5.2)."""
    for node in model.every("subProcess"):
        if not event_sub_process(node):
            continue
        for start in node.findall(tag("startEvent")):
            triggers = {name for name, _ in model.triggers(start)}
            wrong = triggers - ALLOWED_IN_EVENT_SUB_PROCESS
            if not true(start, "isInterrupting", default=True):
                wrong |= triggers & ALWAYS_INTERRUPT
            if not triggers:
                yield broken(start, "EXT059", "process.no_event")
                yield broken(start, "EXT129", "process.no_event")
            for name in sorted(wrong):
                yield broken(
                    start, "EXT059", "process.wrong_trigger", trigger=name, construct="startEvent"
                )


def ad_hoc_has_an_activity(model: Model) -> Findings:
    """An ad-hoc sub-process contains at least one activity (10.3.5)."""
    for node in model.every("adHocSubProcess"):
        if not any(kind(child) in ACTIVITIES for child in node):
            yield broken(node, "EXT061", "process.ad_hoc_empty")


def ad_hoc_has_no_start_or_end(model: Model) -> Findings:
    """An ad-hoc sub-process has no start event, end event or choreography activity (10.3.5)."""
    unwanted = CHOREOGRAPHY | {"startEvent", "endEvent"}
    for node in model.every("adHocSubProcess"):
        for child in node:
            if kind(child) in unwanted:
                yield broken(child, "EXT062", "process.ad_hoc_contents", construct=kind(child))


def sets(node: etree._Element, name: str) -> list[etree._Element]:
    """Return the data inputs, outputs or sets of an activity or process, by their tag."""
    return node.findall(f"{tag('ioSpecification')}/{tag(name)}")


CONSTRAINTS = (
    process_has_no_choreography,
    start_quantity_is_positive,
    completion_quantity_is_positive,
    resource_is_named_or_computed,
    parameters_need_a_resource,
    one_loop_marker,
    service_has_one_input_set,
    service_has_one_output_set,
    service_input_fits,
    service_output_fits,
    send_has_one_input_set,
    send_has_one_input,
    send_input_fits,
    starting_receive_task_is_not_entered,
    receive_has_one_output_set,
    receive_has_one_output,
    receive_output_fits,
    script_has_a_format,
    sub_process_has_one_loop_marker,
    sub_process_has_no_choreography,
    event_sub_process_stands_alone,
    event_sub_process_has_one_start,
    event_sub_process_has_a_trigger,
    ad_hoc_has_an_activity,
    ad_hoc_has_no_start_or_end,
)
