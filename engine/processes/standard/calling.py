"""Constraints on what is called or repeated: interfaces, call activities, multiple instances."""

from collections import Counter

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.findings import broken
from engine.processes.standard.activities import sets
from engine.processes.standard.model import (
    GLOBAL_TASKS,
    SUB_PROCESSES,
    Findings,
    Model,
    executable,
    local,
    texts,
    true,
    words,
)

CALLABLE = ("process", *sorted(GLOBAL_TASKS))
MULTIPLE = "multiInstanceLoopCharacteristics"


def call_matches_what_is_called(model: Model) -> Findings:
    """A call activity has the inputs, outputs and sets of what it calls (10.3.6)."""
    for node in model.every("callActivity"):
        called = model.get(node.get("calledElement"))
        if called is None or kind(called) not in CALLABLE:
            continue
        for side in ("dataInput", "dataOutput"):
            if _types(model, node, side) != _types(model, called, side):
                yield broken(node, "EXT063", "process.call_differs", side=side)
        for side, refs in (("inputSet", "dataInputRefs"), ("outputSet", "dataOutputRefs")):
            if _sizes(node, side, refs) != _sizes(called, side, refs):
                yield broken(node, "EXT063", "process.call_differs", side=side)


def _types(model: Model, node: etree._Element, side: str) -> Counter[str]:
    """The structures of the inputs or outputs; an untyped one counts as such."""
    found: Counter[str] = Counter()
    for data in sets(node, side):
        item = model.item_of(data)
        name = "" if item is None else item.get("structureRef") or item.get("id") or ""
        found[name] += 1
    return found


def _sizes(node: etree._Element, side: str, refs: str) -> list[int]:
    return sorted(len(texts(one, refs)) for one in sets(node, side))


def service_is_bound(model: Model) -> Findings:
    """What is offered as a service binds its inputs and outputs to operations (10.1, 8.4.3)."""
    for node in model.every(*CALLABLE):
        offered = node.find(tag("supportedInterfaceRef")) is not None
        if offered and node.find(tag("ioBinding")) is None:
            yield broken(node, "EXT064", "process.no_binding")


def binding_fits_its_operation(model: Model) -> Findings:
    """A binding joins an input and an output of the types of its operation's messages (8.4.3)."""
    for node in model.every(*CALLABLE):
        for binding in node.findall(tag("ioBinding")):
            operation = model.get(binding.get("operationRef"))
            ends = (
                ("dataInput", "inputDataRef", "inMessageRef"),
                ("dataOutput", "outputDataRef", "outMessageRef"),
            )
            for side, attribute, ref in ends:
                said = operation.findtext(tag(ref)) if operation is not None else None
                message, data = model.get(said), model.get(binding.get(attribute))
                if message is None or not _bound(model, node, side, data, message):
                    yield broken(node, "EXT065", "process.binding_differs", side=side)


def _bound(
    model: Model,
    node: etree._Element,
    side: str,
    data: etree._Element | None,
    message: etree._Element,
) -> bool:
    if data is None:
        return False
    if kind(data) in ("inputSet", "outputSet"):
        refs = texts(data, f"{side}Refs")
        found = [model.get(ref) for ref in refs]
    else:
        found = [data]
    here = sets(node, side)
    return any(one in here and model.same_item(one, message) for one in found if one is not None)


def called_process_can_be_started(model: Model) -> Findings:
    """A process that is called has a start event without a trigger, if it has any (10.5.2)."""
    called = {local(node.get("calledElement") or "") for node in model.every("callActivity")}
    for node in model.every("process"):
        starts = node.findall(tag("startEvent"))
        plain = [one for one in starts if not _triggered(one)]
        if node.get("id") in called and starts and not plain:
            yield broken(node, "EXT099", "process.called_without_start")


def _triggered(event: etree._Element) -> bool:
    return any(
        kind(child).endswith(("EventDefinition", "EventDefinitionRef"))
        or kind(child) == "eventDefinitionRef"
        for child in event
    )


def instances_are_counted(model: Model) -> Findings:
    """Multiple instances of a process that runs have a cardinality or a collection (10.3.8)."""
    for mark in model.every(MULTIPLE):
        counted = mark.find(tag("loopCardinality")) is not None
        if not counted and mark.find(tag("loopDataInputRef")) is None and executable(mark):
            yield broken(_host(mark), "EXT067", "process.uncounted")


def collection_is_an_input(model: Model) -> Findings:
    """The collection of a multi-instance task is one of its data inputs (10.3.8)."""
    for mark in model.every(MULTIPLE):
        said, host = mark.find(tag("loopDataInputRef")), _host(mark)
        if said is None or kind(host) in SUB_PROCESSES or not executable(mark):
            continue
        inputs = {data.get("id") for data in sets(host, "dataInput")}
        if local(words(said)) not in inputs:
            yield broken(host, "EXT068", "process.collection_elsewhere", target=local(words(said)))


def gathered_output_fits(model: Model) -> Findings:
    """The outputs of instances are single items of the collection they go to (10.3.8)."""
    return _single(model, "loopDataOutputRef", "outputDataItem", "EXT069")


def instance_input_fits(model: Model) -> Findings:
    """The inputs of instances are single items of the collection (10.3.8)."""
    return _single(model, "loopDataInputRef", "inputDataItem", "EXT070")


def _single(model: Model, ref: str, item: str, rule: str) -> Findings:
    for mark in model.every(MULTIPLE):
        said, one = mark.find(tag(ref)), mark.find(tag(item))
        if said is None or one is None or not executable(mark):
            continue
        collection, single = model.item_of(model.get(words(said))), model.item_of(one)
        if collection is None and single is None:
            # Neither is typed: nothing contradicts.
            continue
        fits = (
            collection is not None
            and single is not None
            and not true(single, "isCollection")
            and collection.get("structureRef") == single.get("structureRef")
        )
        if not fits:
            yield broken(_host(mark), rule, "process.item_differs", side=item)


def _host(mark: etree._Element) -> etree._Element:
    host = mark.getparent()
    return mark if host is None else host


CONSTRAINTS = (
    call_matches_what_is_called,
    service_is_bound,
    binding_fits_its_operation,
    called_process_can_be_started,
    instances_are_counted,
    collection_is_an_input,
    gathered_output_fits,
    instance_input_fits,
)
