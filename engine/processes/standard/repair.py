"""Mend what drawing tools leave out without harm, so that the file says what was drawn.

Nothing here changes what a process does: lists of flows, marks of expressions, names of messages,
start and end events where the standard takes them as understood. The tree is changed in place;
whoever calls keeps the designer's file as it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from engine.processes.bpmn import MODEL, XSI, kind, tag
from engine.processes.standard.expressions import COMPUTED
from engine.processes.standard.model import (
    ACTIVITIES,
    CATCHING,
    EVENTS,
    FLOW_NODES,
    SUB_PROCESSES,
    Model,
    compensates,
    event_sub_process,
    formal,
    local,
    texts,
    true,
    words,
)
from engine.processes.standard.shapes import draw_beside, drop_gateway

LEADING = ("documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef")


@dataclass(frozen=True)
class Repaired:
    """One thing that was mended: the rule it broke, the drawn element, what was made there."""

    rule: str
    element: str
    made: str


Repairs = Iterator[Repaired]


def repair(root: etree._Element) -> list[Repaired]:
    """Mend a file in place and return what was done, in order; a second run does nothing.

    Mended are EXT012 (mark of formal expressions), EXT023 (lists of flows), EXT053 (script
    format), EXT076 (name of a data object in a state), EXT097, EXT105, EXT151 (start and end
    events), EXT124, EXT125 (links by name), EXT127, EXT128 (message and operation), EXT135 (gateway
    that neither splits nor joins), REF062, REF063 (collections named like a variable). What is
    loose at its beginning (EXT150) is left: nobody can know whether it should run.
    """
    done: list[Repaired] = []
    for mend in MENDS:
        done += mend(Model(root))
    return done


def _expressions(model: Model) -> Repairs:
    places = [*sorted(COMPUTED), ("conditionalEventDefinition", "condition")]
    for around, name in places:
        for node in model.every(around):
            for child in node.findall(tag(name)):
                if not formal(child) and words(child):
                    child.set(f"{{{XSI}}}type", _qualified(child, "tFormalExpression"))
                    yield Repaired("EXT012", _name(node), name)


def _scripts(model: Model) -> Repairs:
    for node in model.every("scriptTask"):
        if node.find(tag("script")) is not None and not node.get("scriptFormat"):
            node.set("scriptFormat", "feel")
            yield Repaired("EXT053", _name(node), "feel")


def _data_names(model: Model) -> Repairs:
    for node in model.every("dataObjectReference"):
        state, target = node.find(tag("dataState")), model.get(node.get("dataObjectRef"))
        if node.get("name") is None or state is None or target is None:
            continue
        wanted = f"{target.get('name') or ''} [{state.get('name') or ''}]"
        if state.get("name") is not None and node.get("name") != wanted:
            node.set("name", wanted)
            yield Repaired("EXT076", _name(node), wanted)


def _links(model: Model) -> Repairs:
    """Links of one name on one level belong together."""
    ends: dict[tuple[int, str], tuple[list[etree._Element], list[etree._Element]]] = {}
    for node in model.every("intermediateThrowEvent", "intermediateCatchEvent"):
        for link in node.findall(tag("linkEventDefinition")):
            if not link.get("id"):
                link.set("id", _free(model, f"{_name(node)}_link", link))
            pair = ends.setdefault((id(node.getparent()), link.get("name") or ""), ([], []))
            pair[kind(node) == "intermediateCatchEvent"].append(link)
    for throws, catches in ends.values():
        if len(catches) != 1:
            continue
        for throw in throws:
            yield from _pair(model, throw, catches[0])


def _pair(model: Model, throw: etree._Element, catch: etree._Element) -> Repairs:
    if texts(throw, "target"):
        return
    etree.SubElement(throw, tag("target")).text = throw_id = catch.get("id")
    if throw.get("id") not in texts(catch, "source"):
        source = etree.Element(tag("source"))
        source.text = throw.get("id")
        target = catch.find(tag("target"))
        catch.insert(len(catch) if target is None else catch.index(target), source)
    yield Repaired("EXT125", _name(throw), throw_id or "")


def _messages(model: Model) -> Repairs:
    for node in model.every(*sorted(EVENTS)):
        for name, definition in model.triggers(node):
            if name != "message":
                continue
            if definition.get("messageRef") is None:
                made = _free(model, f"{_name(node)}_message")
                said = node.get("name") or _name(node)
                _declare(model, etree.Element(tag("message"), id=made, name=said))
                definition.set("messageRef", made)
                yield Repaired("EXT127", _name(node), made)
            if not words(definition.find(tag("operationRef"))):
                made = _operation(model, local(definition.get("messageRef") or ""))
                etree.SubElement(definition, tag("operationRef")).text = made
                yield Repaired("EXT128", _name(node), made)


def _operation(model: Model, message: str) -> str:
    """The operation that receives a message, made with its interface if there is none."""
    for operation in model.every("operation"):
        if message in texts(operation, "inMessageRef") and operation.get("id"):
            return operation.get("id") or ""
    made = _free(model, f"{message}_operation")
    around = etree.Element(tag("interface"), id=_free(model, f"{message}_interface"), name=message)
    operation = etree.SubElement(around, tag("operation"), id=made, name=message)
    etree.SubElement(operation, tag("inMessageRef")).text = message
    _declare(model, around)
    return made


def _collections(model: Model) -> Repairs:
    """A loop over a variable is a loop over a data input of that name."""
    ends = (
        ("loopDataInputRef", "dataInput", "inputSet", "REF062"),
        ("loopDataOutputRef", "dataOutput", "outputSet", "REF063"),
    )
    for mark in list(model.every("multiInstanceLoopCharacteristics")):
        host = mark.getparent()
        if host is None or kind(host) in SUB_PROCESSES:
            continue
        for ref, data, group, rule in ends:
            said = mark.find(tag(ref))
            if said is not None and words(said) and _foreign(model, host, words(said)):
                variable = words(said)
                made = _free(model, variable)
                said.text = made
                model.by_id[made] = _add_data(host, data, group, made, variable)
                yield Repaired(rule, _name(host), made)


def _foreign(model: Model, host: etree._Element, ref: str) -> bool:
    """Whether a collection is nothing drawn, or the data of another task of the same name."""
    target = model.get(ref)
    owner = target.getparent() if target is not None else None
    return target is None or (
        kind(target) in ("dataInput", "dataOutput")
        and (target.get("name") or ref) == ref
        and (owner is None or owner.getparent() is not host)
    )


def _add_data(
    host: etree._Element, data: str, group: str, made: str, variable: str
) -> etree._Element:
    around = host.find(tag("ioSpecification"))
    if around is None:
        around = etree.Element(tag("ioSpecification"))
        host.insert(_after(host, (*LEADING, "incoming", "outgoing")), around)
        etree.SubElement(around, tag("inputSet"))
        etree.SubElement(around, tag("outputSet"))
    node = etree.Element(tag(data), id=made, name=variable, isCollection="true")
    order = ("dataInput",) if data == "dataInput" else ("dataInput", "dataOutput")
    around.insert(_after(around, ("documentation", "extensionElements", *order)), node)
    for one in around.findall(tag(group))[:1]:
        ref = etree.Element(tag(f"{data}Refs"))
        ref.text = made
        one.insert(_after(one, ("documentation", "extensionElements", f"{data}Refs")), ref)
    return node


def _ends(model: Model) -> Repairs:
    """A token that arrives where nothing leads on has ended; draw that."""
    for level in list(model.every("process", *sorted(SUB_PROCESSES))):
        if kind(level) == "adHocSubProcess":
            continue
        has_end = level.find(tag("endEvent")) is not None
        has_start = level.find(tag("startEvent")) is not None
        for node in _in_the_flow(level):
            edge = kind(node) == "boundaryEvent"
            jumps = kind(node) == "intermediateThrowEvent" and model.has_trigger(node, "link")
            undoes = edge and model.has_trigger(node, "compensate")
            wanted = has_end or has_start or edge
            if not wanted or model.out_of(node) or jumps or undoes or kind(node) == "endEvent":
                continue
            made = _free(model, f"{_name(node)}_end")
            end = etree.SubElement(level, tag("endEvent"), id=made)
            _join(model, level, node, end)
            draw_beside(model.root, node, end)
            yield Repaired("EXT151" if has_end else "EXT105", _name(node), made)


def _starts(model: Model) -> Repairs:
    """Where nothing starts a level, all nodes without a way in begin at once; draw that."""
    for level in list(model.every("process", *sorted(SUB_PROCESSES))):
        started = any(kind(one) == "startEvent" or true(one, "instantiate") for one in level)
        if started or level.find(tag("endEvent")) is None or kind(level) == "adHocSubProcess":
            continue
        first = [
            node
            for node in _in_the_flow(level)
            if not model.into(node)
            and kind(node) not in ("boundaryEvent", "endEvent")
            and not (kind(node) in CATCHING and model.has_trigger(node, "link"))
        ]
        if not first:
            continue
        made = _free(model, f"{_name(level)}_start")
        start = etree.SubElement(level, tag("startEvent"), id=made)
        for node in first:
            _join(model, level, start, node)
        draw_beside(model.root, first[0], start, before=True)
        yield Repaired("EXT097", _name(level), made)


def _gateways(model: Model) -> Repairs:
    """A gateway with one way in and one way out is a bend in a line."""
    for node in list(model.every("exclusiveGateway", "inclusiveGateway", "parallelGateway")):
        into, out = model.into(node), model.out_of(node)
        if len(into) != 1 or len(out) != 1 or into[0] is out[0]:
            continue
        if out[0].find(tag("conditionExpression")) is not None and node.get("default") is None:
            continue
        after = model.get(out[0].get("targetRef"))
        level = node.getparent()
        if after is None or level is None or after is node:
            continue
        into[0].set("targetRef", after.get("id") or "")
        for listed in after.findall(tag("incoming")):
            if local(words(listed)) == out[0].get("id"):
                listed.text = into[0].get("id")
        for ref in model.every("flowNodeRef"):
            parent = ref.getparent()
            if local(words(ref)) == node.get("id") and parent is not None:
                parent.remove(ref)
        level.remove(out[0])
        level.remove(node)
        drop_gateway(model.root, node, into[0], out[0])
        entered = model.incoming[after.get("id") or ""]
        entered[entered.index(out[0])] = into[0]
        yield Repaired("EXT135", _name(node), into[0].get("id") or "")


def _lists(model: Model) -> Repairs:
    """Both ends of a flow list it, in the order of the file, and nothing else."""
    ends = (
        ("incoming", "targetRef", (*LEADING, "incoming")),
        ("outgoing", "sourceRef", (*LEADING, "incoming", "outgoing")),
    )
    for listed, end, leading in ends:
        joined: dict[str, list[str]] = {}
        for flow in model.every("sequenceFlow"):
            if flow.get("id"):
                joined.setdefault(local(flow.get(end) or ""), []).append(flow.get("id") or "")
        for node in model.every(*sorted(FLOW_NODES)):
            if _list(node, listed, joined.get(node.get("id") or "", []), leading):
                yield Repaired("EXT023", _name(node), listed)


def _list(node: etree._Element, listed: str, wanted: list[str], leading: tuple[str, ...]) -> bool:
    """Make a node list these flows on one side; return whether anything was changed."""
    refs = node.findall(tag(listed))
    said = [local(words(ref)) for ref in refs]
    for ref, name in zip(refs, said, strict=True):
        if name not in wanted:
            node.remove(ref)
    missing = [name for name in wanted if name not in said]
    for name in missing:
        made = etree.Element(tag(listed))
        made.text = name
        node.insert(_after(node, leading), made)
    return bool(missing) or any(name not in wanted for name in said)


MENDS: tuple[Callable[[Model], Repairs], ...] = (
    _expressions,
    _scripts,
    _data_names,
    _links,
    _messages,
    _collections,
    _ends,
    _starts,
    _gateways,
    _lists,
)


def _in_the_flow(level: etree._Element) -> list[etree._Element]:
    return [
        node
        for node in level
        if kind(node) in FLOW_NODES
        and node.get("id")
        and not (kind(node) in ACTIVITIES and compensates(node))
        and not event_sub_process(node)
    ]


def _join(
    model: Model, level: etree._Element, source: etree._Element, target: etree._Element
) -> None:
    first, second = source.get("id") or "", target.get("id") or ""
    flow = etree.SubElement(level, tag("sequenceFlow"), id=_free(model, f"{first}_to_{second}"))
    flow.set("sourceRef", first)
    flow.set("targetRef", second)


def _declare(model: Model, made: etree._Element) -> None:
    """Put something before the first process, where all tools look for it."""
    process = model.root.find(tag("process"))
    place = len(model.root) if process is None else model.root.index(process)
    model.root.insert(place, made)
    for node in made.iter(etree.Element):
        model.by_id[node.get("id") or ""] = node
        model.of[kind(node)].append(node)


def _after(node: etree._Element, leading: tuple[str, ...]) -> int:
    """The place behind the children that the schema wants first."""
    return max(
        (number + 1 for number, child in enumerate(node) if kind(child) in leading), default=0
    )


def _free(model: Model, wanted: str, owner: etree._Element | None = None) -> str:
    """An id that nobody has, and remember it."""
    name, number = wanted, 2
    while name in model.by_id:
        name, number = f"{wanted}_{number}", number + 1
    model.by_id[name] = model.root if owner is None else owner
    return name


def _qualified(node: etree._Element, name: str) -> str:
    """The name of a type of BPMN as this place of the file writes it."""
    prefix = next((short for short, space in node.nsmap.items() if space == MODEL), None)
    return f"{prefix}:{name}" if prefix else name


def _name(node: etree._Element) -> str:
    """The id of the nearest element that has one."""
    here: etree._Element | None = node
    while here is not None and not here.get("id"):
        here = here.getparent()
    return "" if here is None else here.get("id") or ""
