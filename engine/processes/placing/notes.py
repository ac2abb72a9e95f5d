"""Text annotations and drawn data: above the node they belong to, or in a row at the bottom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.placing.geometry import Box, Drawing, Point, text_size
from engine.processes.placing.tree import (
    DATA,
    DATA_SIZE,
    NOTE_WIDTH,
    NOTES,
    data_lines,
    ident,
    label_of,
)

APART = 20.0


@dataclass
class Notes:
    """The notes of a scope: those at each node, the others, and the lines to them."""

    at: dict[str, list[str]] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    sizes: dict[str, tuple[float, float]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    lines: list[tuple[str, str, str]] = field(default_factory=list)

    def height(self, name: str) -> float:
        """Return the room that the notes of a node need above it."""
        found = self.at.get(name, [])
        return max((self._tall(note) for note in found), default=-APART) + APART

    def width(self, name: object) -> float:
        """Return the room that the notes of a node need side by side."""
        found = self.at.get(str(name), [])
        return sum(self._wide(note) + APART for note in found) - APART

    def _tall(self, note: str) -> float:
        label = self.labels.get(note, "")
        return self.sizes[note][1] + (text_size(label)[1] + 4 if label else 0)

    def _wide(self, note: str) -> float:
        label = self.labels.get(note, "")
        return max(self.sizes[note][0], text_size(label)[0] if label else 0)

    def put(self, made: Drawing) -> None:
        """Put the notes above their nodes, which have their places."""
        for name, notes in self.at.items():
            box = made.shapes[name]
            x = box.middle[0] - self.width(name) / 2
            label = made.labels.get(name)
            top = min(box.y, label.y) if label is not None else box.y
            for note in notes:
                self._draw(made, note, x, top - APART - self._tall(note))
                x += self._wide(note) + APART

    def loose(self, made: Drawing) -> None:
        """Put the notes of no node in a row below everything, then draw all lines."""
        x = APART
        top = made.height
        for note in self.rest:
            self._draw(made, note, x, top)
            x += self._wide(note) + APART
            made.height = max(made.height, top + self._tall(note) + APART)
            made.width = max(made.width, x)
        for name, source, target in self.lines:
            one, two = _place(made, source), _place(made, target)
            if one is not None and two is not None:
                made.lines[name] = [_border(one, two), _border(two, one)]

    def _draw(self, made: Drawing, note: str, x: float, y: float) -> None:
        width, height = self.sizes[note]
        made.shapes[note] = Box(x + (self._wide(note) - width) / 2, y, width, height)
        label = self.labels.get(note, "")
        if label:
            size = text_size(label)
            left = x + (self._wide(note) - size[0]) / 2
            made.labels[note] = Box(left, y + height + 2, *size)


def notes_of(scope: etree._Element, nodes: Mapping[str, object], host: Mapping[str, str]) -> Notes:
    """Return the notes that stand directly in a scope, each at the first node it is joined to."""
    notes = Notes()
    for node in scope:
        if kind(node) in NOTES:
            text = node.findtext(tag("text")) or ""
            height = text_size(text, NOTE_WIDTH - 25)[1] + 16
            notes.sizes[ident(node)] = (NOTE_WIDTH, max(30.0, height))
        elif kind(node) in DATA:
            notes.sizes[ident(node)] = DATA_SIZE
            notes.labels[ident(node)] = label_of(node)
    for line in scope.findall(tag("association")):
        ends = line.get("sourceRef") or "", line.get("targetRef") or ""
        if not (set(ends) <= set(nodes) | set(host)) or host.get(ends[0]) == ends[1]:
            notes.lines.append((ident(line), *ends))
    notes.lines += list(data_lines(scope))
    placed: set[str] = set()
    for _, *joined in notes.lines:
        for note, other in (joined, reversed(joined)):
            name = host.get(other, other)
            if note in notes.sizes and name in nodes and note not in placed:
                placed.add(note)
                notes.at.setdefault(name, []).append(note)
    notes.rest = [note for note in notes.sizes if note not in placed]
    return notes


def _place(made: Drawing, name: str) -> Box | None:
    if name in made.shapes:
        return made.shapes[name]
    points = made.lines.get(name)
    if not points:
        return None
    one, two = points[(len(points) - 1) // 2 : (len(points) - 1) // 2 + 2]
    return Box((one[0] + two[0]) / 2, (one[1] + two[1]) / 2, 0.0, 0.0)


def _border(box: Box, other: Box) -> Point:
    """The point on the border of a box that looks at another one."""
    (x, y), (tx, ty) = box.middle, other.middle
    if ty + other.height / 2 <= box.y:
        return min(max(tx, box.x), box.right), box.y
    if ty - other.height / 2 >= box.bottom:
        return min(max(tx, box.x), box.right), box.bottom
    return (box.right if tx > x else box.x), y
