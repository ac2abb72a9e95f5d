"""One process or sub-process as a drawing: layers, bands for lanes, lines that cross no node."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.placing.geometry import Box, Drawing, Point, straight, text_size
from engine.processes.placing.layers import Key, back_edges, layer_of, ordered
from engine.processes.placing.notes import Notes, notes_of
from engine.processes.placing.rows import Slot, heights
from engine.processes.placing.tracks import APART, Rise, tracks
from engine.processes.placing.tree import fixed_size, flow_nodes, ident, label_of

GRID = 10.0
CHANNEL, EDGE = 50.0, 20.0
PAD, TITLE = 20.0, 30.0
LEAST_BAND = 120.0
BOUNDARY = 18.0
LOOSE_COLUMNS = 4
ATTACHED_APART, ATTACHED_LABEL = 46.0, 44.0


@dataclass(frozen=True)
class Line:
    """A flow between two nodes of the scope; `start` is the boundary event it leaves, if any."""

    id: str
    source: str
    target: str
    start: str
    name: str


@dataclass
class Plan:
    """What is known of a scope while it is placed; heights and widths in pixels."""

    sizes: dict[str, tuple[float, float]]
    inner: dict[str, Drawing]
    attached: dict[str, list[etree._Element]]
    lines: list[Line]
    notes: Notes
    named: dict[str, str]
    gates: frozenset[str]
    layer: dict[str, int] = field(default_factory=dict)
    band: dict[Key, int] = field(default_factory=dict)
    columns: list[list[Key]] = field(default_factory=list)
    chains: dict[str, list[Key]] = field(default_factory=dict)
    back: list[Line] = field(default_factory=list)
    slots: dict[Key, Slot] = field(default_factory=dict)
    y: dict[Key, float] = field(default_factory=dict)
    under: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """A drawing from (0, 0) and the upper and lower side of each band in it."""

    drawing: Drawing
    bands: tuple[tuple[float, float], ...]


def place(scope: etree._Element, bands: Sequence[Sequence[str]] = ()) -> Placed:
    """Return the drawing of a scope; `bands` are the ids of the nodes of each lane.

    Nodes in no lane stand in a band below the others.
    """
    plan = _read(scope)
    lane = {name: number for number, names in enumerate(bands) for name in names}
    plan.band = {name: lane.get(name, len(bands)) for name in plan.sizes}
    _layers(plan, [ident(node) for node in flow_nodes(scope) if kind(node) == "startEvent"])
    sides = _rows(plan, max(len(bands), 1))
    drawing = Routes(plan).drawing()
    plan.notes.loose(drawing)
    return Placed(drawing, sides)


def _read(scope: etree._Element) -> Plan:
    inner: dict[str, Drawing] = {}
    sizes: dict[str, tuple[float, float]] = {}
    attached: dict[str, list[etree._Element]] = {}
    named = {}
    for node in flow_nodes(scope):
        named[ident(node)] = label_of(node)
        if kind(node) == "boundaryEvent":
            attached.setdefault(node.get("attachedToRef") or "", []).append(node)
            continue
        size = fixed_size(node)
        if size is None:
            drawing = place(node).drawing
            inner[ident(node)] = drawing
            size = max(drawing.width + 2 * PAD, 140.0), drawing.height + TITLE + PAD
        sizes[ident(node)] = size
    host = {ident(event): name for name, events in attached.items() for event in events}
    for name in set(attached) - set(sizes):
        # A boundary event on nothing still needs a place to be seen.
        for event in attached.pop(name):
            sizes[ident(event)] = (36.0, 36.0)
            host.pop(ident(event))
    gates = {ident(node) for node in flow_nodes(scope) if kind(node).endswith("Gateway")}
    return Plan(
        sizes, inner, attached, _lines(scope, sizes, host), notes_of(scope, sizes, host), named,
        frozenset(gates),
    )  # fmt: skip


def _lines(
    scope: etree._Element, sizes: Mapping[str, object], host: Mapping[str, str]
) -> list[Line]:
    found = []
    for flow in scope.findall(tag("sequenceFlow")) + scope.findall(tag("association")):
        start, target = flow.get("sourceRef") or "", flow.get("targetRef") or ""
        source = host.get(start, start)
        if kind(flow) == "association" and source == host.get(target, target):
            continue
        if source in sizes and target in sizes:
            boundary = start if start in host else ""
            found.append(Line(ident(flow), source, target, boundary, label_of(flow)))
    return found


def _layers(plan: Plan, starts: Sequence[str]) -> None:
    names = list(plan.sizes)
    pairs = [(line.source, line.target) for line in plan.lines]
    entered = {target for source, target in pairs if source != target}
    free = [name for name in names if name not in entered]
    back = back_edges(names, pairs, [*starts, *free])
    plan.back = [line for number, line in enumerate(plan.lines) if number in back]
    ahead = [line for number, line in enumerate(plan.lines) if number not in back]
    layers = layer_of(names, [(line.source, line.target) for line in ahead], frozenset(starts))
    joined = {name for pair in pairs for name in pair}
    columns = max((layers[name] for name in joined), default=LOOSE_COLUMNS - 1) + 1
    for number, name in enumerate(name for name in names if name not in joined):
        layers[name] = number % max(columns, 1)
    plan.layer = {name: layers[name] for name in names}
    plan.columns = [[] for _ in range(max(plan.layer.values(), default=0) + 1)]
    for name in sorted(names, key=lambda name: name not in joined):
        plan.columns[plan.layer[name]].append(name)
    edges: list[tuple[Key, Key]] = []
    for line in ahead:
        chain: list[Key] = [line.source]
        for number in range(plan.layer[line.source] + 1, plan.layer[line.target]):
            bend = ("bend", line.id, number)
            plan.columns[number].append(bend)
            plan.band[bend] = plan.band[line.target]
            plan.slots[bend] = Slot(GRID, GRID, bend=True)
            chain.append(bend)
        plan.chains[line.id] = [*chain, line.target]
        edges += pairwise(plan.chains[line.id])
    plan.columns = ordered(plan.columns, edges, plan.band)


def _slot(plan: Plan, name: str) -> Slot:
    """The room of a node: itself, its label, the notes above and the boundary events below."""
    _, height = plan.sizes[name]
    up = down = height / 2
    label = plan.named.get(name, "")
    if label:
        room = text_size(label)[1] + 6
        up, down = (up + room, down) if name in plan.gates else (up, down + room)
    up += plan.notes.height(name)
    events = plan.attached.get(name, [])
    if events:
        leaving = sum(any(line.start == ident(event) for line in plan.lines) for event in events)
        labels = max(text_size(plan.named[ident(e)], ATTACHED_LABEL)[1] for e in events)
        down += BOUNDARY + labels + 6 + 20 * leaving
    return Slot(-(-up // GRID) * GRID, -(-down // GRID) * GRID)


def _rows(plan: Plan, bands: int) -> tuple[tuple[float, float], ...]:
    """Give each member its height, band below band; return the sides of the bands."""
    for name in plan.sizes:
        plan.slots[name] = _slot(plan, name)
    edges = [pair for chain in plan.chains.values() for pair in pairwise(chain)]
    count = max([bands, *(number + 1 for number in plan.band.values())])
    sides, top = [], 0.0
    for band in range(count):
        columns = [[key for key in layer if plan.band[key] == band] for layer in plan.columns]
        inside = [(a, b) for a, b in edges if plan.band[a] == band == plan.band[b]]
        found = heights(columns, inside, plan.slots)
        below = _loops(plan, band, columns, found)
        first = min((y - plan.slots[key].up for key, y in found.items()), default=0.0)
        last = max([y + plan.slots[key].down for key, y in found.items()] + below, default=0.0)
        height = last - first + 2 * PAD
        slack = 0.0
        if count > 1 and height < LEAST_BAND:
            slack = (LEAST_BAND - height) // (2 * GRID) * GRID
            height = LEAST_BAND
        shift = top - first + PAD + slack
        plan.y.update({key: y + shift for key, y in found.items()})
        for line in plan.back:
            if plan.band[line.target] == band:
                plan.under[line.id] += shift
        sides.append((top, top + height))
        top += height
    return tuple(sides)


def _loops(
    plan: Plan, band: int, columns: Sequence[Sequence[Key]], found: Mapping[Key, float]
) -> list[float]:
    """Give each line that leads back a level of its own below what it passes."""
    lowest = [
        max((found[key] + plan.slots[key].down for key in layer), default=0.0) for layer in columns
    ]
    mine = [line for line in plan.back if plan.band[line.target] == band]
    for line in sorted(mine, key=lambda line: plan.layer[line.source] - plan.layer[line.target]):
        first, last = plan.layer[line.target], plan.layer[line.source]
        y = max(lowest[first : last + 1]) + 2 * GRID
        plan.under[line.id] = y
        for number in range(first, last + 1):
            lowest[number] = y
    return [plan.under[line.id] for line in mine]


class Routes:
    """Columns get their x, and lines their points, from the heights of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._rises: list[list[Rise]] = [[] for _ in range(len(plan.columns) + 1)]
        self._room = [0.0] * (len(plan.columns) + 1)
        self._tracks: list[Mapping[Key, int]] = []
        self._left: list[float] = []
        self._start: list[float] = []
        self._apart: list[float] = []

    def drawing(self) -> Drawing:
        """Return the finished drawing from (0, 0)."""
        plan = self.plan
        paths = {line.id: self._path(line) for line in plan.lines}
        self._columns()
        made = Drawing()
        for name, (width, height) in plan.sizes.items():
            x, y = self._middle(name) - width / 2, plan.y[name] - height / 2
            made.shapes[name] = Box(x, y, width, height)
            if name in plan.inner:
                made.take(plan.inner[name], x + PAD, y + TITLE)
            self._attach(made, name)
        for line in plan.lines:
            made.lines[line.id] = straight(self._points(made, line, paths[line.id]))
            _name_line(made, line)
        leaving = {points[0] for points in made.lines.values()}
        coming = {points[-1] for points in made.lines.values()}
        for name in plan.sizes:
            _label(made, name, plan.named.get(name, ""), name in plan.gates, (leaving, coming))
        plan.notes.put(made)
        made.width = self._left[-1] + self._width(len(self._left) - 1)
        bottoms = [box.bottom for box in made.shapes.values()] + list(plan.under.values())
        bottoms += [box.bottom for box in made.labels.values()]
        made.height = max(bottoms, default=0.0) + PAD
        return made

    def _path(self, line: Line) -> list[tuple[int, float, float, Key]]:
        """The rises of a line: channel, from which height to which, on whose track."""
        plan = self.plan
        if line.id in plan.chains:
            chain = plan.chains[line.id]
            steps = []
            for number, (one, two) in enumerate(pairwise(chain)):
                enters = self.leaves_at(line) if number == 0 else plan.y[one]
                trunk: Key = ("out", line.start or line.source) if number == 0 else line.id
                channel = plan.layer[line.source] + number + 1
                if not (self._drops(line, number) or self._joins(line, number)):
                    steps.append((channel, enters, plan.y[two], trunk))
        else:
            level = plan.under[line.id]
            first, last = plan.layer[line.source] + 1, plan.layer[line.target]
            steps = []
            if not self._below(line, line.source):
                steps.append((first, self.leaves_at(line), level, ("back", line.id)))
            if not self._below(line, line.target) or line.source == line.target:
                steps.append((last, level, plan.y[line.target], ("into", line.id)))
        for channel, enters, leaves, trunk in steps:
            if enters != leaves:
                self._rises[channel].append(Rise(trunk, enters, leaves))
        if line.name:
            channel = plan.layer[line.source] + 1
            self._room[channel] = max(self._room[channel], text_size(line.name)[0] + GRID)
        return steps

    def leaves_at(self, line: Line) -> float:
        """The height at which a line leaves its node: the middle, or below for boundary events."""
        plan = self.plan
        y = plan.y[line.source]
        if not line.start:
            return y
        leaving = [
            ident(event)
            for event in plan.attached[line.source]
            if any(other.start == ident(event) for other in plan.lines)
        ]
        labels = max(
            text_size(plan.named[ident(e)], ATTACHED_LABEL)[1] for e in plan.attached[line.source]
        )
        base = y + plan.sizes[line.source][1] / 2 + BOUNDARY + labels + 6
        return -(-(base + 20 * leaving.index(line.start)) // GRID) * GRID - GRID

    def _free(self, number: int, name: Key, other: float) -> bool:
        """Whether nothing stands between a node and a height in the node's own column."""
        plan = self.plan
        low, high = sorted((plan.y[name], other))
        return not any(
            plan.y[key] - plan.slots[key].up < high + GRID
            and plan.y[key] + plan.slots[key].down > low - GRID
            for key in plan.columns[number]
            if key != name
        ) and not any(
            low - GRID < level < high + GRID
            for line_id, level in plan.under.items()
            for line in plan.back
            if line.id == line_id and plan.layer[line.target] <= number <= plan.layer[line.source]
        )

    def _drops(self, line: Line, number: int) -> bool:
        """Whether a line leaves a splitting gateway at its upper or lower corner."""
        plan = self.plan
        if number or line.source not in plan.gates or line.start:
            return False
        out = [other for other in plan.lines if other.source == line.source]
        target = plan.y[plan.chains[line.id][1]]
        return (
            len(out) > 1
            and abs(target - plan.y[line.source]) > 30
            and self._free(plan.layer[line.source], line.source, target)
        )

    def _joins(self, line: Line, number: int) -> bool:
        """Whether a line enters a joining gateway at its upper or lower corner."""
        plan = self.plan
        chain = plan.chains[line.id]
        if number != len(chain) - 2 or line.target not in plan.gates:
            return False
        into = [other for other in plan.lines if other.target == line.target]
        out = [other for other in plan.lines if other.source == line.target]
        source = self.leaves_at(line) if number == 0 else plan.y[chain[-2]]
        return (
            len(into) > 1
            and len(out) < 2
            and not self._drops(line, number)
            and abs(source - plan.y[line.target]) > 30
            and self._free(plan.layer[line.target], line.target, source)
        )

    def _below(self, line: Line, name: str) -> bool:
        """Whether a line that leads back may leave or enter a node at its lower side."""
        plan = self.plan
        column = plan.columns[plan.layer[name]]
        lower = [key for key in column if plan.y[key] > plan.y[name]]
        if (
            lower
            or line.start
            or plan.attached.get(name)
            or plan.band[name] != plan.band[line.target]
        ):
            return False
        if plan.named.get(name) and name not in plan.gates:
            return False
        if name in plan.gates and self._busy(line, name):
            return False
        others = [other for other in plan.back if other is not line]
        leaving = name == line.source
        return not any(
            (other.target if leaving else other.source) == name for other in others
        ) and (not leaving or line.source != line.target)

    def _busy(self, line: Line, name: str) -> bool:
        """Whether the lower corner of a gateway is taken by lines of the other direction."""
        if name == line.source:
            return sum(other.target == name for other in self.plan.lines) > 1
        return sum(other.source == name for other in self.plan.lines) > 1

    def _columns(self) -> None:
        x = 0.0
        for number in range(len(self.plan.columns) + 1):
            found = tracks(self._rises[number])
            self._tracks.append(found)
            need = 2 * EDGE + APART * (max(found.values(), default=-1))
            outer = number in (0, len(self.plan.columns))
            least = EDGE if outer and not found else CHANNEL
            width = max(least, need + self._room[number])
            spare = width - self._room[number] - APART * max(found.values(), default=0)
            self._start.append(x + (spare / 2 if not self._room[number] else EDGE))
            x += width
            self._left.append(x)
            if number < len(self.plan.columns):
                x += self._width(number)
        self._left.pop()
        self._left.append(x)

    def _width(self, number: int) -> float:
        plan = self.plan
        if number >= len(plan.columns):
            return 0.0
        widths = [
            max(plan.sizes[key][0], plan.notes.width(key))
            for key in plan.columns[number]
            if isinstance(key, str)
        ]
        return max(widths, default=0.0)

    def _middle(self, name: str) -> float:
        number = self.plan.layer[name]
        return self._left[number] + self._width(number) / 2

    def _track(self, channel: int, trunk: Key) -> float:
        return self._start[channel] + APART * self._tracks[channel].get(trunk, 0)

    def _points(
        self, made: Drawing, line: Line, path: Sequence[tuple[int, float, float, Key]]
    ) -> list[Point]:
        plan = self.plan
        source, target = made.shapes[line.source], made.shapes[line.target]
        y = self.leaves_at(line)
        points: list[Point] = [(source.right, y)]
        if line.start:
            event = made.shapes[line.start]
            points = [(event.middle[0], event.bottom), (event.middle[0], y)]
        back = line.id not in plan.chains
        if back and self._below(line, line.source):
            points = [(source.middle[0], source.bottom), (source.middle[0], plan.under[line.id])]
        elif not back and self._drops(line, 0):
            y = plan.y[plan.chains[line.id][1]]
            side = source.bottom if y > source.middle[1] else source.y
            points = [(source.middle[0], side), (source.middle[0], y)]
        for channel, enters, leaves, trunk in path:
            if enters != leaves:
                x = self._track(channel, trunk)
                points += [(x, enters), (x, leaves)]
        last = points[-1][1]
        if last != target.middle[1]:
            side = target.bottom if last > target.middle[1] else target.y
            return [*points, (target.middle[0], last), (target.middle[0], side)]
        return [*points, (target.x, target.middle[1])]

    def _attach(self, made: Drawing, name: str) -> None:
        """Boundary events stand on the lower side; the first that leads on is the rightmost."""
        host = made.shapes[name]
        events = self.plan.attached.get(name, [])
        leaving = [e for e in events if any(o.start == ident(e) for o in self.plan.lines)]
        others = [event for event in events if event not in leaving]
        apart = min(ATTACHED_APART, (host.width - 30) / max(len(events) - 1, 1))
        for number, event in enumerate([*leaving, *others]):
            x = host.right - 33 - apart * number
            made.shapes[ident(event)] = Box(x, host.bottom - BOUNDARY, 36.0, 36.0)
            label = self.plan.named[ident(event)]
            if label:
                # Left of the line that leaves the event downward.
                width, height = text_size(label, ATTACHED_LABEL)
                made.labels[ident(event)] = Box(x + 14 - width, host.bottom + 20, width, height)


def _label(
    made: Drawing,
    name: str,
    text: str,
    above: bool,
    ends: tuple[Collection[Point], Collection[Point]],
) -> None:
    if not text:
        return
    box, (width, height) = made.shapes[name], text_size(text)
    y = box.y - height - 4 if above else box.bottom + 4
    x = box.middle[0] - width / 2
    corner = box.middle[0], box.y
    if above and corner in ends[0]:
        # A line leaves at the upper corner to the right, and enters there from the left.
        x = box.middle[0] - width - 4
    elif above and corner in ends[1]:
        x = box.middle[0] + 4
    made.labels[name] = Box(round(x), y, width, height)


def _name_line(made: Drawing, line: Line) -> None:
    if not line.name:
        return
    width, height = text_size(line.name)
    steps = list(pairwise(made.lines[line.id]))
    level = [(one, two) for one, two in steps if one[1] == two[1]]
    # The first piece is shared with the other lines that leave there.
    level = level[1:] + level[:1] if level and level[0] is steps[0] else level
    level = level or steps[:1]
    wide = next((s for s in level if abs(s[0][0] - s[1][0]) >= width), None)
    one, two = wide or max(level, key=lambda s: abs(s[0][0] - s[1][0]))
    middle = (one[0] + two[0]) / 2
    made.labels[line.id] = Box(round(middle - width / 2), one[1] - height - 2, width, height)
