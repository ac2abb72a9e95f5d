"""The words of BPMN 2.0.2 and of our own namespace `hall:`, and how to look into a diagram."""

from collections.abc import Collection, Iterator

from lxml import etree

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
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
)
ACTIVITIES = STEPS | {"scriptTask", "businessRuleTask", "subProcess", "callActivity"}
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
SCOPES = frozenset({"process", "subProcess"})


def tag(name: str) -> str:
    """Return the full tag of a BPMN element."""
    return f"{{{MODEL}}}{name}"


def hall(name: str) -> str:
    """Return the full tag or attribute name of our own vocabulary."""
    return f"{{{HALL}}}{name}"


def kind(node: etree._Element) -> str:
    """Return the local name of a BPMN element, or "" for anything else (comments included)."""
    if not isinstance(node.tag, str) or not node.tag.startswith(f"{{{MODEL}}}"):
        return ""
    return node.tag[len(MODEL) + 2 :]


def scopes(root: etree._Element) -> Iterator[etree._Element]:
    """Yield each process and sub-process, the outer before the inner."""
    return (node for node in root.iter() if kind(node) in SCOPES)


def nodes(scope: etree._Element) -> list[etree._Element]:
    """Return the flow nodes that stand directly in a process or sub-process."""
    return [node for node in scope if kind(node) in NODES]


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
