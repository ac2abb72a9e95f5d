"""The proof that nothing in a diagram can get stuck, before it is published.

A process is sound when every case that was begun can still end, whatever was chosen and whatever
came from outside; when no flow ever holds two tokens; and when every element can be reached.
Each process, each body of a sub-process and each event sub-process is proved by itself, and stands
in the scope around it as one element with the ways in which it can end.
"""

from collections.abc import Iterator

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.findings import Finding, at
from engine.processes.proving.game import Played, play
from engine.processes.proving.graph import Graph, Outcome
from engine.processes.proving.shrink import shrink
from engine.processes.proving.ways import BODIES, body_of, codes_thrown, read_scope

CODES = {
    "deadlock": "process.deadlock",
    "second_token": "process.second_token",
    "never_ends": "process.never_ends",
    "undecided": "process.undecided",
}


def check_soundness(root: etree._Element) -> list[Finding]:
    """Return what is unsound in a file, drawn or normalised, that has passed the lint.

    Codes: `process.deadlock`, `process.second_token`, `process.never_ends`, `process.dead`,
    `process.undecided` (too many states, or a complex join whose condition is no plain count).
    Each names the element and gives `path`, the drawn ids of elements and flows in the order in
    which tokens touch them from the start of `scope` (the id of the process or sub-process) up to
    the fault; it is empty for `dead` and `undecided`.
    """
    found: list[Finding] = []
    outcomes: dict[str, Outcome] = {}
    for scope in _inner_first(root):
        graph = read_scope(scope, outcomes)
        drawn = {node.get("id") or "": node for node in scope.iter() if node.get("id")}
        before = _ways_in(graph)
        shrink(graph)
        played = play(graph)
        name = scope.get("id") or ""
        outcomes[name] = Outcome(played.completes, played.thrown, _calls(scope, outcomes))
        for fault in played.faults:
            node = drawn.get(fault.element, scope)
            path = [step for step in fault.path if not step.startswith("hall_")]
            found.append(at(node, CODES[fault.code], scope=name, path=path))
        for lost in _first_lost(played, before):
            found.append(at(drawn[lost], "process.dead", scope=name, path=[]))
    return found


def _inner_first(root: etree._Element) -> Iterator[etree._Element]:
    """Yield each scope once, the bodies that it needs before it."""
    seen: set[str] = set()

    def visit(scope: etree._Element) -> Iterator[etree._Element]:
        name = scope.get("id") or ""
        if name in seen:
            return
        seen.add(name)
        for node in scope:
            body = body_of(node)
            if body is not None:
                yield from visit(body)
        yield scope

    for process in root.findall(tag("process")):
        yield from visit(process)


def _calls(scope: etree._Element, outcomes: dict[str, Outcome]) -> tuple[str, ...]:
    """The escalations that a scope may send, those of what runs inside it too."""
    found: list[str] = []
    for node in scope:
        name = kind(node)
        if name in ("intermediateThrowEvent", "endEvent"):
            found += [code for code in codes_thrown(node) if code.startswith("escalation:")]
        elif name in BODIES or name == "callActivity":
            body = body_of(node)
            inner = None if body is None else outcomes.get(body.get("id") or "")
            found += inner.calls if inner is not None else ()
    return tuple(dict.fromkeys(found))


def _ways_in(graph: Graph) -> dict[str, set[str]]:
    """The elements straight before each drawn one, taken before the graph is made smaller."""
    found: dict[str, set[str]] = {}
    for name, node in graph.heads.items():
        sources = [edge.source for edge in node.ins]
        while any(source is not None and not source.label for source in sources):
            sources = [
                deeper
                for source in sources
                for deeper in (
                    [source]
                    if source is None or source.label
                    else [edge.source for edge in source.ins]
                )
            ]
        found[name] = {source.label[0] for source in sources if source is not None}
    return found


def _first_lost(played: Played, before: dict[str, set[str]]) -> list[str]:
    """Of the elements that are never reached those that no other such element stands before."""
    lost = set(played.lost)
    first = [name for name in played.lost if not before.get(name, set()) & lost]
    return first or list(played.lost[:1])
