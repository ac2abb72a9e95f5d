"""How long a regular expression can take: refuse what may explode, bound what may only grow.

Python's matcher tries again and again. It explodes where a repetition can read one text in two
ways, so every repetition is looked at as an automaton of positions (Glushkov): two different
paths over the same text from a position back to itself mean exponential time. What is left grows
with a power of the length, and the length allowed is cut to that power.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.feel.characters import LAST, Intervals, overlap, united
from engine.feel.evaluation import NoValue

MOST_POSITIONS = 60
MOST_INPUT = 10_000
MOST_TRIES = 20_000_000  # of Python's matcher: about 0.2 s
ANY_CHARACTER: Intervals = ((0, LAST),)


@dataclass(frozen=True)
class Characters:
    """One character of a set; `text` is the class as Python writes it."""

    intervals: Intervals
    text: str


@dataclass(frozen=True)
class Assertion:
    """A place: the begin or the end."""

    text: str


@dataclass(frozen=True)
class Backreference:
    """What a group has read."""

    number: int


@dataclass(frozen=True)
class Sequence:
    """Parts one behind the other."""

    parts: "tuple[Part, ...]"


@dataclass(frozen=True)
class Choice:
    """One of several parts."""

    parts: "tuple[Part, ...]"


@dataclass(frozen=True)
class Group:
    """A part in brackets; number 0 keeps nothing."""

    part: "Part"
    number: int


@dataclass(frozen=True)
class Repeat:
    """A part several times; `most` None is without end."""

    part: "Part"
    least: int
    most: int | None
    lazy: bool

    def loops(self) -> bool:
        """Return whether the part can come twice."""
        return self.most is None or self.most > 1


Part = Characters | Assertion | Backreference | Sequence | Choice | Group | Repeat


def longest_input(part: Part, anchored: bool = False, ignore_case: bool = False) -> int:
    """Return how many characters the pattern may be run on; NoValue when it may explode."""
    for loop in _outermost_loops(part):
        if _explodes(loop, ignore_case):
            raise NoValue("feel.cause.pattern_unsafe")
    power = max(1, _power(part, ignore_case) + (not anchored))
    tries = MOST_TRIES // _size(part)
    return max(1, min(MOST_INPUT, int(tries ** (1 / power))))


def _children(part: Part) -> "tuple[Part, ...]":
    match part:
        case Sequence() | Choice():
            return part.parts
        case Group() | Repeat():
            return (part.part,)
    return ()


def _size(part: Part) -> int:
    return 1 + sum(_size(one) for one in _children(part))


def _outermost_loops(part: Part) -> Iterator[Repeat]:
    if isinstance(part, Repeat) and part.loops():
        yield part
    else:
        for one in _children(part):
            yield from _outermost_loops(one)


def _nullable(part: Part) -> bool:
    match part:
        case Characters():
            return False
        case Assertion() | Backreference():
            return True
        case Sequence():
            return all(_nullable(one) for one in part.parts)
        case Choice():
            return any(_nullable(one) for one in part.parts)
        case Group():
            return _nullable(part.part)
        case Repeat():
            return part.least == 0 or _nullable(part.part)


def _power(part: Part, ignore_case: bool) -> int:
    """Return how many repetitions can share out one text among them."""
    match part:
        case Choice():
            return max(_power(one, ignore_case) for one in part.parts)
        case Group():
            return _power(part.part, ignore_case)
        case Repeat():
            inner = _power(part.part, ignore_case)
            return max(1, inner) if part.loops() and part.most != part.least else inner
        case Sequence():
            return _power_of_sequence(part, ignore_case)
    return 0


def _power_of_sequence(sequence: Sequence, ignore_case: bool) -> int:
    chain = most = 0
    last: Intervals | None = None  # what the repetition before may go on to read
    for part in sequence.parts:
        power = _power(part, ignore_case)
        own = _alphabet(part, ignore_case)
        if power:
            shared = last is not None and overlap(last, own)
            chain = chain + power if shared else max(chain, power)
            most = max(most, chain)
            last = united((*(last or ()), *_tail(part, ignore_case)))
        elif last is not None and not _nullable(part) and not overlap(last, own):
            chain, last = 0, None  # it can end at one place only
    return most


def _tail(part: Part, ignore_case: bool) -> Intervals:
    """Return the characters a part may end with, or more."""
    match part:
        case Group() | Repeat():
            return _tail(part.part, ignore_case)
        case Sequence() if part.parts and not _nullable(part.parts[-1]):
            return _tail(part.parts[-1], ignore_case)
    return _alphabet(part, ignore_case)


def _alphabet(part: Part, ignore_case: bool) -> Intervals:
    if isinstance(part, Backreference):
        return ANY_CHARACTER
    if isinstance(part, Characters):
        return _folded(part.intervals) if ignore_case else part.intervals
    return united(interval for one in _children(part) for interval in _alphabet(one, ignore_case))


def _folded(intervals: Intervals) -> Intervals:
    """Return the set with the other case of its ASCII letters; beyond ASCII, all of them."""
    found = list(intervals)
    for low, high in intervals:
        if high > 127:
            found.append((128, LAST))
        for shift, first, last in ((32, 65, 90), (-32, 97, 122)):
            start, end = max(low, first), min(high, last)
            if start <= end:
                found.append((start + shift, end + shift))
    return united(found)


class _Positions:
    """The characters of a repetition as states, and which may follow which, counted."""

    def __init__(self, ignore_case: bool) -> None:
        self.sets: list[Intervals] = []
        self.follow: list[dict[int, int]] = []
        self.ignore_case = ignore_case

    def read(self, part: Part) -> tuple[list[int], list[int]]:
        """Return the positions a part may begin and end with."""
        match part:
            case Characters() | Backreference():
                if len(self.sets) >= MOST_POSITIONS:
                    raise NoValue("feel.cause.pattern_unsafe")
                self.sets.append(_alphabet(part, self.ignore_case))
                self.follow.append({})
                return [len(self.sets) - 1], [len(self.sets) - 1]
            case Assertion():
                return [], []
            case Group():
                return self.read(part.part)
            case Choice():
                both = [self.read(one) for one in part.parts]
                return [at for one, _ in both for at in one], [at for _, one in both for at in one]
            case Repeat():
                first, last = self.read(part.part)
                if part.loops():
                    self.join(last, first)
                return first, last
            case Sequence():
                return self.sequence(part)

    def sequence(self, sequence: Sequence) -> tuple[list[int], list[int]]:
        first: list[int] = []
        last: list[int] = []
        starting = True
        for part in sequence.parts:
            begin, end = self.read(part)
            self.join(last, begin)
            if starting:
                first = first + begin
            empty = _nullable(part)
            starting = starting and empty
            last = last + end if empty else end
        return first, last

    def join(self, last: list[int], first: list[int]) -> None:
        for one in last:
            for other in first:
                self.follow[one][other] = self.follow[one].get(other, 0) + 1


def _explodes(loop: Repeat, ignore_case: bool) -> bool:
    if loop.most is not None and _nullable(loop.part):
        return True
    if any(part.most is not None and _nullable(part.part) for part in _inner_loops(loop.part)):
        return True
    positions = _Positions(ignore_case)
    positions.read(loop)
    return _ambiguous(positions)


def _inner_loops(part: Part) -> Iterator[Repeat]:
    if isinstance(part, Repeat) and part.loops():
        yield part
    for one in _children(part):
        yield from _inner_loops(one)


def _ambiguous(positions: _Positions) -> bool:
    """Return whether some position comes back to itself on two paths over one text."""
    follow = positions.follow
    count = len(follow)
    if any(times > 1 for edges in follow for times in edges.values()):
        return True
    meets = [[overlap(one, other) for other in positions.sets] for one in positions.sets]
    ahead: dict[int, list[int]] = {}
    behind: dict[int, list[int]] = {}
    waiting = [at * count + at for at in range(count)]
    seen = set(waiting)
    while waiting:  # pairs of positions that one text may have reached
        pair = waiting.pop()
        one, other = divmod(pair, count)
        for left in follow[one]:
            for right in follow[other]:
                if not meets[left][right]:
                    continue
                reached = left * count + right
                ahead.setdefault(pair, []).append(reached)
                behind.setdefault(reached, []).append(pair)
                if reached not in seen:
                    seen.add(reached)
                    waiting.append(reached)
    diagonal = {at * count + at for at in range(count)}
    return any((_reach(start, ahead) & _reach(start, behind)) - diagonal for start in diagonal)


def _reach(start: int, edges: dict[int, list[int]]) -> set[int]:
    reached, waiting = {start}, [start]
    while waiting:
        for pair in edges.get(waiting.pop(), ()):
            if pair not in reached:
                reached.add(pair)
                waiting.append(pair)
    return reached
