"""A graph of tokens made smaller without changing whether it is sound, nor how a fault is reached.

Each rule keeps the drawn ids of what it merges, so that a path is still one of the drawing. The
rules that matter, and why no others: parallel flows are merged only between gateways whose kinds
fit, and a place where a token may still choose is never merged with one where it has chosen,
because an inclusive join elsewhere may look at it. The brute-force twin in the tests is the proof.
Source: the lesson of §13 of the design's chapter on processes; Petri net reductions (Murata).
"""

from collections import deque
from collections.abc import Callable

from engine.processes.proving.graph import Edge, Graph, Node

FIT = frozenset(
    {
        ("and", "and"),
        ("xor", "xor"),
        ("and", "or"),
        ("xor", "or"),
        ("or", "or"),
        ("main", "or"),
    }
)


def shrink(graph: Graph) -> None:
    """Apply the rules until none applies any more; `graph` is changed."""
    pending = deque(graph.nodes)
    waiting, gone = set(graph.nodes), _Gone(graph)
    while pending:
        node = pending.popleft()
        waiting.discard(node)
        if node in gone.nodes:
            continue
        _settle_kinds(node)
        for rule in RULES:
            near = rule(node, gone)
            if near:
                fresh = [one for one in near if one not in waiting and one not in gone.nodes]
                pending.extend(fresh)
                waiting.update(fresh)
                break
    graph.nodes = [node for node in graph.nodes if node not in gone.nodes]


class _Gone:
    """The nodes that were merged away, and where the rest can be reached from itself."""

    def __init__(self, graph: Graph) -> None:
        self.nodes: set[Node] = set()
        self._graph = graph

    def turns(self, node: Node) -> bool:
        """Return whether a token can come back to `node`."""
        seen, ahead = {node}, [node]
        while ahead:
            for edge in ahead.pop().outs:
                if edge.target is node:
                    return True
                if edge.target not in seen:
                    seen.add(edge.target)
                    ahead.append(edge.target)
        return False


def _settle_kinds(node: Node) -> None:
    """One way in needs no join, one way out no choice."""
    if len(node.ins) == 1 and (node.join in ("and", "or") or node.needs in (None, 1)):
        node.join = "xor"
    if len(node.outs) == 1 or (len(node.outs) == 2 and node.split == "or" and node.otherwise):
        node.split, node.otherwise = "xor", None


def _series(node: Node, gone: _Gone) -> list[Node]:
    """A node with one way in and one way out is a longer flow."""
    if len(node.ins) != 1 or len(node.outs) != 1 or node.join == "complex":
        return []
    before, behind = node.ins[0], node.outs[0]
    if before is behind or behind.target.join == "complex":
        return []  # a complex join does not wait for what is still on its way
    before.then += before.late + node.label + behind.first + node.after + behind.then
    before.last, before.late = behind.last, behind.late
    before.ids += node.ids + behind.ids
    _lead(before, behind)
    gone.nodes.add(node)
    return _ends_of(before)


def _side_by_side(node: Node, gone: _Gone) -> list[Node]:
    """Flows from one gateway to another of a fitting kind are one flow."""
    if node.split == "main" and node.otherwise:
        return []
    seen: dict[Node, Edge] = {}
    for edge in list(node.outs):
        target = edge.target
        kept = seen.setdefault(target, edge)
        if kept is edge or target is node or target.end or (node.split, target.join) not in FIT:
            continue
        if node.split == "and":
            _both(kept, edge)
        elif node.split == "main" and node.outs.index(edge) < node.sure:
            _both(kept, edge)
            node.sure -= 1
        _settle_default(node, kept, edge)
        kept.ids += edge.ids
        node.outs.remove(edge)
        target.ins.remove(edge)
        return [node, target]
    return []


def _same_end(node: Node, gone: _Gone) -> list[Node]:
    """Flows of one gateway to ends of the same kind are one flow."""
    if node.split == "main":
        return []
    seen: dict[str, Edge] = {}
    for edge in list(node.outs):
        if not edge.target.end or edge.target.join != "xor" or edge.instant:
            continue
        kept = seen.setdefault(edge.target.end, edge)
        if kept is edge:
            continue
        if node.split == "and":
            _both(kept, edge)
            kept.then += edge.target.label if edge.target.end == "end" else ()
        _settle_default(node, kept, edge)
        kept.ids += edge.ids
        _drop_end(edge, kept.ids, gone)
        return [node]
    return []


def _idle_end(node: Node, gone: _Gone) -> list[Node]:
    """A token that only walks to an end of its own changes nothing where it is put but once."""
    if node.split not in ("and", "main") or len(node.outs) < 2 or node.otherwise:
        return []
    for edge in node.outs if node.split == "and" else node.outs[node.sure :]:
        end = edge.target
        if end.end != "end" or end.join != "xor" or gone.turns(node):
            continue
        if node.split == "and":
            node.label += edge.first
            node.after += edge.then + end.label
        node.ids += edge.ids
        _drop_end(edge, node.ids, gone)
        return [node]
    return []


def _turn_back(node: Node, gone: _Gone) -> list[Node]:
    """A choice to come straight back is no choice, where there is another."""
    for edge in node.outs:
        if edge.target is node and node.join == node.split == "xor" and len(node.outs) > 1:
            node.outs.remove(edge)
            node.ins.remove(edge)
            node.ids += edge.ids
            return [node, *(one.source for one in node.ins if one.source is not None)]
    return []


def _choice_after_choice(node: Node, gone: _Gone) -> list[Node]:
    """A choice straight behind a choice is one choice."""
    if len(node.ins) != 1 or node.split != "xor" or len(node.outs) < 2 or node.join != "xor":
        return []
    edge = node.ins[0]
    first = edge.source
    if first is None or first.split != "xor" or first is node or len(first.outs) < 2:
        return []
    if any(out.instant for out in node.outs):
        return []  # it would have a place, with the choice made
    place = first.outs.index(edge)
    for out in node.outs:
        out.then = edge.then + edge.late + node.label + out.first + node.after + out.then
        out.first = edge.first
        out.ids += edge.ids + node.ids
        out.source = first
    first.outs[place : place + 1] = node.outs
    gone.nodes.add(node)
    return [first, *(out.target for out in node.outs)]


def _meeting_before_meeting(node: Node, gone: _Gone) -> list[Node]:
    """Where flows meet, straight before where flows meet, they meet once."""
    if len(node.outs) != 1 or node.join != "xor" or len(node.ins) < 2:
        return []
    edge = node.outs[0]
    target = edge.target
    if target.join != "xor" or target is node or target.end:
        return []
    if any(out.instant for out in target.outs):
        return []  # nothing behind it would show that two have met
    place = target.ins.index(edge)
    for way in node.ins:
        # Not before the token goes on: where they meet, there is room for one.
        way.late += node.label + edge.first + node.after + edge.then + edge.late
        way.ids += node.ids + edge.ids
        way.target = target
    target.ins[place : place + 1] = node.ins
    gone.nodes.add(node)
    return [target, *(way.source for way in node.ins if way.source is not None)]


def _twins(node: Node, gone: _Gone) -> list[Node]:
    """Two branches of a block that choose alike: to the join, or to an end that ends all."""
    if node.split not in ("and", "or"):
        return []
    seen: dict[tuple[object, ...], Edge] = {}
    for edge in list(node.outs):
        ways = _choice_of(edge, node.split)
        if ways is None:
            continue
        kept = seen.setdefault(tuple(ways), edge)
        if kept is edge:
            continue
        _settle_default(node, kept, edge)
        _merge_twin(node, kept, edge, gone)
        return [node, kept.target, *(way.target for way in kept.target.outs)]
    return []


def _choice_of(edge: Edge, split: str) -> list[object] | None:
    """Where a branch can go, if it is a choice between one join and ends; else None."""
    node = edge.target
    if len(node.ins) != 1 or node.split != "xor" or len(node.outs) < 2 or node.join != "xor":
        return None
    joins = [way.target for way in node.outs if not way.target.end]
    ends = sorted(way.target.end for way in node.outs if way.target.end)
    plain = any(end != "terminate" for end in ends)
    if len(joins) != 1 or joins[0].join != split or (split == "and" and plain):
        return None
    if any(way.target.join != "xor" or way.instant for way in node.outs if way.target.end):
        return None
    return [joins[0], *ends]


def _merge_twin(node: Node, kept: Edge, edge: Edge, gone: _Gone) -> None:
    one, other = kept.target, edge.target
    if node.split == "and":
        kept.first += edge.first
        kept.then += edge.then
        kept.late += edge.late
    kept.ids += edge.ids
    one.ids += other.ids
    left = list(one.outs)
    for way in list(other.outs):
        twin = next(
            mine
            for mine in left
            if mine.target is way.target or (way.target.end and mine.target.end == way.target.end)
        )
        left.remove(twin)
        twin.ids += way.ids
        if way.target.end:
            _drop_end(way, twin.ids, gone)
        else:
            if node.split == "and":
                twin.then += other.label + way.first + other.after + way.then
            way.target.ins.remove(way)
    node.outs.remove(edge)
    gone.nodes.add(other)


RULES: tuple[Callable[[Node, _Gone], list[Node]], ...] = (
    _series,
    _side_by_side,
    _turn_back,
    _choice_after_choice,
    _meeting_before_meeting,
    _same_end,
    _idle_end,
    _twins,
)


def _both(kept: Edge, edge: Edge) -> None:
    """Make the path of `kept` also that of `edge`, since both get a token in the same move."""
    if kept.then and not edge.then:
        kept.last = edge.last
    kept.first += edge.first
    kept.then += edge.then


def _settle_default(node: Node, kept: Edge, edge: Edge) -> None:
    """The default flow alone is the same as another alone that leads to the same."""
    if node.otherwise in (kept, edge):
        node.otherwise = None


def _lead(before: Edge, behind: Edge) -> None:
    before.target = behind.target
    behind.target.ins[behind.target.ins.index(behind)] = before


def _drop_end(edge: Edge, ids: list[str], gone: _Gone) -> None:
    """Take away a flow to an end, and the end with it when nothing else leads there."""
    source, end = edge.source, edge.target
    if source is not None and edge in source.outs:
        source.outs.remove(edge)
    end.ins.remove(edge)
    if not end.ins:
        ids += end.ids
        gone.nodes.add(end)


def _ends_of(edge: Edge) -> list[Node]:
    return [edge.target] if edge.source is None else [edge.source, edge.target]
