"""A drawn file with its references resolved: what the constraints of the standard look at."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

from lxml import etree

from engine.processes.bpmn import XSI, kind, tag
from engine.processes.findings import Finding, broken

TASKS = frozenset(
    {
        "businessRuleTask",
        "manualTask",
        "receiveTask",
        "scriptTask",
        "sendTask",
        "serviceTask",
        "task",
        "userTask",
    }
)
SUB_PROCESSES = frozenset({"adHocSubProcess", "subProcess", "transaction"})
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
GATEWAYS = frozenset(
    {
        "complexGateway",
        "eventBasedGateway",
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
    }
)
CATCHING = frozenset({"boundaryEvent", "intermediateCatchEvent", "startEvent"})
THROWING = frozenset({"endEvent", "implicitThrowEvent", "intermediateThrowEvent"})
EVENTS = CATCHING | THROWING
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
SCOPES = SUB_PROCESSES | {"process"}
CHOREOGRAPHY = frozenset({"callChoreography", "choreographyTask", "subChoreography"})
ARTIFACTS = frozenset({"association", "group", "textAnnotation"})
GLOBAL_TASKS = frozenset(
    {
        "globalBusinessRuleTask",
        "globalManualTask",
        "globalScriptTask",
        "globalTask",
        "globalUserTask",
    }
)
TRIGGERS = (
    "cancel",
    "compensate",
    "conditional",
    "error",
    "escalation",
    "link",
    "message",
    "signal",
    "terminate",
    "timer",
)
DEFINITIONS = frozenset(f"{trigger}EventDefinition" for trigger in TRIGGERS)
ITEMS = frozenset(
    {
        "dataInput",
        "dataObject",
        "dataObjectReference",
        "dataOutput",
        "dataStore",
        "dataStoreReference",
        "property",
    }
)

Findings = Iterator[Finding]
Constraint = Callable[["Model"], Findings]


class Model:
    """A tree of a BPMN file, read many times and never written to."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.by_id: dict[str, etree._Element] = {}
        self.of: dict[str, list[etree._Element]] = defaultdict(list)
        for node in root.iter(etree.Element):
            name = kind(node)
            if not name:
                continue
            self.of[name].append(node)
            drawn = node.get("id")
            if drawn and drawn not in self.by_id:
                self.by_id[drawn] = node

    def every(self, *kinds: str) -> Iterator[etree._Element]:
        """Yield the elements of some kinds, kind by kind in the order of the file."""
        for name in kinds:
            yield from self.of.get(name, ())

    def get(self, ref: str | None) -> etree._Element | None:
        """Return what a reference names; a prefix is passed over, as one file is all there is."""
        if ref is None:
            return None
        return self.by_id.get(local(ref))

    @cached_property
    def incoming(self) -> dict[str, list[etree._Element]]:
        """The flows into each node, listed there or drawn to it, by the node's id."""
        return self._joined("targetRef", "incoming")

    @cached_property
    def outgoing(self) -> dict[str, list[etree._Element]]:
        """The flows out of each node, listed there or drawn from it, by the node's id."""
        return self._joined("sourceRef", "outgoing")

    def _joined(self, end: str, listed: str) -> dict[str, list[etree._Element]]:
        found: dict[str, list[etree._Element]] = defaultdict(list)
        for flow in self.every("sequenceFlow"):
            found[local(flow.get(end) or "")].append(flow)
        for ref in self.every(listed):
            node = ref.getparent()
            named = self.get(words(ref))
            if node is None or named is None:
                continue
            flows = found[node.get("id") or ""]
            if named not in flows:
                flows.append(named)
        return found

    def into(self, node: etree._Element) -> list[etree._Element]:
        """Return the flows into a node."""
        return self.incoming.get(node.get("id") or "", [])

    def out_of(self, node: etree._Element) -> list[etree._Element]:
        """Return the flows out of a node."""
        return self.outgoing.get(node.get("id") or "", [])

    def no_way_in(self, node: etree._Element, rule: str) -> Findings:
        """Yield that a node lists no incoming flow, naming one that is drawn to it all the same."""
        return self._no_way(node, rule, "incoming", self.into(node))

    def no_way_out(self, node: etree._Element, rule: str) -> Findings:
        """Yield that a node lists no outgoing flow, naming one that leaves it all the same."""
        return self._no_way(node, rule, "outgoing", self.out_of(node))

    def _no_way(
        self, node: etree._Element, rule: str, side: str, drawn: list[etree._Element]
    ) -> Findings:
        if node.find(tag(side)) is not None:
            return
        if drawn:
            yield broken(drawn[0], rule, "process.not_listed", target=node.get("id"), side=side)
        else:
            yield broken(
                node, rule, "process.no_way_in" if side == "incoming" else "process.no_way_out"
            )

    def triggers(self, event: etree._Element) -> list[tuple[str, etree._Element]]:
        """Return the triggers of an event in order, each with its definition, references followed.

        A reference to something that is no event definition is left out; another rule tells it.
        """
        found = []
        for child in event:
            name = kind(child)
            definition: etree._Element | None = child
            if name == "eventDefinitionRef":
                definition = self.get(words(child))
                name = kind(definition) if definition is not None else ""
            if name in DEFINITIONS and definition is not None:
                found.append((name.removesuffix("EventDefinition"), definition))
        return found

    def has_trigger(self, event: etree._Element, trigger: str) -> bool:
        """Whether a trigger is one of those of an event."""
        return any(name == trigger for name, _ in self.triggers(event))

    def item_of(self, element: etree._Element | None) -> etree._Element | None:
        """Return the item definition of a data element, message, error, escalation or signal."""
        if element is None:
            return None
        name = kind(element)
        if name == "dataObjectReference" and element.get("itemSubjectRef") is None:
            return self.item_of(self.get(element.get("dataObjectRef")))
        if name == "dataStoreReference" and element.get("itemSubjectRef") is None:
            return self.item_of(self.get(element.get("dataStoreRef")))
        attribute = {"message": "itemRef"}.get(
            name, "structureRef" if name in ("error", "escalation", "signal") else "itemSubjectRef"
        )
        return self.get(element.get(attribute))

    def same_item(self, one: etree._Element | None, other: etree._Element | None) -> bool:
        """Whether two elements are of the same item definition, or of the same structure."""
        first, second = self.item_of(one), self.item_of(other)
        if first is None or second is None:
            return False
        structure = first.get("structureRef")
        return first is second or (
            structure is not None and structure == second.get("structureRef")
        )


def local(ref: str) -> str:
    """Return a reference without the prefix of its namespace."""
    return ref.strip().rpartition(":")[2]


def words(node: etree._Element | None) -> str:
    """Return the text of an element without the space around it."""
    return (node.text or "").strip() if node is not None else ""


def texts(node: etree._Element, name: str) -> list[str]:
    """Return the references that an element lists in children of one name."""
    return [local(words(child)) for child in node.findall(tag(name))]


def true(node: etree._Element, attribute: str, default: bool = False) -> bool:
    """Return a boolean of the schema, which knows four spellings of two values."""
    said = node.get(attribute)
    return default if said is None else said.strip() in ("true", "1")


def formal(node: etree._Element) -> bool:
    """Whether an expression says that a machine may compute it."""
    return local(node.get(f"{{{XSI}}}type") or "") == "tFormalExpression"


def executable(node: etree._Element) -> bool:
    """Whether an element stands in a process that may be run: all but those marked otherwise."""
    process = node if kind(node) == "process" else next(node.iterancestors(tag("process")), None)
    return process is not None and true(process, "isExecutable", default=True)


def event_sub_process(node: etree._Element) -> bool:
    """Whether a node is a sub-process that an event starts."""
    return kind(node) == "subProcess" and true(node, "triggeredByEvent")


def compensates(node: etree._Element) -> bool:
    """Whether an activity runs only to undo another."""
    return true(node, "isForCompensation")
