"""Words of other tools in a diagram: taken where we know them, swept out and listed at the end."""

from lxml import etree

from engine.processes.bpmn import DRAWING, HALL, MODEL, XSI, kind, tag
from engine.processes.importing.report import Report

CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
FLOWABLE = "http://flowable.org/bpmn"
ACTIVITI = "http://activiti.org/bpmn"
# Camunda 7, Flowable and Activiti share their words: they grew from one engine.
FAMILY = (CAMUNDA, FLOWABLE, ACTIVITI)
ENGINES = (*FAMILY, ZEEBE)
OURS = DRAWING | {MODEL, HALL, XSI}
LISTENERS = frozenset({"taskListener", "executionListener", "eventListener", "listener"})
CODES = {
    "connector": "import.connector",
    "inputOutput": "import.io_mapping",
    "ioMapping": "import.io_mapping",
    "in": "import.io_mapping",
    "out": "import.io_mapping",
}
NAMES = ("class", "delegateExpression", "expression", "event", "source", "target", "name", "value")


def take(node: etree._Element, *names: str) -> str:
    """Remove and return the first of some attributes of Camunda 7, Flowable or Activiti."""
    for name in names:
        for space in FAMILY:
            said = node.attrib.pop(f"{{{space}}}{name}", None)
            if said is not None:
                return str(said).strip()
    return ""


def take_elements(node: etree._Element, *names: str) -> list[etree._Element]:
    """Remove and return the engines' elements of some names in the extension elements."""
    found = [
        child
        for holder in node.findall(tag("extensionElements"))
        for child in holder
        if local(child) in names and space(child) in ENGINES
    ]
    for child in found:
        parent = child.getparent()
        if parent is not None:
            parent.remove(child)
    return found


def local(node: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def space(node: etree._Element) -> str:
    """Return the namespace of an element."""
    return (etree.QName(node).namespace or "") if isinstance(node.tag, str) else ""


def said_by(node: etree._Element) -> str:
    """Return a foreign element as one line: its name and what it names, code and texts last."""
    parts = [local(node)]
    for inner in node.iter(etree.Element):
        owner = "" if inner is node else f"{local(inner)}."
        parts += [f"{owner}{name}={inner.get(name)}" for name in NAMES if inner.get(name)]
        if (inner.text or "").strip():
            parts.append((inner.text or "").strip())
    return " ".join(dict.fromkeys(parts))


def extend(node: etree._Element, name: str) -> etree._Element:
    """Return the element `hall:<name>` in the extension elements, made where it is missing."""
    holder = node.find(tag("extensionElements"))
    if holder is None:
        holder = etree.Element(tag("extensionElements"))
        node.insert(len(node.findall(tag("documentation"))), holder)
    ours = f"{{{HALL}}}{name}"
    found = holder.find(ours)
    return etree.SubElement(holder, ours) if found is None else found


def sweep(root: etree._Element, report: Report) -> None:
    """Remove what is left of other tools, and list what belonged to an engine."""
    for node in list(root.iter(etree.Element)):
        if space(node) in OURS:
            _sweep_attributes(node, report)
    for node in list(root.iter(etree.Element)):
        parent = node.getparent()
        if parent is None or space(node) in OURS:
            continue
        if space(parent) in OURS:
            _sweep_element(parent, node, report)
        # What stands inside of a foreign element goes with it.
    for holder in list(root.iter(tag("extensionElements"), tag("extension"))):
        parent = holder.getparent()
        if parent is not None and len(holder) == 0:
            parent.remove(holder)


def _sweep_attributes(node: etree._Element, report: Report) -> None:
    for name in list(map(str, node.attrib)):
        if not name.startswith("{"):
            continue
        word = etree.QName(name)
        if word.namespace in OURS:
            continue
        said = str(node.attrib.pop(name))
        if word.namespace in ENGINES and kind(node):
            report.dropped(
                node,
                "attribute",
                f"{word.localname}={said}",
                "import.attribute",
                word=word.localname,
            )
        else:
            report.noise(str(word.namespace))


def _sweep_element(parent: etree._Element, node: etree._Element, report: Report) -> None:
    name = local(node)
    owner = parent
    if space(node) in ENGINES and kind(owner):
        code = "import.listener" if name in LISTENERS else CODES.get(name, "import.foreign")
        report.dropped(owner, "extension", said_by(node), code, word=name)
    else:
        report.noise(space(node))
    parent.remove(node)
