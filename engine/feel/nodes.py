"""The tree of an expression; every node knows where in the text it stands.

`start` and `end` are offsets into the text. The projection to durable-rules, the checks, the
proof of a table and renaming read this tree, never the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from engine.feel.evaluation import NoValue


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, boolean, null."""

    value: object


@dataclass(frozen=True, slots=True)
class TemporalLiteral(Node):
    """`@"…"`: the value, or why there is none."""

    text: str
    value: object
    fault: NoValue | None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name: of a fact, a variable, a function, or unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.name`."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; `names` holds the parameter names of named arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`first + a - b`, from the left; one level of precedence (`+ -`, `* /` or `**`)."""

    first: Node
    operators: tuple[str, ...]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right` with `= != < <= > >=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` or `value in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a and b and c` or `a or b or c`."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if … then … else if … then … else …`: pairs of condition and value, then the rest."""

    conditions: tuple[Node, ...]
    values: tuple[Node, ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """`name in source` or `name in source..until` of an iteration."""

    name: str
    source: Node
    until: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for … return body`."""

    variables: tuple[Variable, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some … satisfies condition` or `every … satisfies condition`."""

    quantifier: str
    variables: tuple[Variable, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{name: value}`; later values see earlier names."""

    names: tuple[str, ...]
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[low..high]`, `(low..high)`, `(< high)` with one end, or `(= low)` with a sign."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool
    sign: str = ""


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """`number`, `list<…>`, `range<…>`, `context<…>`, `function<…> -> …`, or a user's type.

    `parts` are the kinds between the angles, `names` the entries' names of a context, `result`
    that of a function.
    """

    name: str
    parts: tuple["TypeName", ...] | None
    names: tuple[str, ...] | None
    result: "TypeName | None"


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class FormalParameter(Node):
    """A parameter of a function written in FEEL."""

    name: str
    type: TypeName | None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`function(a: number, b) body`; an external body is kept as a tree and never run."""

    parameters: tuple[FormalParameter, ...]
    body: Node
    external: bool


@dataclass(frozen=True, slots=True)
class Anything(Node):
    """`-` as a whole cell."""


@dataclass(frozen=True, slots=True)
class Compared(Node):
    """`< operand` in a unary test."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """The tests of a cell, joined by or; `negated` for `not(…)`."""

    tests: tuple[Node, ...]
    negated: bool


def children(node: Node) -> Iterator[Node]:
    """Return the parts of a node in the order of the text."""
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, Node))


def walk(node: Node) -> Iterator[Node]:
    """Return the node and all below it, outermost first."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(children(current))))


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, both from 1; columns count code points."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
