"""The words of BPMN 2.0.2 and of our own namespace `hall:`, and how to look into a diagram."""

from collections.abc import Collection, Iterator

from lxml import etree

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ITEM_AWARE = frozenset({"dataObject", "dataInput", "dataOutput", "property"})
PREFIX = f"{{{MODEL}}}"
HALL = "urn:zhengwu-hall:bpmn:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DRAWING = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    }
)

STEPS = frozenset({"userTask", "manualTask", "task"})
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
) | {"complexGateway"}
ACTIVITIES = STEPS | {
    "scriptTask",
    "businessRuleTask",
    "subProcess",
    "transaction",
    "adHocSubProcess",
    "callActivity",
    "receiveTask",
    "sendTask",
}
EVENTS = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)
NODES = ACTIVITIES | GATEWAYS | EVENTS
SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})


def tag(name: str) -> str:
    """Return the full tag of a BPMN element."""
    return f"{{{MODEL}}}{name}"


def hall(name: str) -> str:
    """Return the full tag or attribute name of our own vocabulary."""
    return f"{{{HALL}}}{name}"


def kind(node: etree._Element) -> str:
    """Return the local name of a BPMN element, or "" for anything else (comments included)."""
    name = node.tag
    if not isinstance(name, str) or not name.startswith(PREFIX):
        return ""
    return name[len(PREFIX) :]


def scopes(root: etree._Element) -> Iterator[etree._Element]:
    """Yield each process and sub-process, the outer before the inner."""
    return (node for node in root.iter() if kind(node) in SCOPES)


def nodes(scope: etree._Element) -> list[etree._Element]:
    """Return the flow nodes that stand directly in a process or sub-process."""
    return [node for node in scope if kind(node) in NODES]


def begins(node: etree._Element) -> bool:
    """Return whether a task or gateway starts its process when its message comes."""
    # A gateway for all of its events is a fork when it is run, see `event_subprocesses`.
    kinds = ("receiveTask", "eventBasedGateway", "parallelGateway")
    return kind(node) in kinds and node.get("instantiate") in ("true", "1")


def beginnings(scope: etree._Element) -> list[etree._Element]:
    """Return where a process or sub-process begins.

    Its start events and what starts it; without any, all that no flow leads to (13.3.2).
    """
    here = nodes(scope)
    found = [node for node in here if kind(node) == "startEvent" or begins(node)]
    if found:
        return found
    reached = {flow.get("targetRef") for flow in flows(scope)}
    return [
        node
        for node in here
        if node.get("id") not in reached
        and kind(node) not in ("boundaryEvent", "endEvent")
        and node.get("triggeredByEvent") != "true"
        and node.get("isForCompensation") != "true"
        and not (kind(node) == "intermediateCatchEvent" and "link" in event_definitions(node))
    ]


def flows(scope: etree._Element) -> list[etree._Element]:
    """Return the sequence flows of a process or sub-process."""
    return scope.findall(tag("sequenceFlow"))


def condition(flow: etree._Element) -> etree._Element | None:
    """Return the condition of a flow that has one with a text."""
    found = flow.find(tag("conditionExpression"))
    return found if found is not None and (found.text or "").strip() else None


def event_definitions(node: etree._Element) -> list[str]:
    """Return the kinds of event that a node waits for or throws, without `EventDefinition`."""
    kinds = [kind(child) for child in node]
    return [
        name.removesuffix("EventDefinition") for name in kinds if name.endswith("EventDefinition")
    ]


def link_name(node: etree._Element) -> str:
    """Return the name by which link events find each other; "" without one."""
    definition = node.find(tag("linkEventDefinition"))
    return "" if definition is None else definition.get("name") or ""


def free_id(wanted: str, taken: set[str]) -> str:
    """Return `wanted`, or with a number behind it, as nothing in `taken` is named; it then is."""
    made, number = wanted, 1
    while made in taken:
        number += 1
        made = f"{wanted}_{number}"
    taken.add(made)
    return made


def extension(node: etree._Element, name: str) -> etree._Element | None:
    """Return the element `hall:<name>` in the extension elements of `node`."""
    return node.find(f"{tag('extensionElements')}/{hall(name)}")


def lanes(process: etree._Element) -> dict[str, str]:
    """Return the name of the innermost lane of each flow node that stands in a lane."""
    found: dict[str, str] = {}
    for lane in process.iter(tag("lane")):
        for ref in lane.findall(tag("flowNodeRef")):
            found[(ref.text or "").strip()] = lane.get("name") or ""
    return found


def called(node: etree._Element, root: etree._Element) -> etree._Element | None:
    """Return the process or global task of the file that a call activity names, if it is there."""
    name = (node.get("calledElement") or "").strip()
    found = {each.get("id"): each for each in root if each.get("id")}
    return found.get(name) if name in found else found.get(name.rpartition(":")[2])


def called_elsewhere(node: etree._Element) -> str | None:
    """Return the process of another file that a call activity runs as a child case, if any.

    In a normalised tree such a call is a user task that names it.
    """
    if kind(node) in STEPS:
        return node.get(hall("child"))
    name = (node.get("calledElement") or "").strip()
    if kind(node) != "callActivity" or not name:
        return None
    here = called(node, node.getroottree().getroot())
    return name.rpartition(":")[2] if here is None else None


def every(root: etree._Element, kinds: Collection[str]) -> Iterator[etree._Element]:
    """Yield the elements of some kinds below `root`, in the order of the file."""
    return (node for node in root.iter() if kind(node) in kinds)


def drawn(node: etree._Element) -> etree._Element:
    """Return the nearest element around `node` that a designer sees and can select."""
    here: etree._Element | None = node
    while here is not None:
        if kind(here) in NODES | SCOPES | {"sequenceFlow"} or (
            here.get("id") and kind(here).endswith("Task")
        ):
            return here
        here = here.getparent()
    return node


def variables(root: etree._Element) -> dict[str, str]:
    """Return the variable of each item-aware element by id: the name of what is drawn."""
    drawn = {node.get("id"): node for node in root.iter(etree.Element) if node.get("id")}
    found: dict[str, str] = {}
    for name, node in drawn.items():
        item = node
        if kind(node) == "dataObjectReference":
            item = drawn.get(node.get("dataObjectRef"), node)
        if kind(item) in ITEM_AWARE:
            found[str(name)] = item.get("name") or node.get("name") or str(item.get("id"))
    return found
