"""How high each member of a layer stands: near its neighbours, apart from those above and below."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Key = Hashable
GRID = 10
GAP = 20.0
SWEEPS = 12
SMALL_STEP = 30.0


@dataclass(frozen=True)
class Slot:
    """The room that a member takes above and below its centre, in pixels (multiples of 10)."""

    up: float
    down: float
    bend: bool = False


def heights(
    layers: Sequence[Sequence[Key]],
    edges: Sequence[tuple[Key, Key]],
    slots: Mapping[Key, Slot],
) -> dict[Key, float]:
    """Return the y of each member's centre; members of a layer keep their order and distance.

    Each sweep moves a layer as near to its neighbours' heights as the order allows (least
    squares, by pooling adjacent violators); bends of long lines weigh more, so lines are straight.
    """
    before: dict[Key, list[Key]] = {}
    after: dict[Key, list[Key]] = {}
    for source, target in edges:
        after.setdefault(source, []).append(target)
        before.setdefault(target, []).append(source)
    found: dict[Key, float] = {}
    for layer in layers:
        _place(layer, dict.fromkeys(layer, 0.0), slots, before, after, found)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        near, other = (before, after) if forward else (after, before)
        for layer in layers if forward else reversed(layers):
            wanted = {key: _wanted(key, near, other, found) for key in layer}
            _place(layer, wanted, slots, before, after, found)
    made = {key: _rounded(y) for key, y in found.items()}
    _align(layers, before, slots, made)
    _align(layers[::-1], after, slots, made)
    _align(layers, before, slots, made)
    return made


def _align(
    layers: Sequence[Sequence[Key]],
    near: Mapping[Key, Sequence[Key]],
    slots: Mapping[Key, Slot],
    found: dict[Key, float],
) -> None:
    """Take out small steps: a member moves to the height of its only neighbour if there is room."""
    for layer in layers:
        for number, key in enumerate(layer):
            beside = near.get(key, ())
            if len(beside) != 1 or not 0 < abs(found[beside[0]] - found[key]) <= SMALL_STEP:
                continue
            y = found[beside[0]]
            above = layer[number - 1] if number else None
            below = layer[number + 1] if number + 1 < len(layer) else None
            if (above is None or y - found[above] >= _apart(slots, above, key)) and (
                below is None or found[below] - y >= _apart(slots, key, below)
            ):
                found[key] = y


def _apart(slots: Mapping[Key, Slot], upper: Key, lower: Key) -> float:
    above = slots[upper]
    distance = above.down + slots[lower].up + GAP / (2 if above.bend else 1)
    return -(-distance // GRID) * GRID


def _wanted(
    key: Key,
    near: Mapping[Key, Sequence[Key]],
    other: Mapping[Key, Sequence[Key]],
    found: Mapping[Key, float],
) -> float:
    beside = near.get(key) or other.get(key)
    return median(found[one] for one in beside) if beside else found[key]


def _rounded(y: float) -> float:
    # Monotone, so that what stood apart by a multiple of the grid still does.
    return float((y + GRID / 2) // GRID * GRID)


def _place(
    layer: Sequence[Key],
    wanted: Mapping[Key, float],
    slots: Mapping[Key, Slot],
    before: Mapping[Key, Sequence[Key]],
    after: Mapping[Key, Sequence[Key]],
    found: dict[Key, float],
) -> None:
    offset, blocks = 0.0, []
    offsets: list[float] = []
    for number, key in enumerate(layer):
        if number:
            offset += _apart(slots, layer[number - 1], key)
        offsets.append(offset)
        weight = 4.0 if slots[key].bend else 1.0 + len(before.get(key, ())) * 0.1
        blocks.append([weight * (wanted[key] - offset), weight, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [one + two for one, two in zip(blocks[-1], last, strict=True)]
    number = 0
    for total, weight, count in blocks:
        for _ in range(int(count)):
            found[layer[number]] = total / weight + offsets[number]
            number += 1
