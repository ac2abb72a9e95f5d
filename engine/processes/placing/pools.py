"""Pools one below the other with their lanes, and the message flows between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from engine.processes.bpmn import tag
from engine.processes.placing.geometry import Box, Drawing, Point, straight, text_size
from engine.processes.placing.scope import place
from engine.processes.placing.tree import ident, label_of

LEFT, TOP = 160.0, 80.0
HEADER, EMPTY_HEIGHT, LEAST_WIDTH, BETWEEN = 30.0, 60.0, 600.0, 80.0
LEAST_HEIGHT, TRACK = 120.0, 10.0


@dataclass(frozen=True)
class _Pool:
    name: str
    drawing: Drawing
    lanes: tuple[tuple[str, Box], ...]
    width: float
    height: float


def process_drawing(process: etree._Element) -> Drawing:
    """Return the drawing of a process without a pool; lanes stand as bands of their own."""
    pool = _pool(process, "")
    made = Drawing()
    _put(made, pool, LEFT, TOP, pool.width)
    return made


def pools_drawing(root: etree._Element, collaboration: etree._Element) -> Drawing:
    """Return the drawing of a collaboration: its pools in the order of the file."""
    processes = {ident(node): node for node in root.findall(tag("process"))}
    pools = []
    for participant in collaboration.findall(tag("participant")):
        process = processes.pop(participant.get("processRef") or "", None)
        if process is None:
            empty = _Pool(ident(participant), Drawing(), (), LEAST_WIDTH, EMPTY_HEIGHT)
            pools.append(empty)
        else:
            pools.append(_pool(process, ident(participant)))
    made, y = Drawing(), TOP
    width = max([pool.width for pool in pools] + [LEAST_WIDTH])
    for pool in pools:
        _put(made, pool, LEFT, y, width)
        y += pool.height + BETWEEN
    for process in processes.values():
        pool = _pool(process, "")
        _put(made, pool, LEFT, y, pool.width)
        y += pool.height + BETWEEN
    _Messages(made, [pool.name for pool in pools], root).draw(collaboration)
    return made


def _pool(process: etree._Element, name: str) -> _Pool:
    tree = list(process.iterfind(f"{tag('laneSet')}/{tag('lane')}"))
    leaves = [leaf for lane in tree for leaf in _leaves(lane)]
    placed = place(process, [_members(leaf) for leaf in leaves])
    depth = max((_depth(lane) for lane in tree), default=0)
    head = HEADER if name else 0.0
    inside = head + HEADER * depth
    width = placed.drawing.width + inside
    height = max(placed.drawing.height, placed.bands[-1][1] if placed.bands else 0.0)
    if name:
        height = max(height, LEAST_HEIGHT)
    sides = list(placed.bands[: len(leaves)])
    if sides and len(placed.bands) == len(leaves):
        sides[-1] = (sides[-1][0], height)
    band = {ident(leaf): side for leaf, side in zip(leaves, sides, strict=True)}
    lanes = tuple(_boxes(tree, head, band))
    drawing = Drawing()
    drawing.take(placed.drawing, inside, 0.0)
    return _Pool(name, drawing, lanes, width, height)


def _leaves(lane: etree._Element) -> Iterator[etree._Element]:
    inner = lane.findall(f"{tag('childLaneSet')}/{tag('lane')}")
    if not inner:
        yield lane
    for child in inner:
        yield from _leaves(child)


def _members(lane: etree._Element) -> list[str]:
    return [(ref.text or "").strip() for ref in lane.findall(tag("flowNodeRef"))]


def _depth(lane: etree._Element) -> int:
    inner = lane.findall(f"{tag('childLaneSet')}/{tag('lane')}")
    return 1 + max((_depth(child) for child in inner), default=0)


def _boxes(
    lanes: list[etree._Element], x: float, band: dict[str, tuple[float, float]]
) -> Iterator[tuple[str, Box]]:
    for lane in lanes:
        sides = [band[ident(leaf)] for leaf in _leaves(lane)]
        top, bottom = sides[0][0], sides[-1][1]
        # The width is that of the pool, which is known when all pools are.
        yield ident(lane), Box(x, top, 0.0, bottom - top)
        inner = lane.findall(f"{tag('childLaneSet')}/{tag('lane')}")
        yield from _boxes(inner, x + HEADER, band)


def _put(made: Drawing, pool: _Pool, x: float, y: float, width: float) -> None:
    if pool.name:
        made.shapes[pool.name] = Box(x, y, width, pool.height)
    for name, box in pool.lanes:
        made.shapes[name] = Box(x + box.x, y + box.y, width - box.x, box.height)
    made.take(pool.drawing, x, y)


class _Messages:
    """Message flows go upright out of a pool, level between the pools, upright into the other."""

    def __init__(self, made: Drawing, pools: list[str], root: etree._Element) -> None:
        self._made, self._pools = made, pools
        self._tracks: dict[float, int] = {}
        self._inside = {
            ident(node): [ident(one) for one in node.iterancestors() if ident(one)]
            for node in root.iter(etree.Element)
            if ident(node) in made.shapes
        }
        behind = set(pools) | {ident(lane) for lane in root.iter(tag("lane"))}
        self._solid = {name: box for name, box in made.shapes.items() if name not in behind}

    def draw(self, collaboration: etree._Element) -> None:
        """Add a line and a label for each message flow between two drawn ends."""
        for flow in collaboration.findall(tag("messageFlow")):
            source, target = flow.get("sourceRef") or "", flow.get("targetRef") or ""
            if source not in self._made.shapes or target not in self._made.shapes:
                continue
            points = straight(self._points(source, target))
            self._made.lines[ident(flow)] = points
            if label_of(flow):
                width, height = text_size(label_of(flow))
                x, y = points[-1][0] + 5, (points[-2][1] + points[-1][1] - height) / 2
                self._made.labels[ident(flow)] = Box(x, y, width, height)

    def _points(self, source: str, target: str) -> list[Point]:
        one, two = self._made.shapes[source], self._made.shapes[target]
        home, other = self._pool_of(one), self._pool_of(two)
        down = two.middle[1] >= one.middle[1]
        level = home.bottom + 20 if down else home.y - 20
        if home == other:
            level = home.bottom + 20
        number = self._tracks.get(level, 0)
        self._tracks[level] = number + 1
        level += (TRACK if down else -TRACK) * (number % 5)
        if target in self._pools and source not in self._pools:
            start = self._leave(source, one, two.y if down else two.bottom)
            if two.x < start[-1][0] < two.right:
                return start
        if source in self._pools and target not in self._pools:
            end = self._leave(target, two, one.bottom if down else one.y)
            if one.x < end[-1][0] < one.right:
                return end[::-1]
        if source in self._pools and target in self._pools:
            x = one.middle[0] + 30 * number
            return [(x, one.bottom if down else one.y), (x, two.y if down else two.bottom)]
        start, end = self._leave(source, one, level), self._leave(target, two, level)
        return [*start, *reversed(end)]

    def _pool_of(self, box: Box) -> Box:
        for name in self._pools:
            pool = self._made.shapes[name]
            if pool.x <= box.x and pool.y <= box.y and box.bottom <= pool.bottom:
                return pool
        return box

    def _leave(self, name: str, box: Box, level: float) -> list[Point]:
        """The way from the border of a shape to a height outside, past all other shapes."""
        x, y = box.middle
        side = box.bottom if level > y else box.y
        plain = [(x, side), (x, level)]
        ways = [plain]
        for number in range(1, 12):
            ways += [
                [(box.right, y), (box.right + 6 * number, y), (box.right + 6 * number, level)],
                [(box.x, y), (box.x - 6 * number, y), (box.x - 6 * number, level)],
            ]
        return next((way for way in ways if self._is_clear(name, way)), plain)

    def _is_clear(self, name: str, way: list[Point]) -> bool:
        around = {name, *self._inside.get(name, ())}
        return not any(
            box.crossed(one, two)
            for other, box in self._solid.items()
            if other not in around
            for one, two in pairwise(way)
        )
