"""Compensation as drawn: what undoes what is taken out of the flow before a diagram is run.

A handler becomes a part of its own that a throwing event starts; the activity that it undoes
carries its name. Source: BPMN 2.0.2, 10.5.4 to 10.5.6, 10.7 and 13.5.5.
"""

from collections.abc import Iterator

from lxml import etree

from engine.processes.bpmn import (
    ACTIVITIES,
    SCOPES,
    event_definitions,
    every,
    flows,
    hall,
    kind,
    nodes,
    scopes,
    tag,
)
from engine.processes.findings import Finding, at

UNDONE_BY = hall("undone-by")
UNDONE_INSIDE_BY = hall("undone-inside-by")
REACH = hall("reach")
MARK = "isForCompensation"
TRUE = ("true", "1")
THROWS = frozenset({"intermediateThrowEvent", "endEvent"})


def findings(root: etree._Element) -> Iterator[Finding]:
    """Yield what keeps to the constraints of the standard and still cannot be undone as drawn.

    `process.handler` (boundary events that lead to several activities or to one of another
    scope), `process.handler_twice` (target; a second handler of one activity or scope),
    `process.handler_edge` (target; events on the edge of a handler), `process.out_of_reach`
    (target; an activity that the throwing event does not see).
    """
    for scope in scopes(root):
        yield from _handlers(scope)
        yield from _event_handlers(scope)
    for node in every(root, THROWS):
        if "compensate" in event_definitions(node):
            yield from _reach(root, node)


def undoes(node: etree._Element) -> bool:
    """Return whether an activity stands outside the flow, in order to undo another one."""
    return node.get(MARK) in TRUE


def undoes_scope(node: etree._Element) -> bool:
    """Return whether a node is an event sub-process that starts when its scope is undone."""
    return _triggered(node) and any(
        "compensate" in event_definitions(start) for start in node.findall(tag("startEvent"))
    )


def take_handlers_out(root: etree._Element) -> list[tuple[str, str, str]]:
    """Rewrite the compensation of a checked tree in place; return what, where and the new ids.

    Every handler stands alone in a sub-process `hall_undo_<id>` that no flow reaches, and the
    activity it undoes names it (`hall:undone-by`); a compensation event sub-process becomes a
    plain one that its scope names (`hall:undone-inside-by`). A throw that does not wait throws on
    a branch of its own, and a transaction without a way out when it is cancelled gets one.
    """
    changes: list[tuple[str, str, str]] = []
    for node in every(root, THROWS):
        if "compensate" in event_definitions(node):
            node.set(REACH, str(_event_sub_processes(node)))
    for scope in list(scopes(root)):
        here = {node.get("id"): node for node in nodes(scope)}
        for event, handler in _pairs(scope):
            host = here.get(event.get("attachedToRef"))
            if host is not None:
                host.set(UNDONE_BY, f"hall_undo_{handler.get('id')}")
            scope.remove(event)
        for node in here.values():
            if undoes(node) and not _triggered(node):
                changes.append(_wrap(scope, node))
            elif undoes_scope(node):
                _calm(node)
                scope.set(UNDONE_INSIDE_BY, node.get("id") or "")
            elif kind(node) == "intermediateThrowEvent" and not waits(node):
                changes.append(_branch(scope, node))
            elif kind(node) == "transaction" and not _cancel_events(scope, node):
                changes += _let_cancel(scope, node)
    return changes


def waits(node: etree._Element) -> bool:
    """Return whether a throwing event goes on only when everything is undone (the default)."""
    definition = node.find(tag("compensateEventDefinition"))
    return definition is None or definition.get("waitForCompletion", "true") in TRUE


def target(node: etree._Element) -> str | None:
    """Return the id of the one activity that a throwing event undoes, None for the whole scope."""
    definition = node.find(tag("compensateEventDefinition"))
    ref = definition.get("activityRef") if definition is not None else None
    return str(ref) if ref else None


def reach(node: etree._Element) -> int:
    """Return how many scopes around its own a throwing event undoes together with it.

    An event sub-process acts for the scope it stands in; the number is noted while one can still
    be told from a plain sub-process.
    """
    return int(node.get(REACH, "0"))


def is_used(root: etree._Element) -> bool:
    """Return whether anything in a tree ever undoes, so that what completes has to be noted."""
    return any(
        set(event_definitions(node)) & {"compensate", "cancel"} for node in every(root, THROWS)
    )


def _handlers(scope: etree._Element) -> Iterator[Finding]:
    here = {node.get("id"): node for node in nodes(scope)}
    undone: set[str | None] = set()
    for node in here.values():
        events = event_definitions(node)
        if kind(node) == "boundaryEvent" and "compensate" in events:
            handlers = _associated(scope, node)
            if len(events) > 1 or len(handlers) > 1 or handlers - here.keys():
                yield at(node, "process.handler")
            if node.get("attachedToRef") in undone:
                yield at(node, "process.handler_twice", target=node.get("attachedToRef"))
            undone.add(node.get("attachedToRef"))
        elif kind(node) == "boundaryEvent":
            host = here.get(node.get("attachedToRef"))
            if host is not None and undoes(host):
                yield at(node, "process.handler_edge", target=host.get("id"))


def _event_handlers(scope: etree._Element) -> Iterator[Finding]:
    for node in [node for node in nodes(scope) if undoes_scope(node)][1:]:
        yield at(node, "process.handler_twice", target=scope.get("id"))


def _reach(root: etree._Element, node: etree._Element) -> Iterator[Finding]:
    wanted = target(node)
    if wanted is None:
        return
    found = _named(root, wanted)
    if found is None or kind(found) not in ACTIVITIES:
        return  # a reference to nothing, which the constraints of the standard name
    if found.getparent() not in set(node.iterancestors()):
        yield at(node, "process.out_of_reach", target=wanted)


def _associated(scope: etree._Element, event: etree._Element) -> set[str]:
    """Return the ids of the marked activities, wherever they stand, that an event leads to."""
    root = scope.getroottree().getroot()
    marked = {node.get("id") or "" for node in every(root, ACTIVITIES) if undoes(node)}
    found: set[str] = set()
    for line in root.iter(tag("association")):
        ends = {line.get("sourceRef") or "", line.get("targetRef") or ""}
        found |= ends & marked if event.get("id") in ends else set()
    return found


def _pairs(scope: etree._Element) -> list[tuple[etree._Element, etree._Element]]:
    """Return the compensation boundary events of a scope with the activities they start."""
    here = {node.get("id"): node for node in nodes(scope)}
    found = []
    for line in scope.findall(tag("association")):
        ends = [here.get(line.get("sourceRef")), here.get(line.get("targetRef"))]
        for event, handler in (ends, ends[::-1]):
            if event is None or handler is None or not _is_handler_event(event):
                continue
            if undoes(handler) and (event, handler) not in found:
                found.append((event, handler))
    return found


def _is_handler_event(node: etree._Element) -> bool:
    return kind(node) == "boundaryEvent" and "compensate" in event_definitions(node)


def _triggered(node: etree._Element) -> bool:
    return node.get("triggeredByEvent") in TRUE


def _calm(node: etree._Element) -> None:
    del node.attrib["triggeredByEvent"]
    node.set(MARK, "true")
    for start in node.findall(tag("startEvent")):
        for definition in start.findall(tag("compensateEventDefinition")):
            start.remove(definition)


def _event_sub_processes(node: etree._Element) -> int:
    """Return how many event sub-processes stand directly around a node, one in the other."""
    number = 0
    for scope in node.iterancestors(*(tag(name) for name in SCOPES)):
        if not _triggered(scope):
            break
        number += 1
    return number


def _wrap(scope: etree._Element, handler: etree._Element) -> tuple[str, str, str]:
    drawn = handler.get("id") or ""
    made = f"hall_undo_{drawn}"
    part = etree.SubElement(scope, tag("subProcess"), {"id": made, MARK: "true"})
    etree.SubElement(part, tag("startEvent"), id=f"hall_start_{drawn}")
    del handler.attrib[MARK]
    part.append(handler)
    etree.SubElement(part, tag("endEvent"), id=f"hall_end_{drawn}")
    _flow(part, f"hall_start_{drawn}", drawn)
    _flow(part, drawn, f"hall_end_{drawn}")
    return "subProcess", drawn, made


def _branch(scope: etree._Element, throw: etree._Element) -> tuple[str, str, str]:
    """Put a throw that nobody waits for on a branch beside the way on."""
    drawn = throw.get("id") or ""
    fork, on = f"hall_fork_{drawn}", f"hall_pass_{drawn}"
    etree.SubElement(scope, tag("parallelGateway"), id=fork)
    etree.SubElement(scope, tag("intermediateThrowEvent"), id=on)
    for flow in flows(scope):
        if flow.get("targetRef") == drawn:
            flow.set("targetRef", fork)
        if flow.get("sourceRef") == drawn:
            flow.set("sourceRef", on)
    _flow(scope, fork, drawn)
    _flow(scope, fork, on)
    return "parallelGateway", drawn, fork


def _transaction(node: etree._Element) -> etree._Element | None:
    return next(node.iterancestors(tag("transaction")), None)


def _cancel_events(scope: etree._Element, transaction: etree._Element) -> list[etree._Element]:
    return [
        node
        for node in nodes(scope)
        if node.get("attachedToRef") == transaction.get("id")
        and "cancel" in event_definitions(node)
    ]


def _let_cancel(scope: etree._Element, transaction: etree._Element) -> list[tuple[str, str, str]]:
    drawn = transaction.get("id") or ""
    ends = [
        node
        for node in every(transaction, {"endEvent"})
        if "cancel" in event_definitions(node) and _transaction(node) is transaction
    ]
    if not ends:
        return []
    made = f"hall_cancel_{drawn}"
    event = etree.SubElement(scope, tag("boundaryEvent"), id=made, attachedToRef=drawn)
    etree.SubElement(event, tag("cancelEventDefinition"))
    return [("boundaryEvent", drawn, made)]


def _flow(scope: etree._Element, source: str, goal: str) -> None:
    made = f"hall_flow_{source}_{goal}"
    etree.SubElement(scope, tag("sequenceFlow"), id=made, sourceRef=source, targetRef=goal)


def _named(root: etree._Element, wanted: str | None) -> etree._Element | None:
    return next((node for node in root.iter() if node.get("id") == wanted), None)
