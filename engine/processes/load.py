"""A BPMN file becomes a tree that is safe to read: caps, no DOCTYPE, schema of BPMN 2.0.2."""

from functools import cache

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.kernel import xml
from engine.kernel.errors import Invalid
from engine.processes.bpmn import tag
from engine.processes.findings import at, refuse
from engine.processes.standard import constraints

MAX_BYTES = 2_000_000
# Yes or no, for which the schema knows four spellings; ours are `true` and `false`.
YES_OR_NO = frozenset(
    {
        "cancelActivity",
        "cancelRemainingInstances",
        "instantiate",
        "isForCompensation",
        "isInterrupting",
        "isSequential",
        "parallelMultiple",
        "testBefore",
        "triggeredByEvent",
        "waitForCompletion",
    }
)


def load(source: bytes) -> etree._Element:
    """Return the root of a BPMN file: comments taken out, `true` and `false` for `1` and `0`.

    Raises Invalid: `process.doctype`, `process.instruction`, `process.too_large`,
    `process.broken` and the other refusals of the XML reader under `process.`,
    `process.not_bpmn` (element), `process.duplicate_id` (element),
    `process.schema` (element, line, said: the words of libxml2), in `findings` with the
    constraints of the standard that are broken as well.
    """
    root = read_tree(source)
    # What is beside the diagram is no node of it, and its text must not fall apart there.
    etree.strip_tags(root, etree.Comment)
    _ids_are_unique(root)
    try:
        _schema().validate(etree.ElementTree(root))
    except ValidationException as error:
        place = _at_line(root, error.line_number)
        schema = at(place, "process.schema", line=error.line_number, said=error.args[0])
        # The schema says where; what the standard asks for says why.
        refuse([schema, *constraints.violations(root)])
    _spell_out(root)
    return root


def read_tree(source: bytes, limit: int = MAX_BYTES) -> etree._Element:
    """Return the root of a file of at most `limit` bytes that is BPMN, valid or not.

    Raises Invalid as `load`, but neither `process.duplicate_id` nor `process.schema`.
    """
    try:
        root = xml.read(source, limit=limit)
    except Invalid as error:
        code = "process." + error.code.removeprefix("xml.")
        raise Invalid(code, element="", name="", **error.params) from error
    if root.tag != tag("definitions"):
        raise Invalid("process.not_bpmn", element=etree.QName(root).localname, name="")
    return root


def violations(root: etree._Element) -> list[tuple[str, str]]:
    """Return what breaks the schema: the path of each element and the words of libxml2."""
    tree = etree.ElementTree(root)
    schema = _schema()
    schema.preprocess(tree)
    if schema.validator.validate(tree):
        return []
    return [(error.path or "", error.message) for error in schema.validator.error_log]


def _spell_out(root: etree._Element) -> None:
    for node in root.iter(etree.Element):
        for name in set(node.keys()) & YES_OR_NO:
            yes = str(node.get(name)).strip() in ("true", "1")
            node.set(name, "true" if yes else "false")


def _at_line(root: etree._Element, line: int | None) -> etree._Element:
    """The last element with an id that begins at a line or before it."""
    place = root
    for node in root.iter(etree.Element):
        if node.get("id") and (node.sourceline or 0) <= (line or 0):
            place = node
    return place


def _ids_are_unique(root: etree._Element) -> None:
    # The schema knows this too, but names no element that a designer could look for.
    seen: set[str] = set()
    twice = []
    for node in root.iter(etree.Element):
        name = node.get("id")
        if name is not None and name in seen:
            twice.append(at(node, "process.duplicate_id", rule="EXT002"))
        seen.add(name or "")
    refuse(twice)


@cache
def _schema() -> BpmnValidator:
    # Reading the schema takes 14 ms, using it half a millisecond.
    return BpmnValidator()
