"""Cells that are plain tests: what index, projection and proof can read without running them."""

from dataclasses import dataclass
from decimal import Decimal

from engine.feel import nodes, temporal_text
from engine.feel.evaluation import NoValue
from engine.feel.temporal import Date

Point = Decimal | Date | str | bool | None


@dataclass(frozen=True)
class Equal:
    """The value itself; null is a value."""

    value: Point


@dataclass(frozen=True)
class Span:
    """Numbers or dates between two ends; an end that is None is open to infinity."""

    low: Decimal | Date | None
    high: Decimal | Date | None
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True)
class Cell:
    """Tests joined by or, denied as a whole when `negated`; no tests at all: anything."""

    tests: tuple[Equal | Span, ...] = ()
    negated: bool = False

    def points(self) -> list[Point]:
        """Return every value that the cell names."""
        found: list[Point] = []
        for test in self.tests:
            found += [test.value] if isinstance(test, Equal) else [test.low, test.high]
        return found


ANYTHING = Cell()


@dataclass(frozen=True)
class _Constant:
    """Tells the constant null from no constant."""

    value: Point


def read_cell(tree: nodes.Node) -> Cell | None:
    """Return the plain tests of a cell's tree; None for one that only running can judge.

    Plain are `-`, literals, `not(…)` of plain tests, comparisons and ranges of numbers and dates:
    tests that all values between two neighbouring points answer alike.
    """
    if not isinstance(tree, nodes.Tests):
        return None
    if len(tree.tests) == 1 and not tree.negated:
        only = tree.tests[0]
        if isinstance(only, nodes.Anything):
            return ANYTHING
        if isinstance(only, nodes.Compared) and only.operator == "!=":
            found = _constant(only.operand)
            return None if found is None else Cell((Equal(found.value),), True)
    tests = tuple(test for node in tree.tests if (test := _test(node)) is not None)
    return Cell(tests, tree.negated) if tests and len(tests) == len(tree.tests) else None


def _test(node: nodes.Node) -> Equal | Span | None:
    if isinstance(node, nodes.RangeLiteral):
        return _span(node.low, node.high, node.low_closed, node.high_closed)
    if isinstance(node, nodes.Compared):
        operator, operand = node.operator, node.operand
        if operator in ("<", "<="):
            return _span(None, operand, False, operator == "<=")
        if operator in (">", ">="):
            return _span(operand, None, operator == ">=", False)
        if operator != "=":
            return None
        node = operand
    found = _constant(node)
    return None if found is None else Equal(found.value)


def _span(
    low: nodes.Node | None, high: nodes.Node | None, low_closed: bool, high_closed: bool
) -> Span | None:
    least = _constant(low) if low is not None else _Constant(None)
    most = _constant(high) if high is not None else _Constant(None)
    if least is None or most is None or (least.value is None and most.value is None):
        return None
    match least.value, most.value:
        case (Decimal() | None as bottom, Decimal() | None as top):
            return Span(bottom, top, low_closed, high_closed)
        case (Date() | None as first, Date() | None as last):
            return Span(first, last, low_closed, high_closed)
    return None


def _constant(node: nodes.Node) -> _Constant | None:
    match node:
        case nodes.Literal(value=None | bool() | str() | Decimal() as value):
            return _Constant(value)
        case nodes.Negation(operand=nodes.Literal(value=Decimal() as number)):
            return _Constant(-number)
        case nodes.TemporalLiteral(value=Date() as day):
            return _Constant(day)
        case nodes.Call(
            function=nodes.Name(name="date"),
            arguments=(nodes.Literal(value=str() as text),),
            names=None,
        ):
            try:
                return _Constant(temporal_text.read_date(text))
            except NoValue:
                return None
    return None
