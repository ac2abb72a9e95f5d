"""A process or sub-process as nodes that join and split tokens, for the proof of soundness.

Each drawn scope becomes one graph; sub-processes and called processes stand in it as one node
whose outcomes are known. Conditions are free choices, and so is whatever comes from outside (a
message, a signal, a due time, the work of a person): it may happen, and it may not.
Source: BPMN 2.0.2, chapters 10.5, 10.6 and 13.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from lxml import etree

from engine.processes.bpmn import called_elsewhere, condition, event_definitions, flows, kind, tag
from engine.processes.proving.graph import Edge, Graph, Node, Outcome, Reaction

COUNTS = re.compile(r"\s*=?\s*activationCount\s*(>=|>)\s*(\d{1,3})\s*")
JOINS = {
    "parallelGateway": "and",
    "inclusiveGateway": "or",
    "complexGateway": "complex",
}
BODIES = frozenset({"subProcess", "transaction"})
PLAIN_NODES = BODIES | {"task", "callActivity", "adHocSubProcess"}
THROWS = frozenset({"error", "escalation", "cancel"})
ANY = ""
# A child case tells its outcome and throws nothing into the case that opened it.
CHILD = Outcome(completes=True, throws=(), calls=())
TRUE, FALSE = ("true", "1"), ("false", "0")


Outcomes = Mapping[str, Outcome]


def steps_in(scope: etree._Element) -> list[etree._Element]:
    """Return the flow nodes of a scope that tokens can visit."""
    return [node for node in scope if _is_node(node)]


def body_of(node: etree._Element) -> etree._Element | None:
    """Return the scope that runs inside a node: its own body, or the process that it calls."""
    if kind(node) in BODIES:
        return node
    if kind(node) == "callActivity":
        called = node.get("calledElement")
        root = node.getroottree().getroot()
        return next((one for one in root.findall(tag("process")) if one.get("id") == called), None)
    return None


def read_scope(scope: etree._Element, outcomes: Outcomes) -> Graph:
    """Return the graph of a process or sub-process.

    `outcomes` says of each body in it (by id of the scope) how it can end.
    """
    root = Node((), "xor", "xor")
    entry = Edge(None, root)
    root.ins.append(entry)
    drawn = {node.get("id") or "": node for node in steps_in(scope)}
    kinds = {name: kind(node) for name, node in drawn.items()}
    graph = Graph(entry, [root], tuple(_reactions(scope, outcomes)), {}, kinds)
    graph.heads = heads = {name: graph.node(name) for name in drawn}
    tails: dict[str, list[tuple[etree._Element, Node]]] = {}
    for flow in flows(scope):
        target = heads.get(flow.get("targetRef") or "")
        if target is not None:
            tails.setdefault(flow.get("sourceRef") or "", []).append((flow, target))
    beside: dict[str, list[etree._Element]] = {}
    for name, node in drawn.items():
        if kinds[name] == "boundaryEvent":
            beside.setdefault(node.get("attachedToRef") or "", []).append(node)
    for name, node in drawn.items():
        _draw(graph, node, tails.get(name, []), beside.get(name, []), outcomes)
    _connect_links(graph, drawn)
    _connect_starts(graph, root, drawn)
    return graph


def codes_thrown(node: etree._Element) -> list[str]:
    """Return what a node throws or catches, as "error:CODE"; "error:" is any error."""
    found = []
    for event in event_definitions(node):
        if event not in THROWS:
            continue
        definition = node.find(tag(f"{event}EventDefinition"))
        ref = definition.get(f"{event}Ref") if definition is not None else None
        code = ref or ANY
        if ref is not None:
            for meant in node.getroottree().getroot().findall(tag(event)):
                if meant.get("id") == ref:
                    code = meant.get(f"{event}Code") or ref
        found.append(f"{event}:{code}")
    return found


def catches(wanted: Collection[str], thrown: str) -> bool:
    """Return whether an event that waits for `wanted` is meant by what is thrown."""
    return thrown in wanted or thrown.partition(":")[0] + ":" in wanted


def _is_node(node: etree._Element) -> bool:
    name = kind(node)
    return (name.endswith(("Gateway", "Event", "Task")) or name in PLAIN_NODES) and not (
        node.get("triggeredByEvent") in TRUE
        or node.get("isForCompensation") in TRUE
        or (name == "boundaryEvent" and "compensate" in event_definitions(node))
    )


def _reactions(scope: etree._Element, outcomes: Outcomes) -> Iterator[Reaction]:
    for body in scope:
        if body.get("triggeredByEvent") not in TRUE or kind(body) not in BODIES:
            continue
        name = body.get("id") or ""
        begins = next((node for node in body if kind(node) == "startEvent"), None)
        if begins is None or "compensate" in event_definitions(begins):
            continue
        codes = codes_thrown(begins)
        thrown = codes[0] if codes else None
        if thrown is not None and thrown.startswith("escalation:"):
            thrown = None
        yield Reaction(
            name,
            begins.get("isInterrupting") not in FALSE or bool(thrown),
            thrown,
            outcomes[name].throws if name in outcomes else (),
        )


def _draw(
    graph: Graph,
    node: etree._Element,
    out: list[tuple[etree._Element, Node]],
    edges: list[etree._Element],
    outcomes: Outcomes,
) -> None:
    drawn = node.get("id") or ""
    head, name = graph.heads[drawn], graph.kinds[drawn]
    if name.endswith("Gateway"):
        head.join = JOINS.get(name, "xor")
        head.needs = _needs(node) if name == "complexGateway" else None
        _draw_gateway(graph, node, head, out)
    elif name == "endEvent":
        head.end = _end_of(node)
    elif name.endswith("Event"):
        _leave(graph, node, head, out)
    else:
        _draw_activity(graph, node, head, out, edges, outcomes)


def _draw_gateway(
    graph: Graph, node: etree._Element, head: Node, out: list[tuple[etree._Element, Node]]
) -> None:
    name = kind(node)
    if name in ("inclusiveGateway", "complexGateway"):
        default = [pair for pair in out if pair[0].get("id") == node.get("default")]
        _choose_some(graph, head, [pair for pair in out if pair not in default], default)
        return
    parallel = name == "parallelGateway" or node.get("eventGatewayType") == "Parallel"
    head.split = "and" if parallel else "xor"
    _connect_all(graph, head, out)
    if not out:
        head.end = "end"


def _choose_some(
    graph: Graph,
    head: Node,
    some: list[tuple[etree._Element, Node]],
    default: list[tuple[etree._Element, Node]],
) -> None:
    """At least one of the flows with a condition, or the default flow alone."""
    if not some and not default:
        head.end = "end"
        return
    head.split = "or"
    _connect_all(graph, head, [*some, *default])
    if some and default:
        head.otherwise = head.outs[-1]


def _leave(
    graph: Graph, node: etree._Element, head: Node, out: list[tuple[etree._Element, Node]]
) -> None:
    """The ways out of a task or an event: all without a condition, some of the others."""
    place = node.get("id") or ""
    if graph.kinds[place] == "intermediateThrowEvent" and "link" in event_definitions(node):
        return
    chosen = [pair for pair in out if condition(pair[0]) is not None]
    default = [pair for pair in out if pair[0].get("id") == node.get("default")] if chosen else []
    plain = [pair for pair in out if pair not in chosen and pair not in default]
    if not out:
        head.end = "end"
    elif not chosen:
        _connect_all(graph, head, plain)
    elif not plain:
        _choose_some(graph, head, chosen, default)
    else:
        head.split, head.sure = "main", len(plain)
        _connect_all(graph, head, [*plain, *chosen, *default])
        head.otherwise = head.outs[-1] if default else None


def _draw_activity(
    graph: Graph,
    node: etree._Element,
    head: Node,
    out: list[tuple[etree._Element, Node]],
    edges: list[etree._Element],
    outcomes: Outcomes,
) -> None:
    name = node.get("id") or ""
    inside = body_of(node)
    outcome = None if inside is None else outcomes.get(inside.get("id") or "")
    if called_elsewhere(node) is not None:
        outcome = CHILD
    happens = [one for one in edges if _can_happen(one, outcome)]
    thrown = () if outcome is None else outcome.throws
    quantity = node.get("completionQuantity") not in (None, "1")
    if node.get("startQuantity") not in (None, "1"):
        # One token on a flow at most: a second one, which this waits for, never comes.
        head.join = "and"
        graph.connect(graph.node(), head, place=name)
    if not (edges or thrown or quantity):
        _leave(graph, node, head, out)
        return
    beside = [one for one in happens if one.get("cancelActivity") in FALSE]
    instead = [one for one in happens if one not in beside and not _catches_error(one, outcome)]
    inner = graph.node()
    graph.connect(head, inner, place=name)
    if beside:
        head.split = "main"
        for one in beside:
            graph.connect(head, graph.heads[one.get("id") or ""], place=one.get("id") or "")
    inner.split = "xor"
    done = graph.node()
    if outcome is None or outcome.completes or not thrown:
        graph.connect(inner, done, place=name).instant = not out and not quantity
    if quantity:
        more, done = done, graph.node()
        graph.connect(more, done, place=name)
        graph.connect(more, done, place=name)
    _leave(graph, node, done, out)
    for one in instead:
        graph.connect(inner, graph.heads[one.get("id") or ""], place=one.get("id") or "")
    for code in thrown:
        _pass_on(graph, inner, name, code, [one for one in edges if one not in beside])


def _pass_on(graph: Graph, inner: Node, name: str, code: str, edges: list[etree._Element]) -> None:
    """An error that a body lets out goes to the event on its edge, or further out."""
    exact = [one for one in edges if code in codes_thrown(one)]
    caught = exact or [one for one in edges if catches(codes_thrown(one), code)]
    if caught:
        target = caught[0].get("id") or ""
        if not any(edge.target is graph.heads[target] for edge in inner.outs):
            graph.connect(inner, graph.heads[target], place=target)
        return
    away = graph.node()
    away.end = f"throw:{code}"
    graph.connect(inner, away, place=name).instant = True


def _catches_error(edge: etree._Element, outcome: Outcome | None) -> bool:
    return outcome is not None and any(
        not code.startswith("escalation:") for code in codes_thrown(edge)
    )


def _can_happen(edge: etree._Element, outcome: Outcome | None) -> bool:
    """An event on an edge comes from outside, unless only the body itself can throw it."""
    codes = codes_thrown(edge)
    if outcome is None or not codes or len(codes) < len(event_definitions(edge)):
        return True
    return any(catches(codes, thrown) for thrown in (*outcome.throws, *outcome.calls))


def _connect_all(graph: Graph, source: Node, out: list[tuple[etree._Element, Node]]) -> None:
    for flow, target in out:
        graph.connect(source, target, flow.get("id") or "")


def _connect_links(graph: Graph, drawn: Mapping[str, etree._Element]) -> None:
    found: dict[str, tuple[list[Node], list[Node]]] = {}
    for name, node in drawn.items():
        meant = None
        if graph.kinds[name].startswith("intermediate"):
            meant = node.find(tag("linkEventDefinition"))
        if meant is not None:
            pair = found.setdefault(meant.get("name") or "", ([], []))
            pair[graph.kinds[name] == "intermediateCatchEvent"].append(graph.heads[name])
    for throws, waits in found.values():
        for throw in throws:
            if waits:
                graph.connect(throw, waits[0], place=throw.label[0])
            else:
                throw.end = "end"


def _connect_starts(graph: Graph, root: Node, drawn: Mapping[str, etree._Element]) -> None:
    starts = [name for name in drawn if graph.kinds[name] == "startEvent"]
    wakes = [name for name, node in drawn.items() if node.get("instantiate") in TRUE]
    if not starts and not wakes:
        root.split = "and"
        starts = [
            name
            for name, node in drawn.items()
            if not graph.heads[name].ins
            and graph.kinds[name] != "boundaryEvent"
            and "link" not in event_definitions(node)
        ]
    for name in [*starts, *wakes]:
        graph.connect(root, graph.heads[name])
    if not root.outs:
        root.end = "end"


def _end_of(node: etree._Element) -> str:
    if "terminate" in event_definitions(node):
        return "terminate"
    thrown = [code for code in codes_thrown(node) if not code.startswith("escalation:")]
    return f"throw:{thrown[0]}" if thrown else "end"


def _needs(node: etree._Element) -> int | None:
    text = (node.findtext(tag("activationCondition")) or "").strip()
    match = COUNTS.fullmatch(text)
    if match is None:
        return None
    return int(match[2]) + (match[1] == ">")
