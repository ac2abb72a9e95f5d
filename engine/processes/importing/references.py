"""Errors, messages, signals and escalations that other tools name by a code and never declare."""

from lxml import etree

from engine.processes.bpmn import tag
from engine.processes.importing.foreign import take, take_elements
from engine.processes.importing.report import Report
from engine.processes.importing.source import new_id

# Event, its reference, the element that declares it, the attribute that holds the code.
DECLARED = (
    ("errorEventDefinition", "errorRef", "error", "errorCode"),
    ("escalationEventDefinition", "escalationRef", "escalation", "escalationCode"),
    ("signalEventDefinition", "signalRef", "signal", ""),
    ("messageEventDefinition", "messageRef", "message", ""),
    ("receiveTask", "messageRef", "message", ""),
    ("sendTask", "messageRef", "message", ""),
)


def declarations(root: etree._Element, report: Report) -> None:
    """Declare what events refer to by a code or a name (handbook D26), and tidy declarations."""
    for event, reference, declared, code in DECLARED:
        for node in root.iter(tag(event)):
            said = take(node, f"{declared}Expression", reference) or node.get(reference) or ""
            if said.strip():
                node.set(reference, _declare(root, node, declared, code, said.strip(), report))
            else:
                node.attrib.pop(reference, None)
            for name in ("errorCodeVariable", "errorMessageVariable", "escalationCodeVariable"):
                lost = take(node, name)
                if lost:
                    report.dropped(node, "variable", lost, "import.attribute", word=name)
    for node in root.iter(tag("error")):
        take(node, "errorMessage")
        if not (node.get("errorCode") or "").strip():
            node.set("errorCode", node.get("name") or node.get("id") or "")
    for node in root.iter(tag("message")):
        for made in take_elements(node, "subscription"):
            key = made.get("correlationKey") or ""
            report.dropped(node, "correlation", key, "import.correlation", key=key)


def _declare(
    root: etree._Element, node: etree._Element, name: str, code: str, said: str, report: Report
) -> str:
    """Return the id of the declaration that `said` names, made where there is none."""
    declared = root.findall(tag(name))
    for made in declared:
        if made.get("id") == said:
            return said
    for made in declared:
        if said in (made.get("name"), made.get(code) if code else None):
            return made.get("id") or ""
    made = etree.Element(tag(name), id=new_id(root, f"{name}_{said}"), name=said)
    if code:
        made.set(code, said)
    place = next((n for n, child in enumerate(root) if child.tag == tag("process")), 0)
    root.insert(place, made)
    ident = made.get("id") or ""
    report.mapped(node, name, said, ident, "import.declared", word=name, said=said)
    return ident
