"""Layers from left to right and an order in each that crosses few lines (Sugiyama's method)."""

from bisect import bisect_left, insort
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise

Key = Hashable
Edge = tuple[Key, Key]
SWEEPS = 8


def back_edges(nodes: Sequence[Key], edges: Sequence[Edge], first: Sequence[Key]) -> set[int]:
    """Return the places of the edges that lead back, seen from `first` and then in order.

    Without them the graph has no circle. Walks in depth, in the order of the edges.
    """
    out: dict[Key, list[int]] = {node: [] for node in nodes}
    for number, (source, _) in enumerate(edges):
        out[source].append(number)
    state: dict[Key, int] = {}
    back: set[int] = set()
    for root in dict.fromkeys([*first, *nodes]):
        if root in state:
            continue
        state[root] = 1
        path = [(root, iter(out[root]))]
        while path:
            node, rest = path[-1]
            number = next(rest, -1)
            if number < 0:
                state[node] = 2
                path.pop()
                continue
            target = edges[number][1]
            if state.get(target) == 1:
                back.add(number)
            elif target not in state:
                state[target] = 1
                path.append((target, iter(out[target])))
    return back


def layer_of(
    nodes: Sequence[Key], edges: Sequence[Edge], anchored: frozenset[Key] = frozenset()
) -> dict[Key, int]:
    """Return the layer of each node: the longest way to it, in a graph without circles.

    A node that nothing leads to stands right before what it leads to, unless it is `anchored`.
    """
    out: dict[Key, list[Key]] = {node: [] for node in nodes}
    waits = dict.fromkeys(nodes, 0)
    for source, target in edges:
        out[source].append(target)
        waits[target] += 1
    free = [node for node in nodes if not waits[node]]
    sources = [node for node in free if node not in anchored and out[node]]
    layers = dict.fromkeys(nodes, 0)
    for node in free:
        for target in out[node]:
            layers[target] = max(layers[target], layers[node] + 1)
            waits[target] -= 1
            if not waits[target]:
                free.append(target)
    for node in sources:
        layers[node] = max(0, min(layers[target] for target in out[node]) - 1)
    return layers


def ordered(
    layers: list[list[Key]], edges: Sequence[Edge], band: Mapping[Key, int]
) -> list[list[Key]]:
    """Return the layers with their members in an order that crosses few lines.

    `edges` join neighbouring layers; members of a smaller band always stand above those of a
    larger one. Barycentre sweeps there and back, the best order wins; the first one counts too.
    """
    before: dict[Key, list[Key]] = {}
    after: dict[Key, list[Key]] = {}
    for source, target in edges:
        after.setdefault(source, []).append(target)
        before.setdefault(target, []).append(source)
    here = [sorted(layer, key=lambda key: band[key]) for layer in layers]
    best, least = [list(layer) for layer in here], crossings(here, after)
    for sweep in range(SWEEPS):
        if not least:
            break
        forward = sweep % 2 == 0
        numbers = range(1, len(here)) if forward else range(len(here) - 2, -1, -1)
        for number in numbers:
            beside = here[number - 1 if forward else number + 1]
            near = before if forward else after
            here[number] = _sorted(here[number], beside, near, band)
        found = crossings(here, after)
        if found < least:
            best, least = [list(layer) for layer in here], found
    return best


def _sorted(
    layer: list[Key], beside: list[Key], near: Mapping[Key, list[Key]], band: Mapping[Key, int]
) -> list[Key]:
    place = {key: number for number, key in enumerate(beside)}
    scale = len(beside) / max(len(layer), 1)
    weights = {}
    for number, key in enumerate(layer):
        known = [place[one] for one in near.get(key, []) if one in place]
        weights[key] = sum(known) / len(known) if known else number * scale
    return sorted(layer, key=lambda key: (band[key], weights[key]))


def crossings(layers: Sequence[Sequence[Key]], after: Mapping[Key, Sequence[Key]]) -> int:
    """Return how many pairs of lines between neighbouring layers cross."""
    total = 0
    for left, right in pairwise(layers):
        place = {key: number for number, key in enumerate(right)}
        seen: list[int] = []
        for key in left:
            ends = sorted(place[target] for target in after.get(key, ()) if target in place)
            for end in ends:
                total += len(seen) - bisect_left(seen, end + 1)
            for end in ends:
                insort(seen, end)
    return total
