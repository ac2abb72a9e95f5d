"""Upright pieces of lines between two layers, each on a track of its own so that none overlap."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

APART = 10.0


@dataclass(frozen=True)
class Rise:
    """A line that comes in at one height on the left and leaves at another on the right.

    Rises of one `trunk` (one end of a line that is shared) may lie on each other.
    """

    trunk: Hashable
    enters: float
    leaves: float


def tracks(rises: Sequence[Rise]) -> dict[Hashable, int]:
    """Return the track of each trunk, 0 leftmost.

    Trunks on one track keep clear of each other; one that comes in at the height at which
    another leaves stands left of it, or the two level pieces would lie on each other.
    """
    spans: dict[Hashable, tuple[float, float]] = {}
    for rise in rises:
        low, high = sorted((rise.enters, rise.leaves))
        known = spans.get(rise.trunk, (low, high))
        spans[rise.trunk] = min(low, known[0]), max(high, known[1])
    before = _before(rises)
    made: dict[Hashable, int] = {}
    rows: list[list[tuple[float, float]]] = []
    for trunk in _sorted(spans, before):
        low, high = spans[trunk]
        number = max((made[one] + 1 for one in before[trunk] if one in made), default=0)
        while number < len(rows) and any(
            low - APART < end and high + APART > begin for begin, end in rows[number]
        ):
            number += 1
        while number >= len(rows):
            rows.append([])
        rows[number].append((low, high))
        made[trunk] = number
    return made


def _before(rises: Sequence[Rise]) -> dict[Hashable, set[Hashable]]:
    entering: dict[float, set[Hashable]] = {}
    for rise in rises:
        entering.setdefault(rise.enters, set()).add(rise.trunk)
    before: dict[Hashable, set[Hashable]] = {rise.trunk: set() for rise in rises}
    for rise in rises:
        before[rise.trunk] |= entering.get(rise.leaves, set()) - {rise.trunk}
    return before


def _sorted(
    spans: Mapping[Hashable, tuple[float, float]], before: Mapping[Hashable, set[Hashable]]
) -> list[Hashable]:
    """The trunks so that each comes after those it must stand right of; a circle is cut."""
    rest = sorted(spans, key=lambda trunk: spans[trunk])
    done: list[Hashable] = []
    seen: set[Hashable] = set()
    while rest:
        trunk = next((one for one in rest if before[one] <= seen), rest[0])
        rest.remove(trunk)
        done.append(trunk)
        seen.add(trunk)
    return done
