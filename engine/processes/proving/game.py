"""The token game on one graph: every marking that can be reached, and what is wrong with any.

A marking is a number with one bit for each place. A place holds one token at most (a second one
is a fault), so there are finitely many. Breadth first, the first fault found has the shortest
path; past `WIDE` markings depth first, since a wide diagram shows its faults deep down. With a
fault in hand, `ENOUGH` markings are searched for one of another kind.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from engine.processes.proving.graph import Edge, Graph, Node
from engine.processes.proving.ways import catches

WIDE = 5_000
CAP = 100_000
ENOUGH = 500
MAX_CHOICES = 12


@dataclass(frozen=True)
class Fault:
    """What is wrong: a code without `process.`, the drawn id, the drawn ids up to there."""

    code: str
    element: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Played:
    """What a game found: faults, the drawn ids that were never reached, how it can end.

    `lost` is complete only without faults; `thrown` are errors that left the scope.
    """

    faults: tuple[Fault, ...]
    lost: tuple[str, ...]
    completes: bool
    thrown: tuple[str, ...]
    markings: int


@dataclass(slots=True)
class _Rule:
    """One node as arithmetic: its places, what it can put, whom an inclusive join waits for."""

    node: Node
    inside: int
    puts: list[tuple[int, tuple[Edge, ...]]]
    leads: dict[int, int] = field(default_factory=dict)
    marks: dict[int, int] = field(default_factory=dict)


Move = tuple[int, tuple[str, ...], int]


def play(graph: Graph) -> Played:
    """Play all games of a graph (shrunk or not) and return what was found."""
    for node in graph.nodes:
        if node.join == "complex" and node.needs is None:
            return _undecided(node.label[0] if node.label else "", 0)
    board = _Board(graph)
    for cap, deep in ((WIDE, False), (CAP, True)):
        game = _Game(board)
        done = game.explore(cap, deep=deep)
        if game.faults or (done and board.too_wide is None):
            return game.result()
        if done:
            break
    return _undecided(board.too_wide or "", len(game.came))


def _undecided(element: str, markings: int) -> Played:
    return Played((Fault("undecided", element, ()),), (), True, (), markings)


class _Board:
    """The graph with a bit for each place."""

    def __init__(self, graph: Graph) -> None:
        edges = [graph.entry, *(edge for node in graph.nodes for edge in node.outs)]
        self.graph, self.edges = graph, edges
        self.bits = {edge: 1 << number for number, edge in enumerate(edges)}
        self.first = self.bits[graph.entry]
        self.too_wide: str | None = None
        next_bit = 1 << len(edges)
        self.runs: list[int] = []
        self.armed: list[int] = []
        for _ in graph.reactions:
            self.runs.append(next_bit)
            self.armed.append(next_bit << 1)
            self.first |= next_bit << 1
            next_bit <<= 2
        self.real = (1 << len(edges)) - 1 | sum(self.runs)
        self.rules: dict[int, _Rule] = {}
        self.counting: list[_Rule] = []
        for node in graph.nodes:
            rule = self._rule(node)
            if node.join == "complex":
                self.counting.append(rule)
                for edge in node.ins:
                    rule.marks[self.bits[edge]] = next_bit
                    next_bit <<= 1
            for edge in node.ins:
                self.rules[self.bits[edge]] = rule
        self.by_bit = {bit: edge for edge, bit in self.bits.items()}
        places = self.bits.items()
        self.between = sum(bit for edge, bit in places if not (edge.first or edge.then))

    def _rule(self, node: Node) -> _Rule:
        bits = self.bits
        rule = _Rule(node, sum(bits[edge] for edge in node.ins), list(self._puts(node)))
        if node.join in ("or", "complex"):
            for edge in node.ins:
                rule.leads[bits[edge]] = self._leading(edge, node)
        return rule

    def _puts(self, node: Node) -> Iterator[tuple[int, tuple[Edge, ...]]]:
        outs, split = node.outs, node.split
        if not outs:
            yield 0, ()
        elif split == "xor":
            yield from ((self.bits[edge], (edge,)) for edge in outs)
        elif split == "and":
            yield sum(self.bits[edge] for edge in outs), tuple(outs)
        else:
            always = outs[: node.sure] if split == "main" else []
            maybe = [edge for edge in outs[len(always) :] if edge is not node.otherwise]
            if len(maybe) > MAX_CHOICES:
                self.too_wide = next(iter(node.label), "")
            for chosen in _subsets(len(maybe), empty=bool(always) and not node.otherwise):
                # The others first: what happens beside a task happens before it ends.
                put = [edge for number, edge in enumerate(maybe) if chosen >> number & 1] + always
                yield sum(self.bits[edge] for edge in put), tuple(put)
            if node.otherwise:
                put = [node.otherwise, *always]
                yield sum(self.bits[edge] for edge in put), tuple(put)

    def _leading(self, edge: Edge, join: Node) -> int:
        """The places from which a token can come to `edge` without passing `join`."""
        found, ahead = 0, [edge]
        while ahead:
            source = ahead.pop().source
            if source is None or source is join:
                continue
            for way in source.ins:
                if not found & self.bits[way]:
                    found |= self.bits[way]
                    ahead.append(way)
        return found


def _subsets(size: int, *, empty: bool) -> Iterator[int]:
    """Yield subsets as bits: all of them, or of very many flows those that show most faults."""
    if size <= MAX_CHOICES:
        yield from range(0 if empty else 1, 1 << size)
        return
    if empty:
        yield 0
    yield from (1 << one for one in range(size))
    yield from (1 << one | 1 << other for one in range(size) for other in range(one))
    yield (1 << size) - 1


class _Game:
    """All markings that follow from the first one."""

    def __init__(self, board: _Board) -> None:
        self.board = board
        self.came: dict[int, tuple[int, tuple[str, ...]] | None] = {board.first: None}
        self.back: dict[int, list[int]] = {}
        self.seen = 0
        self.fired: set[Node] = set()
        self.reacted: set[int] = set()
        self.thrown: set[str] = set()
        self.completes = False
        self.faults: list[Fault] = []

    def explore(self, cap: int, *, deep: bool) -> bool:
        """Visit the markings; return whether all were visited."""
        pending = deque([self.board.first])
        take = pending.pop if deep else pending.popleft
        found: set[str] = set()
        while pending:
            before = take()
            self.seen |= before
            stuck = True
            for after, steps, twice in self._moves(before):
                stuck = False
                if twice:
                    if "second_token" not in found:
                        found.add("second_token")
                        self._second_token(before, steps, twice)
                    continue
                self.back.setdefault(after, []).append(before)
                if after not in self.came:
                    self.came[after] = (before, steps)
                    pending.append(after)
            if stuck and before and "deadlock" not in found:
                found.add("deadlock")
                self.faults.append(Fault("deadlock", self._waits(before), self._path(before)))
            if found and (deep or len(self.came) > ENOUGH):
                return True
            if len(self.came) > cap:
                return False
        if not found:
            self._never_ends()
        return True

    def result(self) -> Played:
        """Return what was found."""
        board = self.board
        lost: list[str] = []
        if not self.faults:
            alive = {name for node in self.fired for name in node.ids}
            alive.update(
                name for edge, bit in board.bits.items() if bit & self.seen for name in edge.ids
            )
            lost = [name for name in board.graph.heads if name not in alive]
            lost += [
                reaction.id
                for number, reaction in enumerate(board.graph.reactions)
                if number not in self.reacted
            ]
        return Played(
            tuple(self.faults),
            tuple(lost),
            self.completes,
            tuple(sorted(self.thrown)),
            len(self.came),
        )

    def _moves(self, marking: int) -> Iterator[Move]:
        """Yield the marking after each possible move, its drawn ids, and what is doubly put."""
        board, rest = self.board, marking
        while rest:
            bit = rest & -rest
            rest ^= bit
            rule = board.rules.get(bit)
            if rule is None:
                continue
            node = rule.node
            if node.join == "xor":
                yield from self._fire(rule, marking ^ bit, board.by_bit[bit].late)
            elif bit != marking & rule.inside & -(marking & rule.inside):
                continue
            elif node.join == "and":
                if marking & rule.inside == rule.inside:
                    yield from self._fire(rule, marking ^ rule.inside)
            elif node.join == "complex":
                yield from self._count(rule, marking)
            elif not self._can_come(rule, marking, rule.inside & ~marking):
                yield from self._fire(rule, marking & ~rule.inside)
        for rule in board.counting:
            yield from self._forget(rule, marking)
        if board.graph.reactions and marking:
            yield from self._react(marking)

    def _fire(self, rule: _Rule, left: int, late: tuple[str, ...] = ()) -> Iterator[Move]:
        node = rule.node
        self.fired.add(node)
        if not node.outs:
            after, steps = self._end(left, node)
            yield after, late + steps, 0
            return
        for put, edges in rule.puts:
            if edges[0].instant:
                self.fired.add(edges[0].target)
                after, steps = self._end(left, edges[0].target)
                yield after, (*late, *node.label, *steps), 0
                continue
            first = [name for edge in edges for name in edge.first]
            then = [name for edge in edges for name in edge.then]
            steps = (*late, *node.label, *first, *node.after, *then)
            yield left | put, steps, left & put

    def _end(self, left: int, node: Node) -> tuple[int, tuple[str, ...]]:
        board = self.board
        if node.end.startswith("throw:"):
            thrown = node.end.removeprefix("throw:")
            caught = self._catcher(thrown)
            if caught is None:
                self.thrown.add(thrown)
                return 0, node.label
            self.reacted.add(caught)
            return board.runs[caught], (*node.label, board.graph.reactions[caught].id)
        if node.end == "terminate":
            left = 0
        return self._over(left), node.label

    def _over(self, marking: int) -> int:
        """A scope without a token is at its end, whatever it still listens for."""
        if marking & self.board.real:
            return marking
        self.completes = True
        return 0

    def _catcher(self, thrown: str) -> int | None:
        reactions = self.board.graph.reactions
        for number, reaction in enumerate(reactions):
            if reaction.on == thrown:
                return number
        for number, reaction in enumerate(reactions):
            if reaction.on is not None and catches((reaction.on,), thrown):
                return number
        return None

    def _can_come(self, rule: _Rule, marking: int, empty: int) -> bool:
        """Whether a token can still reach an empty place of a join and no filled one."""
        to_empty = to_filled = 0
        for bit, lead in rule.leads.items():
            if bit & empty:
                to_empty |= lead
            elif bit & marking:
                to_filled |= lead
        return bool(marking & ~rule.inside & to_empty & ~to_filled)

    def _count(self, rule: _Rule, marking: int) -> Iterator[Move]:
        """A complex join: fires once when enough have come, and swallows the rest."""
        filled = marking & rule.inside
        marked = sum(mark for mark in rule.marks.values() if marking & mark)
        if not marked:
            if filled.bit_count() >= (rule.node.needs or 1):
                marks = sum(mark for bit, mark in rule.marks.items() if bit & filled)
                if filled == rule.inside:
                    marks = 0
                yield from self._fire(rule, marking & ~rule.inside | marks)
            return
        for bit, mark in rule.marks.items():
            if bit & filled and not mark & marking:
                left = marking ^ bit | mark
                if all(one & left for one in rule.marks.values()):
                    left &= ~sum(rule.marks.values())
                yield self._over(left), (), 0

    def _forget(self, rule: _Rule, marking: int) -> Iterator[Move]:
        """A complex join begins anew when nothing can come any more that it waits for."""
        marks = sum(rule.marks.values())
        if not marking & marks:
            return
        waits = sum(bit for bit, mark in rule.marks.items() if not mark & marking)
        lead = 0
        for bit in rule.marks:
            if bit & waits:
                lead |= rule.leads[bit]
        if not marking & (waits | lead & ~rule.inside):
            yield self._over(marking & ~marks), (), 0

    def _react(self, marking: int) -> Iterator[Move]:
        board = self.board
        for number, reaction in enumerate(board.graph.reactions):
            run, armed = board.runs[number], board.armed[number]
            if marking & run:
                yield self._over(marking ^ run), (), 0
                for thrown in reaction.throws:
                    self.thrown.add(thrown)
                    yield 0, (), 0
            if reaction.on is None and marking & armed and marking & board.real:
                self.reacted.add(number)
                after = run if reaction.interrupts else marking ^ armed | run
                yield after, (reaction.id,), 0

    def _never_ends(self) -> None:
        """Backwards from the end: what cannot reach it goes on for ever."""
        ends = {0} if 0 in self.came else set()
        pending = list(ends)
        while pending:
            for before in self.back.get(pending.pop(), ()):
                if before not in ends:
                    ends.add(before)
                    pending.append(before)
        lost = [marking for marking in self.came if marking not in ends]
        if lost:
            # Better one where no token is between two ids, about to go the one way or the other.
            drawn = (marking for marking in lost if not marking & self.board.between)
            marking = next(drawn, lost[0])
            self.faults.append(Fault("never_ends", self._waits(marking), self._path(marking)))

    def _second_token(self, before: int, steps: tuple[str, ...], twice: int) -> None:
        edge = self.board.by_bit[twice & -twice]
        path = self._path(before) + steps
        element = edge.last or next(iter(edge.target.label), "")
        if element in steps:
            path = path[: len(path) - steps[::-1].index(element)]
        self.faults.append(Fault("second_token", element, path))

    def _waits(self, marking: int) -> str:
        """The drawn element at which a token stands, a join before others."""
        found = [
            rule.node for bit, rule in self.board.rules.items() if bit & marking and rule.node.label
        ]
        if found:
            return min(found, key=lambda node: node.join == "xor").label[0]
        places = (edge.last for bit, edge in self.board.by_bit.items() if bit & marking)
        return next(filter(None, places), "")

    def _path(self, marking: int) -> tuple[str, ...]:
        parts: list[tuple[str, ...]] = []
        step = self.came[marking]
        while step is not None:
            parts.append(step[1])
            step = self.came[step[0]]
        entry = self.board.graph.entry
        return (*entry.first, *entry.then, *chain.from_iterable(reversed(parts)))
