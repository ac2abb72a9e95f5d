"""Constraints on data: collections, properties, inputs and outputs, associations (10.4)."""

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.findings import broken
from engine.processes.standard.model import (
    ACTIVITIES,
    EVENTS,
    SUB_PROCESSES,
    Findings,
    Model,
    texts,
    true,
    words,
)

ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
MAY_HAVE_PROPERTIES = ACTIVITIES | EVENTS | {"process"}


def collection_fits_its_item(model: Model) -> Findings:
    """A data element is a collection if its item definition is one (8.4.10)."""
    for node in model.every("dataInput", "dataObject", "dataOutput"):
        if _contradicts(model, node):
            yield broken(node, "EXT020", "process.collection_differs", construct=kind(node))


def data_object_fits_its_item(model: Model) -> Findings:
    """A data object is a collection if its item definition is one (10.4.1)."""
    return _collection(model, "dataObject", "EXT077")


def data_input_fits_its_item(model: Model) -> Findings:
    """A data input is a collection if its item definition is one (10.4.1)."""
    return _collection(model, "dataInput", "EXT081")


def data_output_fits_its_item(model: Model) -> Findings:
    """A data output is a collection if its item definition is one (10.4.1)."""
    return _collection(model, "dataOutput", "EXT083")


def _collection(model: Model, name: str, rule: str) -> Findings:
    for node in model.every(name):
        if _contradicts(model, node):
            yield broken(node, rule, "process.collection_differs", construct=name)


def _contradicts(model: Model, node: etree._Element) -> bool:
    item = model.get(node.get("itemSubjectRef"))
    return item is not None and true(item, "isCollection") != true(node, "isCollection")


def reference_is_named_after_its_state(model: Model) -> Findings:
    """A named reference to a data object in a state is called "object [state]" (10.4.1)."""
    for node in model.every("dataObjectReference"):
        drawn = node.get("name")
        if drawn is None:
            continue
        target = model.get(node.get("dataObjectRef"))
        name = target.get("name") if target is not None else None
        state = node.find(tag("dataState"))
        if state is None or state.get("name") is None:
            continue
        wanted = f"{name or ''} [{state.get('name')}]"
        if drawn != wanted:
            yield broken(node, "EXT076", "process.data_name", wanted=wanted)


def property_has_an_owner(model: Model) -> Findings:
    """A property belongs to a process, an activity or an event (10.4.1)."""
    for node in model.every("property"):
        owner = node.getparent()
        if owner is None or kind(owner) not in MAY_HAVE_PROPERTIES:
            yield broken(node, "EXT078", "process.property_elsewhere")


def sub_process_has_no_inputs(model: Model) -> Findings:
    """A sub-process sees the data around it and has no inputs and outputs of its own (10.4.2)."""
    for node in model.every(*sorted(SUB_PROCESSES)):
        if node.find(tag("ioSpecification")) is not None:
            yield broken(node, "EXT079", "process.sub_process_inputs")


def process_input_is_not_written(model: Model) -> Findings:
    """A data input of the process is not the target of an association inside it (10.4.1)."""
    return _process_data(model, "dataInput", "targetRef", "EXT080")


def process_output_is_not_read(model: Model) -> Findings:
    """A data output of the process is not the source of an association inside it (10.4.1)."""
    return _process_data(model, "dataOutput", "sourceRef", "EXT082")


def _process_data(model: Model, name: str, end: str, rule: str) -> Findings:
    for association in model.every(*ASSOCIATIONS):
        for ref in texts(association, end):
            data = model.get(ref)
            if data is None or kind(data) != name:
                continue
            around = data.getparent()
            # The data of an event stands in the event itself, which stands in the process.
            inside = around is not None and kind(around) == "ioSpecification"
            owner = around.getparent() if around is not None and inside else None
            if owner is not None and kind(owner) == "process":
                yield broken(association, rule, "process.process_data", target=ref)


def input_is_in_a_set(model: Model) -> Findings:
    """A data input belongs to at least one input set (10.4.1)."""
    return _in_a_set(model, "dataInput", "inputSet", "EXT084")


def output_is_in_a_set(model: Model) -> Findings:
    """A data output belongs to at least one output set (10.4.1)."""
    return _in_a_set(model, "dataOutput", "outputSet", "EXT088")


def _in_a_set(model: Model, name: str, group: str, rule: str) -> Findings:
    listed = {ref for one in model.every(group) for ref in texts(one, f"{name}Refs")}
    for node in model.every(name):
        if node.get("id") not in listed:
            yield broken(node, rule, "process.in_no_set", construct=group)


def optional_input_is_listed(model: Model) -> Findings:
    """An optional input is one of the inputs of its set (10.4.1)."""
    return _listed(model, "inputSet", "optionalInputRefs", "dataInputRefs", "EXT085")


def running_input_is_listed(model: Model) -> Findings:
    """An input that may come while the activity runs is one of its set (10.4.1)."""
    return _listed(model, "inputSet", "whileExecutingInputRefs", "dataInputRefs", "EXT086")


def optional_output_is_listed(model: Model) -> Findings:
    """An optional output is one of the outputs of its set (10.4.1)."""
    return _listed(model, "outputSet", "optionalOutputRefs", "dataOutputRefs", "EXT089")


def running_output_is_listed(model: Model) -> Findings:
    """An output that may come while the activity runs is one of its set (10.4.1)."""
    return _listed(model, "outputSet", "whileExecutingOutputRefs", "dataOutputRefs", "EXT090")


def _listed(model: Model, group: str, special: str, plain: str, rule: str) -> Findings:
    for one in model.every(group):
        for ref in texts(one, special):
            if ref not in texts(one, plain):
                yield broken(_owner(one), rule, "process.not_in_set", target=ref, construct=group)


def sets_refer_to_each_other(model: Model) -> Findings:
    """An input set and an output set that belong together both say so (10.4.1)."""
    ways = (
        ("inputSet", "outputSetRefs", "inputSetRefs"),
        ("outputSet", "inputSetRefs", "outputSetRefs"),
    )
    for group, forth, back in ways:
        for one in model.every(group):
            for ref in texts(one, forth):
                other = model.get(ref)
                if other is None or one.get("id") not in texts(other, back):
                    yield broken(_owner(one), "EXT087", "process.sets_differ", target=ref)


def association_joins_one_type(model: Model) -> Findings:
    """An association without transformation joins data of one type (10.4.2)."""
    for node in model.every(*ASSOCIATIONS):
        if node.find(tag("transformation")) is not None:
            continue
        target = model.item_of(model.get(words(node.find(tag("targetRef")))))
        for ref in texts(node, "sourceRef"):
            source = model.item_of(model.get(ref))
            if source is None or target is None or source is target:
                continue
            structure = source.get("structureRef")
            if structure is None or structure != target.get("structureRef"):
                yield broken(node, "EXT091", "process.association_differs", target=ref)


def association_has_one_source(model: Model) -> Findings:
    """An association without transformation has one source (10.4.2)."""
    for node in model.every(*ASSOCIATIONS):
        count = len(node.findall(tag("sourceRef")))
        if count > 1 and node.find(tag("transformation")) is None:
            yield broken(node, "EXT092", "process.several_sources", count=count)


def _owner(node: etree._Element) -> etree._Element:
    """A set is seldom named: say whose it is."""
    here = node
    while not here.get("id"):
        parent = here.getparent()
        if parent is None:
            return node
        here = parent
    return here


CONSTRAINTS = (
    collection_fits_its_item,
    reference_is_named_after_its_state,
    data_object_fits_its_item,
    property_has_an_owner,
    sub_process_has_no_inputs,
    process_input_is_not_written,
    data_input_fits_its_item,
    process_output_is_not_read,
    data_output_fits_its_item,
    input_is_in_a_set,
    optional_input_is_listed,
    running_input_is_listed,
    sets_refer_to_each_other,
    output_is_in_a_set,
    optional_output_is_listed,
    running_output_is_listed,
    association_joins_one_type,
    association_has_one_source,
)
