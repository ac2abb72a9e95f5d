"""The requirements of a table and their diagram follow its columns."""

import re
from collections.abc import Collection, Iterator

from engine.decisions.dmn_source import Node, Source, Splice, escape_value

WIDTH, HEIGHT, GAP = 150, 45, 20  # of an input data in our diagrams
FEEL = ("inputExpression", "inputEntry", "outputEntry", "defaultOutputEntry")
QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')


def redrawn(data: bytes, decision: str, gone: Collection[str], come: Collection[str]) -> bytes:
    """Return the DMN file without the requirements of facts that the table asks for no more.

    `gone` and `come` are names of facts. Input data that nothing else requires goes as well, with
    its shape and edges; what some text of the table still names stays. Where the decision is
    drawn, input data that came is drawn beside the others.
    """
    source = Source(data)
    node = next(
        one
        for one in source.root.below("decision")
        if (one.attributes.get("id") or one.attributes.get("name")) == decision
    )
    splices = [*_removed(source, node, gone), *_drawn(source, node, come)]
    return source.with_splices(0, len(data), splices)


def _name(node: Node) -> str | None:
    return (node.child("variable") or node).attributes.get("name")


def _needs(decision: Node) -> Iterator[tuple[Node, str]]:
    """The requirements of input data with the id that each names."""
    for need in decision.below("informationRequirement"):
        for target in need.below("requiredInput"):
            yield need, target.attributes.get("href", "").removeprefix("#")


def _removed(source: Source, decision: Node, gone: Collection[str]) -> Iterator[Splice]:
    said = _said(source, decision)
    named = {
        mark: one for one in source.root.below("inputData") if (mark := one.attributes.get("id"))
    }
    marks: set[str | None] = set()
    for need, mark in _needs(decision):
        data = named.get(mark)
        name = None if data is None else _name(data)
        if data is None or name not in gone or source.encode(name or "") in said:
            continue
        yield _without(source, need)
        marks.add(need.attributes.get("id"))
        if not any(_points(one, mark) for one in _others(source, need)):
            yield _without(source, data)
            marks.add(mark)
    marks.discard(None)
    for part in source.root.walk():
        if part.attributes.get("dmnElementRef") in marks:
            yield _without(source, part)


def _said(source: Source, decision: Node) -> bytes:
    """All FEEL of a table without the texts in quotes."""
    texts = [
        source.data[part.opened : part.closing].replace(b"&quot;", b'"')
        for part in decision.walk()
        if part.name in FEEL
    ]
    return b"\n".join(QUOTED.sub(b"", text) for text in texts)


def _others(source: Source, need: Node) -> Iterator[Node]:
    """Every element but those of one requirement."""
    own = {id(part) for part in need.walk()}
    return (part for part in source.root.walk() if id(part) not in own)


def _points(node: Node, mark: str) -> bool:
    return node.attributes.get("href", "") == f"#{mark}"


def _without(source: Source, node: Node) -> Splice:
    return Splice(node.start - len(source.indent(node)), node.end, b"")


def _drawn(source: Source, decision: Node, come: Collection[str]) -> Iterator[Splice]:
    shapes = [part for part in source.root.walk() if part.name == "DMNShape"]
    drawn = {shape.attributes.get("dmnElementRef"): shape for shape in shapes}
    home = drawn.get(decision.attributes.get("id"))
    inputs = {one.attributes.get("id"): one for one in source.root.below("inputData")}
    if home is None or (frame := _frame(home)) is None:
        return
    beside = [_frame(shape) for mark, shape in drawn.items() if mark in inputs]
    known = [one for one in beside if one is not None]
    top = max((one[1] for one in known), default=frame[1] + frame[3] + 3 * HEIGHT)
    left = max((one[0] + one[2] + GAP for one in known), default=frame[0])
    for need, mark in _needs(decision):
        data = inputs.get(mark)
        if data is None or mark in drawn or _name(data) not in come:
            continue
        text = _shape(source, home, mark, need, (left, top), frame)
        yield Splice(home.end, home.end, text)
        left += WIDTH + GAP


def _frame(shape: Node) -> tuple[float, float, float, float] | None:
    """Left, top, width and height of a shape; None where they are no numbers."""
    bounds = next((part for part in shape.children if part.name == "Bounds"), None)
    try:
        said = [float((bounds or shape).attributes[name]) for name in ("x", "y", "width", "height")]
    except (KeyError, ValueError):
        return None
    return said[0], said[1], said[2], said[3]


def _shape(
    source: Source,
    home: Node,
    mark: str,
    need: Node,
    at: tuple[float, float],
    frame: tuple[float, float, float, float],
) -> bytes:
    """Shape and edge of an input data, in the prefixes of the decision's own shape."""
    bounds = next(part for part in home.children if part.name == "Bounds")
    own, size = source.prefix(home), source.prefix(bounds)
    indent = source.indent(home).decode()
    left, top = at
    text = (
        f'{indent}<{own}DMNShape id="{_safe(mark)}-shape" dmnElementRef="{_safe(mark)}">'
        f'<{size}Bounds x="{left:g}" y="{top:g}" width="{WIDTH}" height="{HEIGHT}"/>'
        f"</{own}DMNShape>"
    )
    lines = _prefix(source, "http://www.omg.org/spec/DMN/20180521/DI/")
    name = need.attributes.get("id")
    if lines is not None and name is not None:
        middle, foot = frame[0] + frame[2] / 2, frame[1] + frame[3]
        text += (
            f'{indent}<{own}DMNEdge id="{_safe(name)}-edge" dmnElementRef="{_safe(name)}">'
            f'<{lines}waypoint x="{left + WIDTH / 2:g}" y="{top:g}"/>'
            f'<{lines}waypoint x="{middle:g}" y="{foot:g}"/></{own}DMNEdge>'
        )
    return source.encode(text)


def _safe(text: str) -> str:
    return escape_value(text)


def _prefix(source: Source, space: str) -> str | None:
    """The prefix that the file has for a namespace, with its colon."""
    found = re.search(rb"""xmlns:([^\s=]+)\s*=\s*["']""" + re.escape(space.encode()), source.data)
    return None if found is None else f"{found.group(1).decode()}:"
