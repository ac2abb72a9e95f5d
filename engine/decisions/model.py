"""What a DMN file says, as values: the requirement graph, its types and its boxed expressions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class HitPolicy(StrEnum):
    """What the rows that hit add up to (DMN 1.5, 8.2.10)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"

    @property
    def single(self) -> bool:
        """Whether at most one row decides."""
        return self in SINGLE


SINGLE = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST})


class Aggregation(StrEnum):
    """How COLLECT makes one number of many rows."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True)
class Literal:
    """FEEL text as it stands in the file; `line` is its line there."""

    text: str
    type: str | None = None
    line: int = 0


@dataclass(frozen=True)
class Column:
    """An input of a table: the expression that is judged, and the values it may have."""

    id: str
    label: str
    expression: Literal
    allowed: str | None = None


@dataclass(frozen=True)
class Output:
    """An output of a table; `allowed` also gives the order of priority, highest first."""

    id: str
    name: str
    label: str
    type: str | None = None
    allowed: str | None = None
    default: str | None = None


@dataclass(frozen=True)
class Rule:
    """A row: one unary test for each column, one expression for each output."""

    id: str
    number: int
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class DecisionTable:
    """A boxed decision table; `annotations` are the names of the annotation columns."""

    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    policy: HitPolicy
    aggregation: Aggregation | None
    annotations: tuple[str, ...] = ()
    type: str | None = None
    line: int = 0


@dataclass(frozen=True)
class Variable:
    """A name with the type that its value must have."""

    name: str
    type: str | None = None


@dataclass(frozen=True)
class Entry:
    """An entry of a boxed context; without a variable it is the result."""

    variable: Variable | None
    value: "Boxed"


@dataclass(frozen=True)
class BoxedContext:
    """Names with values; later entries see the earlier ones."""

    entries: tuple[Entry, ...]
    type: str | None = None


@dataclass(frozen=True)
class BoxedList:
    """A list of expressions."""

    items: tuple["Boxed", ...]
    type: str | None = None


@dataclass(frozen=True)
class Relation:
    """A table of values: a list of contexts with the same names."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple["Boxed", ...], ...]
    type: str | None = None


@dataclass(frozen=True)
class Invocation:
    """A call with named arguments."""

    callee: "Boxed"
    bindings: tuple[tuple[str, "Boxed"], ...]
    type: str | None = None


@dataclass(frozen=True)
class BoxedFunction:
    """A function with typed parameters; `kind` is FEEL, Java or PMML."""

    parameters: tuple[Variable, ...]
    body: "Boxed | None"
    kind: str = "FEEL"
    type: str | None = None


@dataclass(frozen=True)
class Conditional:
    """A boxed if, then, else (DMN 1.4)."""

    condition: "Boxed"
    then: "Boxed"
    otherwise: "Boxed"
    type: str | None = None


@dataclass(frozen=True)
class Filter:
    """A boxed filter (DMN 1.4)."""

    source: "Boxed"
    match: "Boxed"
    type: str | None = None


@dataclass(frozen=True)
class Iteration:
    """A boxed `for`, `some` or `every` (DMN 1.4), named by `kind`."""

    kind: str
    variable: str
    source: "Boxed"
    body: "Boxed"
    type: str | None = None


Boxed = (
    Literal
    | DecisionTable
    | BoxedContext
    | BoxedList
    | Relation
    | Invocation
    | BoxedFunction
    | Conditional
    | Filter
    | Iteration
)


@dataclass(frozen=True)
class ItemDefinition:
    """A type that a model defines; exactly one of base, components and function is set."""

    name: str
    base: str | None = None
    collection: bool = False
    components: tuple["ItemDefinition", ...] = ()
    allowed: str | None = None
    constraint: str | None = None
    parameters: tuple[Variable, ...] | None = None
    result: str | None = None
    line: int = 0


@dataclass(frozen=True)
class Reference:
    """What an href points to: a model by its namespace, an element by its id."""

    namespace: str
    id: str

    @property
    def text(self) -> str:
        """The reference as a file writes it."""
        return f"{self.namespace}#{self.id}"


@dataclass(frozen=True)
class InputData:
    """A value that comes from outside."""

    id: str
    name: str
    variable: Variable
    line: int = 0


@dataclass(frozen=True)
class DecisionNode:
    """A decision of the graph; without logic its value is null.

    `moment` is the attribute of our own by which a table says which version judges a case.
    """

    id: str
    name: str
    variable: Variable
    requires: tuple[Reference, ...]
    logic: Boxed | None
    question: str = ""
    line: int = 0
    moment: str | None = None


@dataclass(frozen=True)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    id: str
    name: str
    variable: Variable
    requires: tuple[Reference, ...]
    function: BoxedFunction
    line: int = 0


@dataclass(frozen=True)
class Service:
    """A decision service; inputs become parameters, input data before input decisions."""

    id: str
    name: str
    variable: Variable
    inputs: tuple[Reference, ...]
    outputs: tuple[Reference, ...]
    line: int = 0


@dataclass(frozen=True)
class Import:
    """Another model, by namespace, under a name of this one."""

    name: str
    namespace: str
    line: int = 0


Element = InputData | DecisionNode | Knowledge | Service


@dataclass(frozen=True)
class Model:
    """One DMN file."""

    name: str
    namespace: str
    imports: tuple[Import, ...]
    items: tuple[ItemDefinition, ...]
    elements: Mapping[str, Element] = field(hash=False)

    @property
    def decisions(self) -> tuple[DecisionNode, ...]:
        """The decisions in the order of the file."""
        return tuple(node for node in self.elements.values() if isinstance(node, DecisionNode))

    @property
    def inputs(self) -> tuple[InputData, ...]:
        """The input data in the order of the file."""
        return tuple(node for node in self.elements.values() if isinstance(node, InputData))
