"""Constraints on identifiers and references: every name is there, once, and of the right kind."""

import re

from lxml import etree

from engine.processes.bpmn import kind
from engine.processes.findings import broken
from engine.processes.standard.model import (
    ACTIVITIES,
    CATCHING,
    CHOREOGRAPHY,
    DEFINITIONS,
    EVENTS,
    FLOW_NODES,
    GLOBAL_TASKS,
    ITEMS,
    Findings,
    Model,
    local,
    words,
)

MIME = re.compile(r"[A-Za-z0-9!#$&^_.+\-]{1,127}/[A-Za-z0-9!#$&^_.+\-]{1,127}(\s*;.*)?")
SCHEMA = "http://www.w3.org/2001/XMLSchema"
NODES = FLOW_NODES | CHOREOGRAPHY
NAMED = NODES | {"sequenceFlow", "messageFlow", "participant", "process", "boundaryEvent"}
CALLED = "REF057"
CALLABLE = GLOBAL_TASKS | {"process"}
ITEM = frozenset({"itemDefinition"})
MESSAGE = frozenset({"message"})
OPERATION = frozenset({"operation"})
FLOW = frozenset({"sequenceFlow"})
PARTICIPANT = frozenset({"participant"})
TALKING = ACTIVITIES | CHOREOGRAPHY | EVENTS
TALKS = frozenset(
    {"callConversation", "conversation", "conversationNode", "subConversation", "participant"}
)
COLLABORATIONS = frozenset(
    {"choreography", "collaboration", "globalChoreographyTask", "globalConversation"}
)

# (elements, attribute) -> number in the list, what it may name (None: anything with an id)
Kinds = frozenset[str] | None
BY_ATTRIBUTE: dict[tuple[str, str], tuple[str, Kinds]] = {
    ("association", "sourceRef"): ("REF004", None),
    ("association", "targetRef"): ("REF005", None),
    ("group", "categoryValueRef"): ("REF006", frozenset({"categoryValue"})),
    ("correlationPropertyRetrievalExpression", "messageRef"): ("REF008", MESSAGE),
    ("correlationSubscription", "correlationKeyRef"): ("REF009", frozenset({"correlationKey"})),
    ("correlationPropertyBinding", "correlationPropertyRef"): (
        "REF010",
        frozenset({"correlationProperty"}),
    ),
    ("message", "itemRef"): ("REF016", ITEM),
    ("resourceParameter", "type"): ("REF017", ITEM),
    ("sequenceFlow", "sourceRef"): ("REF018", None),
    ("sequenceFlow", "targetRef"): ("REF019", None),
    ("participant", "processRef"): ("REF028", frozenset({"process"})),
    ("messageFlow", "sourceRef"): ("REF035", TALKING | TALKS),
    ("messageFlow", "targetRef"): ("REF036", TALKING | TALKS),
    ("messageFlow", "messageRef"): ("REF037", MESSAGE),
    ("conversationLink", "sourceRef"): ("REF038", TALKING | TALKS),
    ("conversationLink", "targetRef"): ("REF039", TALKING | TALKS),
    ("callConversation", "calledCollaborationRef"): ("REF040", COLLABORATIONS),
    ("callChoreography", "calledChoreographyRef"): ("REF041", COLLABORATIONS),
    ("process", "definitionalCollaborationRef"): ("REF048", COLLABORATIONS),
    ("resourceParameterBinding", "parameterRef"): ("REF051", frozenset({"resourceParameter"})),
    ("serviceTask", "operationRef"): ("REF052", OPERATION),
    ("sendTask", "messageRef"): ("REF053", MESSAGE),
    ("sendTask", "operationRef"): ("REF054", OPERATION),
    ("receiveTask", "messageRef"): ("REF055", MESSAGE),
    ("receiveTask", "operationRef"): ("REF056", OPERATION),
    ("callActivity", "calledElement"): (CALLED, CALLABLE),
    ("ioBinding", "inputDataRef"): ("REF059", frozenset({"dataInput", "inputSet"})),
    ("ioBinding", "outputDataRef"): ("REF060", frozenset({"dataOutput", "outputSet"})),
    ("ioBinding", "operationRef"): ("REF061", OPERATION),
    ("multiInstanceLoopCharacteristics", "oneBehaviorEventRef"): ("REF064", DEFINITIONS),
    ("multiInstanceLoopCharacteristics", "noneBehaviorEventRef"): ("REF065", DEFINITIONS),
    ("dataObjectReference", "dataObjectRef"): ("REF068", frozenset({"dataObject"})),
    ("dataStoreReference", "dataStoreRef"): ("REF071", frozenset({"dataStore"})),
    ("boundaryEvent", "attachedToRef"): ("REF087", ACTIVITIES),
    ("compensateEventDefinition", "activityRef"): ("REF088", ACTIVITIES),
    ("errorEventDefinition", "errorRef"): ("REF089", frozenset({"error"})),
    ("escalationEventDefinition", "escalationRef"): ("REF090", frozenset({"escalation"})),
    ("messageEventDefinition", "messageRef"): ("REF093", MESSAGE),
    ("signalEventDefinition", "signalRef"): ("REF095", frozenset({"signal"})),
}
BY_ATTRIBUTE |= {
    (name, "itemSubjectRef"): (number, ITEM)
    for name, number in {
        "dataInput": "REF073",
        "dataObject": "REF066",
        "dataObjectReference": "REF067",
        "dataOutput": "REF074",
        "dataStore": "REF069",
        "dataStoreReference": "REF070",
        "inputDataItem": "REF073",
        "outputDataItem": "REF074",
        "property": "REF072",
    }.items()
}
BY_ATTRIBUTE |= {(name, "default"): ("REF049", FLOW) for name in ACTIVITIES}
BY_ATTRIBUTE |= {
    ("exclusiveGateway", "default"): ("REF096", FLOW),
    ("inclusiveGateway", "default"): ("REF097", FLOW),
    ("complexGateway", "default"): ("REF098", FLOW),
}

# (parent, child whose text is a reference) -> the same
BY_CHILD: dict[tuple[str, str], tuple[str, Kinds]] = {
    ("correlationKey", "correlationPropertyRef"): ("REF007", frozenset({"correlationProperty"})),
    ("operation", "inMessageRef"): ("REF023", MESSAGE),
    ("operation", "outMessageRef"): ("REF024", MESSAGE),
    ("operation", "errorRef"): ("REF025", frozenset({"error"})),
    ("participant", "interfaceRef"): ("REF029", frozenset({"interface"})),
    ("participant", "endPointRef"): ("REF030", frozenset({"endPoint"})),
    ("partnerEntity", "participantRef"): ("REF031", PARTICIPANT),
    ("partnerRole", "participantRef"): ("REF032", PARTICIPANT),
    ("participantAssociation", "innerParticipantRef"): ("REF033", PARTICIPANT),
    ("participantAssociation", "outerParticipantRef"): ("REF034", PARTICIPANT),
    ("process", "supports"): ("REF047", frozenset({"process"})),
    ("multiInstanceLoopCharacteristics", "loopDataInputRef"): ("REF062", ITEMS),
    ("multiInstanceLoopCharacteristics", "loopDataOutputRef"): ("REF063", ITEMS),
    ("inputSet", "dataInputRefs"): ("REF075", frozenset({"dataInput"})),
    ("inputSet", "optionalInputRefs"): ("REF076", frozenset({"dataInput"})),
    ("inputSet", "whileExecutingInputRefs"): ("REF077", frozenset({"dataInput"})),
    ("inputSet", "outputSetRefs"): ("REF078", frozenset({"outputSet"})),
    ("outputSet", "dataOutputRefs"): ("REF079", frozenset({"dataOutput"})),
    ("outputSet", "optionalOutputRefs"): ("REF080", frozenset({"dataOutput"})),
    ("outputSet", "whileExecutingOutputRefs"): ("REF081", frozenset({"dataOutput"})),
    ("outputSet", "inputSetRefs"): ("REF082", frozenset({"inputSet"})),
    ("linkEventDefinition", "source"): ("REF091", frozenset({"linkEventDefinition"})),
    ("linkEventDefinition", "target"): ("REF092", frozenset({"linkEventDefinition"})),
    ("messageEventDefinition", "operationRef"): ("REF094", OPERATION),
    ("lane", "flowNodeRef"): ("REF100", NODES),
}
BY_CHILD |= {
    (name, "choreographyRef"): ("REF027", frozenset({"choreography"})) for name in COLLABORATIONS
}
BY_CHILD |= {
    (name, "supportedInterfaceRef"): ("REF058", frozenset({"interface"})) for name in CALLABLE
}
BY_CHILD |= {
    (role, "resourceRef"): ("REF050", frozenset({"resource"}))
    for role in ("humanPerformer", "performer", "potentialOwner", "resourceRole")
}
BY_CHILD |= {
    (association, end): (number, ITEMS)
    for association in ("dataInputAssociation", "dataOutputAssociation")
    for end, number in (("sourceRef", "REF083"), ("targetRef", "REF084"))
}
BY_CHILD |= {
    (event, "eventDefinitionRef"): ("REF085" if event in CATCHING else "REF086", DEFINITIONS)
    for event in EVENTS
}
BY_CHILD |= {
    (node, end): (number, FLOW)
    for node in NODES
    for end, number in (("incoming", "REF020"), ("outgoing", "REF021"))
}
BY_CHILD |= {
    (element, "categoryValueRef"): ("REF014", frozenset({"categoryValue"}))
    for element in NODES | {"dataObject", "dataObjectReference", "dataStoreReference"} | FLOW
}


def identifier_is_unique(model: Model) -> Findings:
    """No two elements share an id (8.2.1 BaseElement)."""
    seen: set[str] = set()
    for node in model.root.iter(etree.Element):
        name = node.get("id")
        # Shapes and edges of a drawing are in the same space of ids.
        if name is not None and name in seen:
            yield broken(node, "EXT002", "process.duplicate_id")
        seen.add(name or "")


def identifier_is_there(model: Model) -> Findings:
    """What others refer to has an id (8.2.1 BaseElement)."""
    for node in model.every(*sorted(NAMED)):
        if not (node.get("id") or "").strip():
            yield broken(node, "EXT003", "process.no_id")


def text_format_is_mime(model: Model) -> Findings:
    """The format of a documentation or an annotation is a MIME type (8.2.1, 8.4.1.3)."""
    for node in model.every("documentation", "textAnnotation"):
        said = node.get("textFormat")
        if said is not None and not MIME.fullmatch(said.strip()):
            yield broken(_owner(node), "EXT004", "process.text_format", said=said)


def reference_is_resolved(model: Model) -> Findings:
    """A reference names an element of the file, of the kind that may stand there (8.1.3, 15.2)."""
    for node in model.root.iter(etree.Element):
        name = kind(node)
        if not name:
            continue
        for attribute, text in node.attrib.items():
            if (name, str(attribute)) in BY_ATTRIBUTE:
                number, kinds = BY_ATTRIBUTE[name, str(attribute)]
                yield from _resolved(model, node, str(attribute), str(text), number, kinds)
        parent = node.getparent()
        around = kind(parent) if parent is not None else ""
        if parent is not None and (around, name) in BY_CHILD:
            number, kinds = BY_CHILD[around, name]
            yield from _resolved(model, parent, name, words(node), number, kinds)


def _resolved(
    model: Model, node: etree._Element, said: str, ref: str, number: str, kinds: Kinds
) -> Findings:
    if _elsewhere(model, node, ref):
        return
    target = model.get(ref)
    if target is None and number == CALLED:
        yield broken(_owner(node), number, "process.unknown_process", process=local(ref))
    elif target is None:
        yield broken(_owner(node), number, "process.dangling", target=local(ref), attribute=said)
    elif kinds is not None and kind(target) not in kinds:
        yield broken(
            _owner(node),
            number,
            "process.wrong_reference",
            target=local(ref),
            attribute=said,
            construct=kind(target),
        )


def _elsewhere(model: Model, node: etree._Element, ref: str) -> bool:
    """Whether a reference leads into an imported file or to a type of XML Schema."""
    prefix = ref.strip().rpartition(":")[0]
    space = node.nsmap.get(prefix) if prefix else None
    imported = {one.get("namespace") for one in model.every("import")} | {SCHEMA}
    return space is not None and space in imported


def _owner(node: etree._Element) -> etree._Element:
    """The nearest element around one without an id that a designer can look for."""
    here: etree._Element | None = node
    while here is not None and not here.get("id"):
        here = here.getparent()
    return node if here is None else here


CONSTRAINTS = (
    identifier_is_unique,
    identifier_is_there,
    text_format_is_mime,
    reference_is_resolved,
)
