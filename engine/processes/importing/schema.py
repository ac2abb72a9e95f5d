"""The order of the schema, which several tools do not keep, and what the schema does not know."""

import re
from collections.abc import Mapping

from lxml import etree

from engine.processes.bpmn import NODES, kind, tag
from engine.processes.importing.report import Report
from engine.processes.load import violations

FIRST = ("documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef")
ACTIVITY = (
    *FIRST, "incoming", "outgoing", "ioSpecification", "property", "dataInputAssociation",
    "dataOutputAssociation", "humanPerformer", "performer", "potentialOwner", "resourceRole",
    "multiInstanceLoopCharacteristics", "standardLoopCharacteristics",
)  # fmt: skip
EVENT = (
    *FIRST, "incoming", "outgoing", "property", "dataOutput", "dataOutputAssociation",
    "dataInput", "dataInputAssociation", "outputSet", "inputSet",
)  # fmt: skip
CONTAINER = (*FIRST, "property", "laneSet")
LAST = {
    "association": 1, "group": 1, "textAnnotation": 1, "humanPerformer": 2, "performer": 2,
    "potentialOwner": 2, "resourceRole": 2, "correlationSubscription": 3, "supports": 4,
}  # fmt: skip
INSIDE = {"association": 1, "group": 1, "textAnnotation": 1, "completionCondition": 2}
AFTER = {"BPMNDiagram": 1, "relationship": 2}
ATTRIBUTE = re.compile(r"[Aa]ttribute '([^']+)'")
MOST_ROUNDS = 12


def order(root: etree._Element) -> None:
    """Put the children of nodes, scopes and the file into the order of the schema."""
    for node in list(root.iter(etree.Element)):
        name = kind(node)
        if name in ("process", "subProcess", "transaction", "adHocSubProcess"):
            ranks = CONTAINER if name == "process" else (*ACTIVITY, "laneSet")
            last = LAST if name == "process" else INSIDE
            _sort(node, ranks, len(ranks), last)
        elif name.endswith("Event"):
            _sort(node, EVENT, len(EVENT), {})
        elif name.endswith(("Task", "Gateway")) or name in ("task", "callActivity"):
            _sort(node, ACTIVITY, len(ACTIVITY), {})
        elif name:
            _sort(node, FIRST, len(FIRST), {})
    _sort(root, ("import", "extension"), 2, AFTER)


def _sort(
    node: etree._Element, ranks: tuple[str, ...], middle: int, last: Mapping[str, int]
) -> None:
    place = {name: number for number, name in enumerate(ranks)}

    def rank(child: etree._Element) -> int:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        return middle + last[name] if name in last else place.get(name, middle)

    children = list(node)
    ranked = [rank(child) for child in children]
    if ranked != sorted(ranked):
        for child in sorted(children, key=rank):
            node.append(child)


def fit(root: etree._Element, report: Report) -> None:
    """Drop attributes and elements that the schema does not know, until it is content.

    What cannot be dropped (something that is missing) stays, and the gate says it.
    """
    for _ in range(MOST_ROUNDS):
        dropped = [_drop(root, path, said, report) for path, said in violations(root)]
        if not any(dropped):
            return


def _drop(root: etree._Element, path: str, said: str, report: Report) -> bool:
    spaces = {name: address for name, address in root.nsmap.items() if name is not None}
    found = root.xpath(path, namespaces=spaces) if path else []
    node = found[0] if isinstance(found, list) and found else None
    if not isinstance(node, etree._Element) or node is root:
        return False
    match = ATTRIBUTE.search(said)
    if match is not None and match[1] in node.attrib and match[1] != "id":
        lost = str(node.attrib.pop(match[1]))
        report.dropped(node, "schema", f"{match[1]}={lost}", "import.schema", word=match[1])
        return True
    parent = node.getparent()
    if parent is None or "not expected" not in said or kind(node) in NODES:
        return False
    word = etree.QName(node).localname
    if node.tag != tag("sequenceFlow"):
        report.dropped(parent, "schema", word, "import.schema", word=word)
        parent.remove(node)
        return True
    return False
