"""Files of other tools become one tree of canonical prefixes: encodings, ids, references."""

import codecs
import re
from collections.abc import Iterator

from lxml import etree

from engine.kernel.errors import Invalid
from engine.kernel.xml import MAX_BYTES
from engine.processes.bpmn import HALL, MODEL, XSI, free_id, kind
from engine.processes.importing.report import Report
from engine.processes.load import read_tree

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a drawing tool on a Chinese machine may have written.
ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8",
    "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
    "iso-8859-1": "latin-1", "windows-1252": "cp1252",
}  # fmt: skip
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
DECLARATION = re.compile(r"^\s*<\?xml\s[^>]*\?>\s*")
NCNAME = re.compile(r"[^\W\d][\w.\-·]*")
NOT_NAME = re.compile(r"[^\w.\-·]+")
PREFIXES = {
    "bpmn": MODEL,
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": XSI,
    "hall": HALL,
    "bioc": "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "color": "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
}
# Attributes and texts that name an id of the same file (BPMN 2.0.2, XML schema: IDREF, QName).
REFERRING = frozenset(
    {
        "attachedToRef", "bpmnElement", "calledElement", "categoryValueRef", "choreographyRef",
        "correlationKeyRef", "dataObjectRef", "dataStoreRef", "default",
        "definitionalCollaborationRef", "errorRef", "escalationRef", "initiatingParticipantRef",
        "inMessageRef", "itemSubjectRef", "messageRef", "noneBehaviorEventRef",
        "oneBehaviorEventRef", "operationRef", "outMessageRef", "activityRef", "parameterRef",
        "partitionElementRef", "processRef", "signalRef", "source", "sourceRef", "structureRef",
        "target", "targetRef",
        "labelStyle", "choreographyActivityShape",
    }
)  # fmt: skip
NAMING = frozenset(
    {
        "dataInputRefs", "dataOutputRefs", "endPointRef", "eventDefinitionRef", "flowNodeRef",
        "incoming", "innerParticipantRef", "interfaceRef", "messageFlowRef",
        "optionalInputRefs", "outerParticipantRef", "outgoing", "participantRef", "resourceRef",
        "sourceRef", "supportedInterfaceRef", "supports", "targetRef", "errorRef",
        "inMessageRef", "outMessageRef", "operationRef",
    }
)  # fmt: skip


def read_source(source: bytes) -> etree._Element:
    """Return the tree of a file in UTF-8, UTF-16, GB 18030 or Latin, with our usual prefixes.

    Raises Invalid `import.encoding` (encoding), and as `load.read_tree`: a DOCTYPE,
    another root than BPMN 2.0, more than 5 MB, 20,000 elements or 64 levels.
    """
    if len(source) > MAX_BYTES * 2:
        # What is over the cap even at two bytes a sign need not be decoded first.
        raise Invalid("process.too_large", element="", name="", size=len(source), limit=MAX_BYTES)
    root = read_tree(_utf8(source), limit=MAX_BYTES)
    return _canonical(root)


def _utf8(source: bytes) -> bytes:
    known = next(((mark, name) for mark, name in BOMS if source.startswith(mark)), None)
    if known is not None:
        source, encoding = source[len(known[0]) :], known[1]
    elif source[:4] in (b"<\0?\0", b"\0<\0?"):
        encoding = "utf-16-le" if source[:1] == b"<" else "utf-16-be"
    else:
        match = DECLARED.match(source[:400])
        said = match[1].decode("ascii") if match else "utf-8"
        encoding = ENCODINGS.get(said.lower(), "")
        if not encoding or encoding.startswith("utf-16"):
            raise Invalid("import.encoding", encoding=said)
    try:
        text = source.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid("import.encoding", encoding=encoding) from error
    return DECLARATION.sub("", text, count=1).encode("utf-8", "surrogatepass")


def _canonical(root: etree._Element) -> etree._Element:
    made = etree.Element(root.tag, dict(root.attrib), nsmap=PREFIXES)
    made.text = root.text
    for child in list(root):
        made.append(child)
    for node in list(made.iter()):
        parent = node.getparent()
        if not isinstance(node.tag, str) and parent is not None:
            # A comment in the middle of a text would cut the text in two.
            _without(parent, node)
            continue
        said = node.get(f"{{{XSI}}}type")
        if said is not None:
            # Prefixes inside of values are invisible to the parser; ours are known.
            node.set(f"{{{XSI}}}type", _typed(node, said))
    return made


def _typed(node: etree._Element, said: str) -> str:
    prefix, _, name = said.rpartition(":")
    space = node.nsmap.get(prefix or None)
    known = next((ours for ours, address in PREFIXES.items() if address == space), None)
    if known is not None:
        return f"{known}:{name}"
    return f"bpmn:{name}" if name.startswith("t") and kind(node) else said


def _without(parent: etree._Element, node: etree._Element) -> None:
    before = node.getprevious()
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def repair_ids(root: etree._Element, report: Report) -> None:
    """Give an id to each element that needs one, and a new one where it is no XML name.

    An id used twice stays with the first element of the model that has it; ids that begin with
    `hall_` are ours. References follow, those of the drawing too; prefixes in them are left out.
    """
    model = [node for node in root.iter(etree.Element) if kind(node)]
    drawing = [node for node in root.iter(etree.Element) if not kind(node)]
    taken = {str(node.get("id")) for node in model if node.get("id")}
    renamed: dict[str, str] = {}
    seen: set[str] = set()
    for node in model:
        said = node.get("id")
        if said is None:
            if kind(node) in NEED_ID:
                node.set("id", free_id(kind(node), taken))
            continue
        if said not in seen and NCNAME.fullmatch(said) and not said.startswith("hall_"):
            seen.add(said)
            continue
        made = free_id(_name(said, kind(node)), taken)
        node.set("id", made)
        if said in seen:
            report.ask(node, "id", said, "import.id_twice", id=said, made=made)
        else:
            seen.add(said)
            renamed[said] = made
            report.mapped(node, "id", said, made, "import.id", id=said, made=made)
    for node in drawing:
        said = node.get("id")
        if said is not None and (said in taken or not NCNAME.fullmatch(said)):
            node.set("id", free_id(f"{_name(said, 'shape')}_di", taken))
        elif said is not None:
            taken.add(said)
    _refer(root, renamed, taken)


NEED_ID = frozenset(
    {
        "adHocSubProcess", "boundaryEvent", "businessRuleTask", "callActivity", "complexGateway",
        "endEvent", "error", "escalation", "eventBasedGateway", "exclusiveGateway",
        "inclusiveGateway", "intermediateCatchEvent", "intermediateThrowEvent", "lane",
        "manualTask", "message", "parallelGateway", "participant", "process", "receiveTask",
        "scriptTask", "sendTask", "sequenceFlow", "serviceTask", "signal", "startEvent",
        "subProcess", "task", "textAnnotation", "transaction", "userTask", "association",
        "dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "messageFlow",
        "group", "laneSet", "collaboration",
    }
)  # fmt: skip


def _name(said: str, fallback: str) -> str:
    clean = NOT_NAME.sub("_", said).strip("_.-")
    if clean.startswith("hall_"):
        clean = clean.removeprefix("hall_")
    if not clean:
        return fallback
    return clean if NCNAME.fullmatch(clean) else f"id_{clean}"


def new_id(root: etree._Element, wanted: str) -> str:
    """Return an id that nothing in the file has, as near to `wanted` as can be."""
    return free_id(_name(wanted, "id"), set(map(str, _ids(root))))


def _ids(root: etree._Element) -> Iterator[str]:
    return (str(node.get("id")) for node in root.iter(etree.Element) if node.get("id"))


def _refer(root: etree._Element, renamed: dict[str, str], known: set[str]) -> None:
    def now(said: str) -> str:
        clean = said.strip()
        short = clean.rpartition(":")[2]
        if clean not in renamed and clean not in known and (short in known or short in renamed):
            clean = short
        return renamed.get(clean, clean)

    for node in root.iter(etree.Element):
        for name in node.attrib:
            if str(name) in REFERRING:
                node.set(str(name), now(str(node.get(str(name)))))
        if kind(node) in NAMING and node.text:
            node.text = now(node.text)
