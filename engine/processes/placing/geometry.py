"""Rectangles, lines and drawings in pixels; y grows downward as on the screen."""

from collections.abc import Iterable
from dataclasses import dataclass, field

Point = tuple[float, float]
WIDE, NARROW, LINE = 12.0, 6.5, 14.0
LABEL_WIDTH = 90.0


@dataclass(frozen=True)
class Box:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> "Box":
        """Return the rectangle elsewhere."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def crossed(self, start: Point, end: Point) -> bool:
        """Return whether a level or upright line runs through the inside."""
        left, right = sorted((start[0], end[0]))
        top, bottom = sorted((start[1], end[1]))
        return left < self.right and right > self.x and top < self.bottom and bottom > self.y


@dataclass
class Drawing:
    """Shapes, lines and labels by id; `lanes` are shapes that stand behind the others."""

    shapes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    width: float = 0.0
    height: float = 0.0

    def take(self, other: "Drawing", dx: float, dy: float) -> None:
        """Put another drawing into this one, moved."""
        self.shapes.update({name: box.moved(dx, dy) for name, box in other.shapes.items()})
        self.labels.update({name: box.moved(dx, dy) for name, box in other.labels.items()})
        for name, points in other.lines.items():
            self.lines[name] = [(x + dx, y + dy) for x, y in points]


def text_size(text: str, most: float = LABEL_WIDTH) -> tuple[float, float]:
    """Return width and height of a label that is broken at `most` pixels."""
    width = sum(WIDE if ord(sign) > 0x2E7F else NARROW for sign in text)
    lines = max(1, -(-int(width) // int(most)))
    return round(min(width, most) + 2), LINE * lines


def straight(points: Iterable[Point]) -> list[Point]:
    """Return a line without doubled points and without points in the middle of a straight run."""
    made: list[Point] = []
    for point in points:
        if made and made[-1] == point:
            continue
        if len(made) > 1 and (
            made[-2][0] == made[-1][0] == point[0] or made[-2][1] == made[-1][1] == point[1]
        ):
            made.pop()
        made.append(point)
    return made
