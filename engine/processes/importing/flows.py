"""Conditions, times, starts and default flows: translated where there is an equal, else asked."""

from collections.abc import Collection

from lxml import etree

from engine.kernel.errors import Invalid
from engine.processes import moments
from engine.processes.bpmn import (
    XSI,
    condition,
    event_definitions,
    every,
    flows,
    kind,
    tag,
)
from engine.processes.importing.expressions import kept, translated
from engine.processes.importing.report import Report
from engine.processes.importing.source import new_id
from engine.processes.placing.tree import all_scopes, flow_nodes
from engine.processes.standard.shapes import draw_beside

TEXTS = (
    "conditionExpression",
    "loopCondition",
    "completionCondition",
    "activationCondition",
    "loopCardinality",
    "condition",
)
TIMES = ("timeDate", "timeDuration", "timeCycle")
CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})


def expressions(root: etree._Element, names: Collection[str], report: Report) -> None:
    """Translate conditions; one that has no equal is taken out, noted and asked."""
    for node in list(root.iter(*map(tag, TEXTS))):
        parent = node.getparent()
        if parent is None:
            continue
        said = "".join(map(str, node.itertext())).strip()
        language = node.attrib.pop("language", None) or root.get("expressionLanguage") or ""
        made = translated(said, str(language), names) if said else None
        for child in list(node):
            node.remove(child)
        node.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
        if made is None and not said:
            parent.remove(node)
        elif made is None:
            # Without its condition a flow would always be taken: it stays, and no gate lets it by.
            node.text = kept(said)
            report.ask(parent, "condition", said, "import.condition", said=said)
        else:
            node.text = made
        if made and made != said:
            report.mapped(parent, "condition", said, made, "import.translated")
    for name in ("expressionLanguage", "typeLanguage"):
        root.attrib.pop(name, None)
    for node in every(root, {"resourceAssignmentExpression", "formalExpression"}):
        node.attrib.pop("language", None)


def times(root: etree._Element, names: Collection[str], report: Report) -> None:
    """Translate the time of each timer; months, cron lines and beans are asked."""
    for event in root.iter(tag("timerEventDefinition")):
        found = [child for child in event if kind(child) in TIMES]
        said = [(child, (child.text or "").strip()) for child in found]
        told = [pair for pair in said if pair[1]]
        for child, text in said:
            made = _time(kind(child), text, names) if len(told) == 1 else None
            if made is None:
                event.remove(child)
                if text:
                    report.ask(event, kind(child), text, "import.time", said=text)
                continue
            child.attrib.pop("language", None)
            child.text = made
            child.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
            if made != text:
                report.mapped(event, "timer", text, made, "import.translated")
        if not told:
            report.ask(event, "timer", "", "import.time_missing")


def _time(name: str, text: str, names: Collection[str]) -> str | None:
    if not text:
        return None
    plain = text.strip("\"'") if text[:1] in "\"'" else text
    if not moments.is_literal(plain):
        return translated(text, "", names)
    try:
        if name == "timeCycle":
            moments.cycle(plain)
        elif name == "timeDuration":
            moments.duration(plain)
        else:
            moments.moment(plain)
    except Invalid:
        return None
    return plain


def choices(root: etree._Element, report: Report) -> None:
    """Ask for the condition of each flow out of a choice; a default flow needs none."""
    for scope in all_scopes(root):
        lines = flows(scope)
        for node in flow_nodes(scope):
            default = node.get("default")
            out = [flow for flow in lines if flow.get("sourceRef") == node.get("id")]
            if default is not None and default not in {flow.get("id") for flow in out}:
                del node.attrib["default"]
                report.dropped(node, "default", default, "import.default", flow=default)
                default = None
            for flow in out:
                said = condition(flow)
                if said is not None and flow.get("id") == default:
                    report.dropped(flow, "condition", said.text or "", "import.default_condition")
                    flow.remove(said)
                elif (
                    said is None
                    and kind(node) in CHOICES
                    and len(out) > 1
                    and flow.get("id") != default
                ):
                    report.ask(flow, "condition", "", "import.condition_missing")


def starts(root: etree._Element, report: Report) -> None:
    """Add the start event that was not drawn, and ask which one of several begins a case."""
    for scope in all_scopes(root):
        if scope.get("triggeredByEvent") in ("true", "1") or not flow_nodes(scope):
            continue
        found = [node for node in flow_nodes(scope) if kind(node) == "startEvent"]
        if not found:
            _add_start(root, scope, report)
        plain = [node for node in found if not event_definitions(node)]
        for node in plain if len(plain) > 1 else ():
            report.ask(node, "start", "", "import.several_starts", count=len(plain))


def _add_start(root: etree._Element, scope: etree._Element, report: Report) -> None:
    reached = {flow.get("targetRef") for flow in flows(scope)}
    first = [
        node
        for node in flow_nodes(scope)
        if node.get("id") not in reached
        and kind(node) != "boundaryEvent"
        and node.get("triggeredByEvent") not in ("true", "1")
        and node.get("isForCompensation") not in ("true", "1")
        and not (kind(node) == "intermediateCatchEvent" and "link" in event_definitions(node))
        and node.get("instantiate") not in ("true", "1")
    ]
    if any(node.get("instantiate") in ("true", "1") for node in flow_nodes(scope)):
        return
    if len(first) != 1:
        places = first or [scope]
        for node in places:
            report.ask(node, "start", "", "import.no_start")
        return
    target = first[0].get("id") or ""
    made = new_id(root, f"start_{target}")
    start = etree.Element(tag("startEvent"), id=made)
    scope.insert(list(scope).index(flow_nodes(scope)[0]), start)
    line = etree.SubElement(
        scope,
        tag("sequenceFlow"),
        id=new_id(root, f"{made}_to_{target}"),
        sourceRef=made,
        targetRef=target,
    )
    draw_beside(root, first[0], start, before=True)
    for lane in root.iter(tag("lane")):
        refs = lane.findall(tag("flowNodeRef"))
        if target in [(ref.text or "").strip() for ref in refs]:
            refs[-1].addnext(etree.Element(tag("flowNodeRef")))
            follower = refs[-1].getnext()
            if follower is not None:
                follower.text = made
    report.mapped(start, "start", "", made, "import.start", target=target)
    report.mapped(line, "flow", "", line.get("id") or "", "import.start_flow", target=target)
