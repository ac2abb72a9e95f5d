"""Steps and working days read off a diagram, against what is promised for the matters it serves.

The longest way from start to end counts: of parallel branches the longest, since all must end.
What stands behind an event on the edge of an activity, and event sub-processes, do not count.
Source: the limits of each matter type; 行政许可法 art. 45 for steps whose time is not counted.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.processes.bpmn import (
    STEPS,
    called_elsewhere,
    event_definitions,
    extension,
    flows,
    kind,
    link_name,
    tag,
)
from engine.processes.findings import Finding, at
from engine.processes.proving.ways import body_of, steps_in
from engine.processes.step import step_of

NUMBER = re.compile("[0-9]{1,4}")


@dataclass(frozen=True)
class Limit:
    """The most steps and working days of a process; None where nothing is promised."""

    steps: int | None
    days: int | None


@dataclass(frozen=True)
class _Way:
    """A way through a scope: how much it counts, and the drawn ids it passes."""

    sum: int
    path: tuple[str, ...]


def strictest(promises: Iterable[tuple[str, Limit]]) -> dict[str, Limit]:
    """Return for each process the least of what is promised where it is used."""
    found: dict[str, Limit] = {}
    for process, limit in promises:
        held = found.get(process, limit)
        found[process] = Limit(_least(held.steps, limit.steps), _least(held.days, limit.days))
    return found


def check_limits(root: etree._Element, limits: Mapping[str, Limit]) -> list[Finding]:
    """Return what is beyond the limits in a file that has passed the lint and is sound.

    A process without a limit is not looked at. `hall:limit` on a process sets other limits in
    place of those of its matters, with the legal basis for it.

    Codes: `process.too_many_steps` (also steps: their names) and `process.too_many_days` (found,
    limit, path: the longest way), `process.unbounded_days` (path: the elements of a loop that may
    take any number of days), `process.limit_basis`, `process.limit_value` (word, value).
    """
    found: list[Finding] = []
    for process in root.findall(tag("process")):
        limit = limits.get(process.get("id") or "")
        said = extension(process, "limit")
        if said is not None:
            wrong = list(_misspelt(process, said))
            found += wrong
            if not wrong:
                limit = _instead(said, limit)
        if limit is not None:
            found += _beyond(process, limit)
    return found


def _misspelt(process: etree._Element, said: etree._Element) -> Iterable[Finding]:
    if not (said.get("basis") or "").strip():
        yield at(process, "process.limit_basis")
    for word in ("steps", "days"):
        value = said.get(word)
        if value is not None and not NUMBER.fullmatch(value):
            yield at(process, "process.limit_value", word=word, value=value)


def _instead(said: etree._Element, limit: Limit | None) -> Limit:
    steps, days = said.get("steps"), said.get("days")
    held = limit or Limit(None, None)
    return Limit(
        held.steps if steps is None else int(steps), held.days if days is None else int(days)
    )


def _beyond(process: etree._Element, limit: Limit) -> Iterable[Finding]:
    if limit.steps is not None:
        way = _longest(process, days=False)
        if way.sum > limit.steps:
            steps = _steps_on(process, way)
            yield at(process, "process.too_many_steps", **_told(way, limit.steps), steps=steps)
    if limit.days is not None:
        loop = _unbounded(process)
        if loop:
            yield at(_by_id(process, loop[0]), "process.unbounded_days", path=list(loop))
        way = _longest(process, days=True)
        if way.sum > limit.days:
            yield at(process, "process.too_many_days", **_told(way, limit.days))


def _told(way: _Way, limit: int) -> dict[str, object]:
    return {"found": way.sum, "limit": limit, "path": list(way.path)}


def _steps_on(process: etree._Element, way: _Way) -> str:
    """The steps of a way by name, in their order."""
    drawn = {node.get("id"): node for node in process.iter() if _is_step(node)}
    return " > ".join(drawn[name].get("name") or name for name in way.path if name in drawn)


def _longest(scope: etree._Element, *, days: bool) -> _Way:
    """The way through a scope that counts most; a loop is gone through once."""
    nodes = {node.get("id") or "": node for node in _counted(scope)}
    ways = _ways_on(scope, nodes)
    best: dict[str, _Way] = {}
    for name in _last_first(nodes, ways):
        ahead = [
            _Way(best[target].sum, (flow, *best[target].path) if flow else best[target].path)
            for flow, target in ways[name]
            if target in best
        ]
        rest = max(ahead, key=lambda way: way.sum, default=_Way(0, ()))
        own = _own(nodes[name], days=days)
        best[name] = _Way(own.sum + rest.sum, (*own.path, *rest.path))
    begins = [best[name] for name, node in nodes.items() if _begins(node, name, ways)]
    return max(begins, key=lambda way: way.sum, default=_Way(0, ()))


def _own(node: etree._Element, *, days: bool) -> _Way:
    """What one element counts, with what runs inside it."""
    name = node.get("id") or ""
    inside = body_of(node)
    if inside is not None:
        way = _longest(inside, days=days)
        return _Way(way.sum * (_turns(node) or 1 if days else 1), (name, *way.path))
    if not _is_step(node):
        return _Way(0, (name,))
    return _Way(_days(node) * (_turns(node) or 1) if days else 1, (name,))


def _is_step(node: etree._Element) -> bool:
    return kind(node) in STEPS or called_elsewhere(node) is not None


def _days(node: etree._Element) -> int:
    step = step_of(node, None)
    return 0 if step.stops_clock else step.days or 0


def _turns(node: etree._Element) -> int | None:
    """How often an element is done, one time after the other; None if nobody can say."""
    loop = node.find(tag("standardLoopCharacteristics"))
    if loop is not None:
        most = loop.get("loopMaximum") or ""
        return int(most) if NUMBER.fullmatch(most) else None
    several = node.find(tag("multiInstanceLoopCharacteristics"))
    if several is not None and several.get("isSequential") == "true":
        times = (several.findtext(tag("loopCardinality")) or "").strip()
        return int(times) if NUMBER.fullmatch(times) else None
    return 1


def _unbounded(scope: etree._Element) -> tuple[str, ...]:
    """The elements of a loop with counted days that neither stops the clock nor has a cap."""
    nodes = {node.get("id") or "": node for node in _counted(scope)}
    for name, node in nodes.items():
        if _turns(node) is None and _own(node, days=True).sum:
            return (name,)
        inside = body_of(node)
        loop = () if inside is None else _unbounded(inside)
        if loop:
            return (name, *loop)
    ways = _ways_on(scope, nodes)
    for loop in _loops(nodes, ways):
        stops = any(_stops(nodes[name]) for name in loop)
        if not stops and any(_own(nodes[name], days=True).sum for name in loop):
            return loop
    return ()


def _stops(node: etree._Element) -> bool:
    inside = body_of(node)
    if inside is not None:
        return any(_stops(one) for one in _counted(inside))
    return _is_step(node) and step_of(node, None).stops_clock is not None


Ways = Mapping[str, list[tuple[str, str]]]


def _counted(scope: etree._Element) -> list[etree._Element]:
    return [node for node in steps_in(scope) if kind(node) != "boundaryEvent"]


def _ways_on(scope: etree._Element, nodes: Mapping[str, etree._Element]) -> Ways:
    """The flows out of each element, with their targets; a link is a flow without an id."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in nodes}
    for flow in flows(scope):
        source, target = flow.get("sourceRef") or "", flow.get("targetRef") or ""
        if source in found and target in found:
            found[source].append((flow.get("id") or "", target))
    links: dict[str, list[str]] = {}
    for name, node in nodes.items():
        if kind(node) == "intermediateCatchEvent" and "link" in event_definitions(node):
            links.setdefault(link_name(node), []).append(name)
    for name, node in nodes.items():
        if kind(node) == "intermediateThrowEvent" and "link" in event_definitions(node):
            found[name] += [("", target) for target in links.get(link_name(node), [])]
    return found


def _begins(node: etree._Element, name: str, ways: Ways) -> bool:
    return kind(node) == "startEvent" or not any(
        target == name for out in ways.values() for _, target in out
    )


def _last_first(nodes: Mapping[str, etree._Element], ways: Ways) -> list[str]:
    """The elements, each behind all those that it leads to, but for ways back."""
    done: list[str] = []
    seen: set[str] = set()
    order = sorted(nodes, key=lambda name: kind(nodes[name]) != "startEvent")
    for first in order:
        if first in seen:
            continue
        seen.add(first)
        stack = [(first, iter(ways[first]))]
        while stack:
            name, ahead = stack[-1]
            step = next((target for _, target in ahead if target not in seen), None)
            if step is None:
                done.append(name)
                stack.pop()
            else:
                seen.add(step)
                stack.append((step, iter(ways[step])))
    return done


def _loops(nodes: Mapping[str, etree._Element], ways: Ways) -> list[tuple[str, ...]]:
    """The sets of elements that lead to one another, each in the order of the drawing's ways."""
    back: dict[str, list[str]] = {name: [] for name in nodes}
    for name, out in ways.items():
        for _, target in out:
            back[target].append(name)
    order = _last_first(nodes, ways)[::-1]
    seen: set[str] = set()
    found = []
    for first in order:
        if first in seen:
            continue
        seen.add(first)
        members, reached = {first}, [first]
        while reached:
            for name in back[reached.pop()]:
                if name not in seen:
                    seen.add(name)
                    members.add(name)
                    reached.append(name)
        if len(members) > 1 or any(target == first for _, target in ways[first]):
            found.append(tuple(name for name in order if name in members))
    return found


def _by_id(scope: etree._Element, name: str) -> etree._Element:
    return next(node for node in scope.iter() if node.get("id") == name)


def _least(one: int | None, other: int | None) -> int | None:
    given = [number for number in (one, other) if number is not None]
    return min(given, default=None)
