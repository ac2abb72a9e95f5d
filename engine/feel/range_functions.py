"""The built-in functions on ranges. Source: DMN 1.5, 10.3.4.9 and table 78."""

from collections.abc import Callable

from engine.feel.arithmetic import negate
from engine.feel.evaluation import Evaluation, NoValue
from engine.feel.nodes import Call, Literal, Name, Negation, Node, RangeLiteral, TemporalLiteral
from engine.feel.parse import parse
from engine.feel.scan import Names
from engine.feel.signatures import Table, declare
from engine.feel.temporal_functions import TEMPORAL_FUNCTIONS
from engine.feel.values import Range, compare, make_range
from engine.kernel.errors import Invalid

RANGE_FUNCTIONS: Table = {}
CONVERSIONS = ("date", "time", "date and time", "duration")


def _below(left: object, right: object, left_end: int, right_end: int) -> int:
    """Compare two ends; one that is null lies at minus or plus infinity, as its side says."""
    if left is None or right is None:
        one = left_end if left is None else 0
        other = right_end if right is None else 0
        return one - other
    return compare(left, right)


def _lows(one: Range, other: Range) -> int:
    """Compare where two ranges begin, open ends a hair later."""
    order = _below(one.low, other.low, -1, -1)
    return order or int(other.low_closed) - int(one.low_closed)


def _highs(one: Range, other: Range) -> int:
    """Compare where two ranges end, open ends a hair earlier."""
    order = _below(one.high, other.high, 1, 1)
    return order or int(one.high_closed) - int(other.high_closed)


def _before(one: Range, other: Range) -> bool:
    order = _below(one.high, other.low, 1, -1)
    return order < 0 or (order == 0 and not (one.high_closed and other.low_closed))


def _meets(one: Range, other: Range) -> bool:
    closed = one.high_closed and other.low_closed
    return closed and _below(one.high, other.low, 1, -1) == 0


def _overlaps(one: Range, other: Range) -> bool:
    return not _before(one, other) and not _before(other, one)


def _overlaps_before(one: Range, other: Range) -> bool:
    return _lows(one, other) < 0 and _overlaps(one, other) and _highs(one, other) <= 0


def _overlaps_after(one: Range, other: Range) -> bool:
    return _lows(one, other) > 0 and _overlaps(one, other) and _highs(one, other) >= 0


def _includes(one: Range, other: Range) -> bool:
    return _lows(one, other) <= 0 and _highs(one, other) >= 0


def _finishes(one: Range, other: Range) -> bool:
    return _highs(one, other) == 0 and _lows(other, one) <= 0


def _starts(one: Range, other: Range) -> bool:
    return _lows(one, other) == 0 and _highs(one, other) <= 0


def _coincides(one: Range, other: Range) -> bool:
    return _lows(one, other) == 0 and _highs(one, other) == 0


def _swapped(relation: Callable[[Range, Range], bool]) -> Callable[[Range, Range], bool]:
    return lambda one, other: relation(other, one)


BOTH = ("range1: range, range2: range",)
POINT_FIRST = ("point: any, range: range", *BOTH)
RANGE_FIRST = ("range: range, point: any", *BOTH)
ALL = ("point1: any, point2: any",)
RELATIONS: tuple[tuple[str, tuple[str, ...], Callable[[Range, Range], bool]], ...] = (
    ("before", (*BOTH, *POINT_FIRST, *RANGE_FIRST, *ALL), _before),
    ("after", (*BOTH, *POINT_FIRST, *RANGE_FIRST, *ALL), _swapped(_before)),
    ("meets", BOTH, _meets),
    ("met by", BOTH, _swapped(_meets)),
    ("overlaps", BOTH, _overlaps),
    ("overlaps before", BOTH, _overlaps_before),
    ("overlaps after", BOTH, _overlaps_after),
    ("finishes", POINT_FIRST, _finishes),
    ("finished by", RANGE_FIRST, _swapped(_finishes)),
    ("includes", RANGE_FIRST, _includes),
    ("during", POINT_FIRST, _swapped(_includes)),
    ("starts", POINT_FIRST, _starts),
    ("started by", RANGE_FIRST, _swapped(_starts)),
    ("coincides", (*BOTH, *ALL), _coincides),
)


def _as_range(value: object) -> Range:
    return value if isinstance(value, Range) else make_range(value, value, True, True)


def _enter(name: str, forms: tuple[str, ...], relation: Callable[[Range, Range], bool]) -> None:
    def answer(one: object, other: object) -> bool:
        return relation(_as_range(one), _as_range(other))

    for form in dict.fromkeys(forms):
        declare(RANGE_FUNCTIONS, f"{name}({form})")(answer)


for _name, _forms, _relation in RELATIONS:
    _enter(_name, _forms, _relation)


@declare(RANGE_FUNCTIONS, "range(from: string)", evaluation=True)
def range_of(evaluation: Evaluation, text: str) -> Range:
    """Return the range that a text such as `[18..21)` says; its ends must be literals."""
    try:
        tree = parse(text, (), Names(CONVERSIONS))
    except Invalid:
        raise NoValue("feel.cause.text") from None
    if not isinstance(tree, RangeLiteral):
        raise NoValue("feel.cause.text")
    low, high = (_constant(end, evaluation) for end in (tree.low, tree.high))
    if low is not None and high is not None and compare(low, high) > 0:
        raise NoValue("feel.cause.range")
    return make_range(low, high, tree.low_closed, tree.high_closed)


def _constant(node: Node | None, evaluation: Evaluation) -> object:
    match node:
        case None:
            return None
        case Literal():
            return node.value
        case TemporalLiteral() if node.fault is None:
            return node.value
        case Negation():
            return negate(_constant(node.operand, evaluation))
        case Call(function=Name(name=name)) if name in CONVERSIONS and node.names is None:
            arguments = [_constant(argument, evaluation) for argument in node.arguments]
            return TEMPORAL_FUNCTIONS[name](evaluation, arguments)
    raise NoValue("feel.cause.text")
