"""A BPMN file becomes a tree that is safe to read: caps, no DOCTYPE, schema of BPMN 2.0.2."""

from functools import cache

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.kernel import xml
from engine.kernel.errors import Invalid
from engine.processes.bpmn import tag
from engine.processes.findings import at, refuse

MAX_BYTES = 2_000_000


def load(source: bytes) -> etree._Element:
    """Return the root of a BPMN file.

    Raises Invalid: `process.doctype`, `process.instruction`, `process.too_large`,
    `process.broken` and the other refusals of the XML reader under `process.`,
    `process.not_bpmn` (element), `process.duplicate_id` (element),
    `process.schema` (line, said: the words of libxml2).
    """
    try:
        root = xml.read(source, limit=MAX_BYTES)
    except Invalid as error:
        code = "process." + error.code.removeprefix("xml.")
        raise Invalid(code, element="", name="", **error.params) from error
    if root.tag != tag("definitions"):
        raise Invalid("process.not_bpmn", element=etree.QName(root).localname, name="")
    _ids_are_unique(root)
    try:
        _schema().validate(etree.ElementTree(root))
    except ValidationException as error:
        raise Invalid(
            "process.schema", element="", name="", line=error.line_number, said=error.args[0]
        ) from error
    return root


def _ids_are_unique(root: etree._Element) -> None:
    # The schema knows this too, but names no element that a designer could look for.
    seen: set[str] = set()
    twice = []
    for node in root.iter(etree.Element):
        name = node.get("id")
        if name is not None and name in seen:
            twice.append(at(node, "process.duplicate_id"))
        seen.add(name or "")
    refuse(twice)


@cache
def _schema() -> BpmnValidator:
    # Reading the schema takes 14 ms, using it half a millisecond.
    return BpmnValidator()
