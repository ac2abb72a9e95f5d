"""What is wrong with an expression before it ever runs: names, kinds, arguments, patterns.

An unknown name is null when it runs, so it is found here: every problem has a place in the text
and, where one can be guessed, what was meant.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from engine.feel import regex
from engine.feel.builtins import BUILTINS
from engine.feel.closures import TESTED
from engine.feel.compile import NO_TYPES, Expression, UnaryTests
from engine.feel.evaluation import NoValue
from engine.feel.kinds import (
    ANY,
    BASES,
    BOOLEAN,
    LIST,
    NULL,
    PYTHON,
    Function,
    Kind,
    Parameter,
    resolve,
)
from engine.feel.nodes import (
    Arithmetic,
    Between,
    Call,
    Compared,
    Comparison,
    ContextLiteral,
    Filter,
    For,
    FunctionLiteral,
    If,
    In,
    InstanceOf,
    ListLiteral,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeLiteral,
    TemporalLiteral,
    Tests,
    Variable,
    place,
)
from engine.feel.properties import PROPERTIES
from engine.feel.results import arithmetic_result, function_result, kind_of
from engine.feel.scan import half_width, normalised
from engine.feel.values import literal
from engine.kernel.errors import Invalid

ORDERED = frozenset(
    {"number", "string", "date", "time", "date and time"}
    | {"days and time duration", "years and months duration", "duration"}
)
PATTERN_FUNCTIONS = {"matches": 1, "replace": 1, "split": 1}
PATTERN_NAMES = {"matches": "pattern", "replace": "pattern", "split": "delimiter"}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong; `code` has a sentence in the translations, `params` its words.

    `start` and `end` are offsets, `line` and `column` count from 1 and in code points.
    """

    code: str
    start: int
    end: int
    line: int
    column: int
    params: Mapping[str, object] = field(default_factory=dict)


def check(
    expression: Expression | UnaryTests,
    kinds: Mapping[str, Kind],
    *,
    value: Kind = ANY,
    types: Mapping[str, Kind] = NO_TYPES,
) -> list[Problem]:
    """Return the problems of an expression, in the order of the text; none means it may run.

    `kinds` are the declared names with what they hold (ANY for anything), `value` the kind a
    unary test is asked about, `types` the user-defined types.
    """
    names = {normalised(name): kind for name, kind in kinds.items()}
    if isinstance(expression, UnaryTests):
        names[TESTED] = value
    checker = _Checker(expression.text, types)
    checker.kind(expression.tree, _Scope(names))
    return sorted(checker.problems, key=lambda problem: (problem.start, problem.end))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the declared name that was most likely meant."""
    close = get_close_matches(name, list(names), n=1, cutoff=0.5)
    return close[0] if close else None


@dataclass(frozen=True)
class _Scope:
    """Declared names with their kinds; `open` when a filter's items may bring any name."""

    kinds: Mapping[str, Kind]
    open: bool = False

    def within(self, more: Mapping[str, Kind], opened: bool = False) -> "_Scope":
        return _Scope({**self.kinds, **more}, self.open or opened)


class _Checker:
    """One walk over a tree: the kind of each part, and the problems met on the way."""

    def __init__(self, text: str, types: Mapping[str, Kind]) -> None:
        self.text, self.types = text, types
        self.problems: list[Problem] = []

    def report(self, node: Node, code: str, **params: object) -> None:
        line, column = place(self.text, node.start)
        self.problems.append(Problem(code, node.start, node.end, line, column, params))

    def kind(self, node: Node, scope: _Scope) -> Kind:
        """Return what the node can be, ANY when nobody knows; report what is wrong below it."""
        reader = READERS.get(type(node))
        return reader(self, node, scope) if reader else ANY

    def literal(self, node: Literal, scope: _Scope) -> Kind:
        return kind_of(node.value)

    def temporal(self, node: TemporalLiteral, scope: _Scope) -> Kind:
        if node.fault is not None:
            self.report(node, "feel.literal", literal=node.text)
            return ANY
        return kind_of(node.value)

    def name(self, node: Name, scope: _Scope) -> Kind:
        known = scope.kinds.get(node.name)
        if known is not None:
            return known
        if node.name in BUILTINS:
            return BASES["function"]
        if not scope.open:
            self.unknown(node, node.name, scope.kinds)
        return ANY

    def unknown(self, node: Node, name: str, names: Iterable[str]) -> None:
        narrow = half_width(name)
        near = nearest(name, [*names, *BUILTINS])
        self.report(
            node,
            "feel.unknown_name",
            name=name,
            nearest=near,
            half_width=narrow if narrow != name else None,
        )

    def path(self, node: Path, scope: _Scope) -> Kind:
        source = self.kind(node.source, scope)
        inside = source.of if source.name == "list" and source.of else source
        found = self.entry(node, inside)
        return Kind("list", of=found) if source.name == "list" else found

    def entry(self, node: Path, source: Kind) -> Kind:
        if source.name == "context" and source.entries is not None:
            found = source.entries.get(node.name)
            if found is None:
                near = nearest(node.name, source.entries)
                self.report(node, "feel.unknown_entry", name=node.name, nearest=near)
            return found or ANY
        properties = PROPERTIES.get(PYTHON.get(source.name, object))
        if properties is not None and node.name not in properties:
            near = nearest(node.name, properties)
            self.report(node, "feel.unknown_entry", name=node.name, nearest=near)
        if source.name in ("number", "string", "boolean"):
            self.report(node, "feel.no_entries", name=node.name, kind=str(source))
        return ANY

    def filter(self, node: Filter, scope: _Scope) -> Kind:
        source = self.kind(node.source, scope)
        item = (source.of or ANY) if source.name == "list" else source
        names = {"item": item, **(item.entries or {})}
        opened = item.name == "Any" or (item.name == "context" and item.entries is None)
        condition = self.kind(node.condition, scope.within(names, opened))
        if condition.name not in ("boolean", "number", "Any", "Null"):
            self.report(node.condition, "feel.condition", kind=str(condition))
        if condition.name == "number":
            return item
        return Kind("list", of=item) if condition.name == "boolean" else ANY

    # Operators

    def arithmetic(self, node: Arithmetic, scope: _Scope) -> Kind:
        found = self.kind(node.first, scope)
        for operator, operand in zip(node.operators, node.operands, strict=True):
            right = self.kind(operand, scope)
            result = arithmetic_result(operator, found, right)
            if result is None:
                self.report(
                    node, "feel.kinds", operator=operator, left=str(found), right=str(right)
                )
                return ANY
            found = result
        return found

    def negation(self, node: Negation, scope: _Scope) -> Kind:
        found = self.kind(node.operand, scope)
        if found.name not in ("Any", "number") and "duration" not in found.name:
            self.report(node, "feel.kinds", operator="-", left=str(found), right=str(found))
        return found

    def comparison(self, node: Comparison, scope: _Scope) -> Kind:
        left, right = self.kind(node.left, scope), self.kind(node.right, scope)
        self.comparable(node, node.operator, left, right)
        for kind, other in ((left, node.right), (right, node.left)):
            self.choice(kind, other)
        return BOOLEAN

    def comparable(self, node: Node, operator: str, left: Kind, right: Kind) -> None:
        """Report two kinds that can never be compared; null may be asked for, never ordered."""
        if operator in ("=", "!=") and NULL in (left, right):
            return
        known = [kind for kind in (left, right) if kind.name != "Any"]
        wrong = operator not in ("=", "!=") and any(kind.name not in ORDERED for kind in known)
        if wrong or (len(known) == 2 and not _alike(left, right)):
            self.report(node, "feel.kinds", operator=operator, left=str(left), right=str(right))

    def choice(self, kind: Kind, node: Node) -> None:
        """Report a literal that is none of the values a name may have."""
        if kind.choices and isinstance(node, Literal) and node.value is not None:
            if kind_of(node.value).name != kind.name or node.value in kind.choices:
                return
            allowed = [literal(one) for one in kind.choices]
            near = nearest(str(node.value), [str(one) for one in kind.choices])
            self.report(
                node, "feel.not_allowed", value=literal(node.value), allowed=allowed, nearest=near
            )

    def between(self, node: Between, scope: _Scope) -> Kind:
        value = self.kind(node.value, scope)
        self.comparable(node, ">=", value, self.kind(node.low, scope))
        self.comparable(node, "<=", value, self.kind(node.high, scope))
        return BOOLEAN

    def logic(self, node: Logic, scope: _Scope) -> Kind:
        for operand in node.operands:
            self.boolean(operand, scope)
        return BOOLEAN

    def boolean(self, node: Node, scope: _Scope) -> None:
        found = self.kind(node, scope)
        if found.name not in ("boolean", "Any", "Null"):
            self.report(node, "feel.condition", kind=str(found))

    def conditional(self, node: If, scope: _Scope) -> Kind:
        for condition in node.conditions:
            self.boolean(condition, scope)
        return _common([self.kind(one, scope) for one in (*node.values, node.otherwise)])

    def membership(self, node: In, scope: _Scope) -> Kind:
        value = self.kind(node.value, scope)
        for test in node.tests:
            self.test(test, value, scope.within({TESTED: value}))
        return BOOLEAN

    def instance_of(self, node: InstanceOf, scope: _Scope) -> Kind:
        self.kind(node.value, scope)
        if resolve(node.type, self.types) is None:
            name = node.type.name
            near = nearest(name, [*BASES, *self.types])
            self.report(node.type, "feel.unknown_type", name=name, nearest=near)
        return BOOLEAN

    # Calls and functions

    def call(self, node: Call, scope: _Scope) -> Kind:
        given = [self.kind(argument, scope) for argument in node.arguments]
        name = node.function.name if isinstance(node.function, Name) else None
        if name is not None and name in BUILTINS and name not in scope.kinds:
            self.arguments(node, BUILTINS[name], given)
            self.pattern(node, name)
            return function_result(name, given)
        function = self.kind(node.function, scope)
        if function.name not in ("function", "Any"):
            self.report(node, "feel.no_function", kind=str(function))
        wanted = function.parameters
        if wanted is not None and node.names is None and len(wanted) != len(given):
            self.report(node, "feel.arguments", function=name or "", given=len(given))
        return function.result or ANY

    def arguments(self, node: Call, function: Function, given: list[Kind]) -> None:
        faults = []
        for signature in function.signatures:
            fault = _misfit(signature.parameters, given, node.names)
            if fault is None:
                return
            faults.append(fault)
        fault = max(faults, key=lambda one: one[0])  # the signature that fits furthest
        if fault[1] is None:
            self.report(node, "feel.arguments", function=function.name, given=len(given))
            return
        wanted = " | ".join(str(kind) for kind in fault[1].kinds)
        self.report(
            node.arguments[fault[0]],
            "feel.argument",
            function=function.name,
            parameter=fault[1].name,
            kind=str(given[fault[0]]),
            wanted=wanted,
        )

    def pattern(self, node: Call, name: str) -> None:
        """Report a pattern, written out in the call, that is none or that may explode."""
        at = PATTERN_FUNCTIONS.get(name)
        if at is not None and node.names is not None:
            own = PATTERN_NAMES[name]
            at = node.names.index(own) if own in node.names else None
        if at is None or at >= len(node.arguments):
            return
        given = node.arguments[at]
        if isinstance(given, Literal) and isinstance(given.value, str):
            try:
                regex.compiled(given.value)
            except NoValue as reason:
                self.report(given, reason.code.replace(".cause", ""), pattern=given.value)
            except Invalid:
                self.report(given, "feel.pattern_unsafe", pattern=given.value)

    def function(self, node: FunctionLiteral, scope: _Scope) -> Kind:
        if node.external:
            self.report(node, "feel.external")
            return BASES["function"]
        own: dict[str, Kind] = {}
        for parameter in node.parameters:
            kind = resolve(parameter.type, self.types) if parameter.type else ANY
            if kind is None and parameter.type is not None:
                near = nearest(parameter.type.name, [*BASES, *self.types])
                self.report(parameter, "feel.unknown_type", name=parameter.type.name, nearest=near)
            own[parameter.name] = kind or ANY
        result = self.kind(node.body, scope.within(own))
        return Kind("function", parameters=tuple(own.values()), result=result)

    # Lists, contexts, ranges, iterations

    def list(self, node: ListLiteral, scope: _Scope) -> Kind:
        items = [self.kind(item, scope) for item in node.items]
        common = _common(items)
        return LIST if common.name == "Any" else Kind("list", of=common)

    def context(self, node: ContextLiteral, scope: _Scope) -> Kind:
        entries: dict[str, Kind] = {}
        for name, value in zip(node.names, node.values, strict=True):
            if name in entries:
                self.report(value, "feel.key_twice", name=name)
            own = {name: BASES["function"]} if isinstance(value, FunctionLiteral) else {}
            entries[name] = self.kind(value, scope.within({**entries, **own}))
        return Kind("context", entries=entries)

    def range(self, node: RangeLiteral, scope: _Scope) -> Kind:
        ends = [self.kind(end, scope) for end in (node.low, node.high) if end is not None]
        if len(ends) == 2:
            self.comparable(node, "=" if node.sign else "<=", ends[0], ends[1])
        common = _common(ends)
        return Kind("range", of=None if common.name == "Any" else common)

    def variables(self, variables: tuple[Variable, ...], scope: _Scope) -> _Scope:
        for variable in variables:
            source = self.kind(variable.source, scope)
            if variable.until is not None:
                self.comparable(variable, "<=", source, self.kind(variable.until, scope))
            elif source.name in ("list", "range"):
                source = source.of or ANY
            scope = scope.within({variable.name: source})
        return scope

    def loop(self, node: For, scope: _Scope) -> Kind:
        inner = self.variables(node.variables, scope).within({"partial": LIST})
        return Kind("list", of=self.kind(node.body, inner))

    def quantified(self, node: Quantified, scope: _Scope) -> Kind:
        self.boolean(node.condition, self.variables(node.variables, scope))
        return BOOLEAN

    # Unary tests

    def tests(self, node: Tests, scope: _Scope) -> Kind:
        for test in node.tests:
            self.test(test, scope.kinds[TESTED], scope)
        return BOOLEAN

    def test(self, node: Node, value: Kind, scope: _Scope) -> None:
        if isinstance(node, Compared):
            self.comparable(node, node.operator, value, self.kind(node.operand, scope))
            self.choice(value, node.operand)
            return
        found = self.kind(node, scope)
        self.choice(value, node)
        inner = found.of if found.name in ("list", "range") and found.name != value.name else found
        if inner is None or inner.name == "boolean":  # a verdict of its own, or nobody knows
            return
        self.comparable(node, "=", value, inner)


def _alike(left: Kind, right: Kind) -> bool:
    """Return whether a value of the one kind can equal a value of the other."""
    if NULL in (left, right) or left.name == right.name:
        inner = left.of, right.of
        return inner[0] is None or inner[1] is None or _alike(inner[0], inner[1])
    if "Any" in (left.name, right.name):
        return True
    both = {left.name, right.name}
    return "duration" in both and all("duration" in name for name in both)


def _common(kinds: Sequence[Kind]) -> Kind:
    """Return the one kind of all that are not null, ANY when they differ."""
    known = [kind for kind in kinds if kind != NULL]
    return known[0] if known and all(kind == known[0] for kind in known) else ANY


def _misfit(
    parameters: Sequence[Parameter], given: Sequence[Kind], names: Sequence[str] | None
) -> tuple[int, Parameter | None] | None:
    """Return the first argument that a signature refuses and its parameter, None when it fits.

    -1 and no parameter stand for a wrong number of arguments or a wrong name.
    """
    by_name = {parameter.name: parameter for parameter in parameters}
    if names is not None:
        required = {one.name for one in parameters if not one.optional and not one.many}
        if not set(names) <= by_name.keys() or not required <= set(names):
            return -1, None
        wanted = [by_name[name] for name in names]
    else:
        wanted = list(parameters)
        if wanted and wanted[-1].many:
            wanted += [wanted[-1]] * (len(given) - len(wanted))
        least = sum(not one.optional for one in wanted)
        if not least <= len(given) <= len(wanted):
            return -1, None
    for at, (kind, parameter) in enumerate(zip(given, wanted, strict=False)):
        if not _takes(parameter, kind):
            return at, parameter
    return None


def _takes(parameter: Parameter, kind: Kind) -> bool:
    if not parameter.kinds or kind.name == "Any":
        return True
    if kind == NULL:
        return parameter.optional or parameter.nullable
    if kind.name == "list" and all(one.name != "list" for one in parameter.kinds):
        return kind.of is None or _takes(parameter, kind.of)  # a list of one is its item
    for one in parameter.kinds:
        if one.name in ("list", kind.name) or (kind.name, one.name) == ("date", "date and time"):
            return True
        if one.name == "duration" and "duration" in kind.name:
            return True
    return kind.name == "duration" and any("duration" in one.name for one in parameter.kinds)


READERS: Mapping[type[Node], Callable[[_Checker, Any, _Scope], Kind]] = {
    Literal: _Checker.literal,
    TemporalLiteral: _Checker.temporal,
    Name: _Checker.name,
    Path: _Checker.path,
    Filter: _Checker.filter,
    Arithmetic: _Checker.arithmetic,
    Negation: _Checker.negation,
    Comparison: _Checker.comparison,
    Between: _Checker.between,
    Logic: _Checker.logic,
    If: _Checker.conditional,
    In: _Checker.membership,
    InstanceOf: _Checker.instance_of,
    Call: _Checker.call,
    FunctionLiteral: _Checker.function,
    ListLiteral: _Checker.list,
    ContextLiteral: _Checker.context,
    RangeLiteral: _Checker.range,
    For: _Checker.loop,
    Quantified: _Checker.quantified,
    Tests: _Checker.tests,
}
