"""Data objects, stores and associations of other tools: pictures only, so they become notes.

The variables of a case are its data; what is drawn about data stays on the diagram as text.
"""

from lxml import etree

from engine.processes.bpmn import every, tag
from engine.processes.importing.foreign import ENGINES, space
from engine.processes.importing.report import Report

PICTURES = frozenset({"dataObjectReference", "dataStoreReference", "dataObject"})
LINES = frozenset({"dataInputAssociation", "dataOutputAssociation"})
DECLARED = ("ioSpecification", "property", "dataStore", "dataState", "itemDefinition")


def data(root: etree._Element, report: Report) -> None:
    """Turn drawn data into text annotations and its lines into associations; drop the rest."""
    drawn = {str(shape.get("bpmnElement")) for shape in root.iter("{*}BPMNShape", "{*}BPMNEdge")}
    pictures: set[str] = set()
    for node in list(every(root, PICTURES)):
        parent = node.getparent()
        if parent is None:
            continue
        name = (node.get("name") or "").strip()
        values = [str(v.text or "") for v in node.iter() if space(v) in ENGINES and v.text]
        if node.get("id") in drawn or node.tag != tag("dataObject"):
            pictures.add(node.get("id") or "")
            made = etree.Element(tag("textAnnotation"), id=node.get("id") or "")
            etree.SubElement(made, tag("text")).text = name
            parent.append(made)
            report.mapped(node, "data", name, "textAnnotation", "import.data_note")
        elif name:
            report.dropped(node, "data", f"{name} {' '.join(values)}", "import.variable", said=name)
        parent.remove(node)
    for node in list(every(root, LINES)):
        _line(node, pictures, drawn, report)
    _declarations(root, report)


def _line(node: etree._Element, pictures: set[str], drawn: set[str], report: Report) -> None:
    task = node.getparent()
    scope = task.getparent() if task is not None else None
    if task is None or scope is None:
        return
    reads = node.tag == tag("dataInputAssociation")
    refs = node.findall(tag("sourceRef")) if reads else node.findall(tag("targetRef"))
    ends = [(ref.text or "").strip() for ref in refs]
    ident = node.get("id") or ""
    if ends and ends[0] in pictures and ident in drawn:
        here, there = (ends[0], task.get("id")) if reads else (task.get("id"), ends[0])
        made = etree.SubElement(scope, tag("association"), id=ident)
        made.set("sourceRef", here or "")
        made.set("targetRef", there or "")
        made.set("associationDirection", "One")
    else:
        report.dropped(task, "data", ident, "import.data_line")
    task.remove(node)


def _declarations(root: etree._Element, report: Report) -> None:
    for name in DECLARED:
        for node in list(root.iter(tag(name))):
            parent = node.getparent()
            if parent is None:
                continue
            if name in ("property", "dataStore") and node.get("name"):
                said = node.get("name") or ""
                report.dropped(parent, "data", said, "import.variable", said=said)
            parent.remove(node)
    # Without item definitions nothing may refer to one.
    for node in root.iter(etree.Element):
        for name in ("itemRef", "itemSubjectRef", "structureRef"):
            node.attrib.pop(name, None)
