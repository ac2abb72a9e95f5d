"""Tree to closures: what every node of FEEL means; the semantic reference of the house.

A closure gets the environment: the context, the evaluation, then the values of the variables,
outermost first. Environments are tuples, so a function value may keep the one it was made in.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.feel import arithmetic
from engine.feel.builtins import BUILTINS
from engine.feel.evaluation import SILENT, Evaluation, NoValue
from engine.feel.iterate import filtered, iterated, quantified
from engine.feel.kinds import Function, Kind, Parameter, Signature, is_instance, resolve
from engine.feel.nodes import (
    Anything,
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
    walk,
)
from engine.feel.properties import entry
from engine.feel.values import (
    NUMBERS,
    PLAIN,
    Range,
    belongs,
    compare,
    conjunction,
    disjunction,
    equal,
    make_range,
)

Env = tuple[Any, ...]
Closure = Callable[[Env], Any]
ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPERATORS: Mapping[str, Callable[[object, object], object]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}
# The same for two numbers, without asking for their kinds again.
OF_NUMBERS: Mapping[str, Callable[[Any, Any], object]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
}
FIRST_SLOT = 2  # behind the context and the evaluation
TESTED = "?"
CALL_STEPS = 3  # a function written in FEEL costs more than a turn of a loop


class Scope:
    """Which names stand for what while a tree is compiled.

    `names` leads from the normal form of a declared name to its key in the context.
    `slots` holds the variables from the outermost to the innermost; None is the item of a
    filter, whose entries are names too, known only when it runs.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        types: Mapping[str, Kind],
        slots: tuple[str | None, ...] = (),
    ) -> None:
        self.names, self.types, self.slots = names, types, slots

    def within(self, *slots: str | None) -> "Scope":
        """Return the scope with more variables."""
        return Scope(self.names, self.types, self.slots + slots)


def closure(node: Node, scope: Scope) -> Closure:
    """Return the closure of a node."""
    return COMPILERS[type(node)](node, scope)


def counts(node: Node) -> bool:
    """Return whether an evaluation of the tree takes steps from a budget."""
    counting = (Call, Filter, For, Quantified, FunctionLiteral)
    return any(isinstance(part, counting) for part in walk(node))


# Values and names


def _literal(node: Literal, scope: Scope) -> Closure:
    value = node.value
    return lambda env: value


def _temporal(node: TemporalLiteral, scope: Scope) -> Closure:
    value, fault = node.value, node.fault
    if fault is None:
        return lambda env: value
    code = fault.code
    return lambda env: env[1].fail(code)


def _name(node: Name, scope: Scope) -> Closure:
    name = node.name
    found = _global(name, scope)
    for at, slot in enumerate(scope.slots, FIRST_SLOT):
        if slot is None:
            found = _of_item(name, at, found)
        elif slot == name:
            found = operator.itemgetter(at)
    return found


def _global(name: str, scope: Scope) -> Closure:
    declared = scope.names.get(name)
    if declared is not None:
        return lambda env: env[0].get(declared)
    function = BUILTINS.get(name)
    if function is not None:
        return lambda env: function
    return lambda env: env[1].fail("feel.cause.name")


def _of_item(name: str, at: int, outer: Closure) -> Closure:
    if name == "item":

        def item(env: Env) -> Any:
            value = env[at]
            return value["item"] if type(value) is dict and "item" in value else value

        return item

    def own_or_outer(env: Env) -> Any:
        value = env[at]
        return value[name] if type(value) is dict and name in value else outer(env)

    return own_or_outer


def _path(node: Path, scope: Scope) -> Closure:
    source, name = closure(node.source, scope), node.name

    def path(env: Env) -> Any:
        value = source(env)
        if type(value) is dict and name in value:
            return value[name]
        try:
            return entry(value, name)
        except NoValue as reason:
            return env[1].fail(reason.code)

    return path


def _list(node: ListLiteral, scope: Scope) -> Closure:
    items = [closure(item, scope) for item in node.items]
    return lambda env: [item(env) for item in items]


def _context(node: ContextLiteral, scope: Scope) -> Closure:
    if len(set(node.names)) < len(node.names):
        return lambda env: env[1].fail("feel.cause.key_twice")
    names, parts = node.names, []
    for at, value in enumerate(node.values):
        inner = scope.within(*names[:at])
        if isinstance(value, FunctionLiteral):  # a function may call itself by its entry's name
            parts.append(_function(value, inner, names[at]))
        else:
            parts.append(closure(value, inner))

    def context(env: Env) -> dict[str, Any]:
        for part in parts:
            env = (*env, part(env))
        return dict(zip(names, env[len(env) - len(names) :], strict=True))

    return context


def _range(node: RangeLiteral, scope: Scope) -> Closure:
    low = closure(node.low, scope) if node.low else None
    high = closure(node.high, scope) if node.high else None
    low_closed, high_closed, sign = node.low_closed, node.high_closed, node.sign

    def bounds(env: Env) -> Any:
        start, end = low(env) if low else None, high(env) if high else None
        if sign:
            return Range(start, start, True, True, sign)
        if (low and start is None) or (high and end is None):
            return env[1].fail("feel.cause.null")
        try:
            return make_range(start, end, low_closed, high_closed)
        except NoValue as reason:
            return env[1].fail(reason.code)

    if all(isinstance(end, (Literal, TemporalLiteral)) for end in (node.low, node.high)):
        value = bounds(({}, SILENT))
        if value is not None:
            return lambda env: value
    return bounds


# Operators


def _arithmetic(node: Arithmetic, scope: Scope) -> Closure:
    first = closure(node.first, scope)
    rest = [
        (OPERATORS[sign], closure(operand, scope))
        for sign, operand in zip(node.operators, node.operands, strict=True)
    ]
    if len(rest) == 1:
        return _binary(first, node.operators[0], rest[0][1])

    def chain(env: Env) -> Any:
        try:
            value = first(env)
            for apply, operand in rest:
                value = apply(value, operand(env))
            return value
        except NoValue as reason:
            return env[1].fail(reason.code)
        except ArithmeticError:
            return env[1].fail("feel.cause.overflow")

    return chain


def _binary(left: Closure, sign: str, right: Closure) -> Closure:
    apply = OPERATORS[sign]
    quick: Callable[[Any, Any], object] = OF_NUMBERS.get(sign, apply)

    def binary(env: Env) -> Any:
        one, other = left(env), right(env)
        try:
            if type(one) is Decimal and type(other) is Decimal:
                return quick(one, other)
            return apply(one, other)
        except NoValue as reason:
            return env[1].fail(reason.code)
        except ArithmeticError:
            return env[1].fail("feel.cause.overflow")

    return binary


def _negation(node: Negation, scope: Scope) -> Closure:
    operand = closure(node.operand, scope)
    if isinstance(node.operand, Literal) and isinstance(node.operand.value, Decimal):
        value = arithmetic.negate(node.operand.value)
        return lambda env: value

    def negation(env: Env) -> Any:
        try:
            return arithmetic.negate(operand(env))
        except NoValue as reason:
            return env[1].fail(reason.code)

    return negation


def _comparison(node: Comparison, scope: Scope) -> Closure:
    return compared(node.operator, closure(node.left, scope), closure(node.right, scope))


def compared(sign: str, left: Closure, right: Closure) -> Closure:
    """Return the closure of `left sign right`."""
    if sign in ("=", "!="):
        return _equality(sign == "=", left, right)
    order = ORDERS[sign]

    def ordered(env: Env) -> Any:
        one, other = left(env), right(env)
        if type(one) is Decimal and type(other) is Decimal:
            return order(one, other)
        try:
            return order(compare(one, other), 0)
        except NoValue as reason:
            return env[1].fail(reason.code)

    return ordered


def _equality(wanted: bool, left: Closure, right: Closure) -> Closure:
    def equality(env: Env) -> Any:
        one, other = left(env), right(env)
        kind = type(one)
        if kind is type(other) and kind in PLAIN:
            return (one == other) is wanted
        same = equal(one, other)
        return env[1].fail("feel.cause.kinds") if same is None else same is wanted

    return equality


def _between(node: Between, scope: Scope) -> Closure:
    value = closure(node.value, scope)
    low, high = closure(node.low, scope), closure(node.high, scope)

    def between(env: Env) -> Any:
        held = value(env)
        at_least = compared(">=", lambda _: held, low)
        at_most = compared("<=", lambda _: held, high)
        return conjunction((at_least(env), at_most(env)))

    return between


def _logic(node: Logic, scope: Scope) -> Closure:
    parts = [closure(operand, scope) for operand in node.operands]
    decisive = node.operator == "or"  # the value that settles the whole
    if len(parts) == 2:
        return _logic_of_two(parts[0], parts[1], decisive)

    def logic(env: Env) -> Any:
        unknown = False
        for part in parts:
            value = part(env)
            if value is decisive:
                return decisive
            unknown = unknown or type(value) is not bool
        return env[1].fail("feel.cause.null") if unknown else not decisive

    return logic


def _logic_of_two(left: Closure, right: Closure, decisive: bool) -> Closure:
    def logic(env: Env) -> Any:
        one = left(env)
        if one is decisive:
            return decisive
        other = right(env)
        if other is decisive:
            return decisive
        if type(one) is bool and type(other) is bool:
            return not decisive
        return env[1].fail("feel.cause.null")

    return logic


def _if(node: If, scope: Scope) -> Closure:
    branches = [
        (closure(condition, scope), closure(value, scope))
        for condition, value in zip(node.conditions, node.values, strict=True)
    ]
    otherwise = closure(node.otherwise, scope)

    def conditional(env: Env) -> Any:
        for condition, value in branches:
            if condition(env) is True:
                return value(env)
        return otherwise(env)

    return conditional


def _in(node: In, scope: Scope) -> Closure:
    value = closure(node.value, scope)
    tests = [_test(test, scope.within(TESTED)) for test in node.tests]

    def membership(env: Env) -> Any:
        env = (*env, value(env))
        return disjunction([test(env) for test in tests])

    return membership


def _instance_of(node: InstanceOf, scope: Scope) -> Closure:
    value, kind = closure(node.value, scope), resolve(node.type, scope.types)
    if kind is None:
        return lambda env: env[1].fail("feel.cause.type")
    return lambda env: is_instance(value(env), kind)


# Calls and functions


def _call(node: Call, scope: Scope) -> Closure:
    function = closure(node.function, scope)
    arguments = [closure(argument, scope) for argument in node.arguments]
    names = node.names

    def call(env: Env) -> Any:
        called = function(env)
        if not isinstance(called, Function):
            return env[1].fail("feel.cause.function")
        given = [argument(env) for argument in arguments]
        if names is None:
            return called(env[1], given)
        return called(env[1], (), dict(zip(names, given, strict=True)))

    return call


def _function(node: FunctionLiteral, scope: Scope, own: str | None = None) -> Closure:
    if node.external:
        return lambda env: env[1].fail("feel.cause.external")
    parameters = []
    for one in node.parameters:
        kind = resolve(one.type, scope.types) if one.type else None
        parameters.append(Parameter(one.name, (kind,) if kind else ()))
    given = tuple(parameters)
    inner = scope if own is None else scope.within(own)
    body = closure(node.body, inner.within(*(one.name for one in given)))

    def function(env: Env) -> Function:
        context, variables = env[0], env[FIRST_SLOT:]

        def run(evaluation: Evaluation, *arguments: object) -> object:
            evaluation.spend(CALL_STEPS)
            return body((context, evaluation, *variables, *arguments))

        if own is None:
            return Function((Signature(given, run),))

        def recur(evaluation: Evaluation, *arguments: object) -> object:
            evaluation.spend(CALL_STEPS)
            return body((context, evaluation, *variables, made, *arguments))

        made = Function((Signature(given, recur),), own)
        return made

    return function


# Iterations


def _sources(
    variables: Sequence[Variable], scope: Scope
) -> tuple[list[tuple[Closure, Closure | None]], Scope]:
    sources: list[tuple[Closure, Closure | None]] = []
    for variable in variables:
        until = closure(variable.until, scope) if variable.until else None
        sources.append((closure(variable.source, scope), until))
        scope = scope.within(variable.name)
    return sources, scope


def _for(node: For, scope: Scope) -> Closure:
    sources, inner = _sources(node.variables, scope)
    partial = any(isinstance(part, Name) and part.name == "partial" for part in walk(node.body))
    body = closure(node.body, inner.within("partial") if partial else inner)
    return iterated(sources, body, partial)


def _quantified(node: Quantified, scope: Scope) -> Closure:
    sources, inner = _sources(node.variables, scope)
    return quantified(sources, closure(node.condition, inner), node.quantifier == "some")


def _filter(node: Filter, scope: Scope) -> Closure:
    source = closure(node.source, scope)
    index = node.condition
    if isinstance(index, Negation):
        index = index.operand
    constant = isinstance(index, Literal) and isinstance(index.value, Decimal)
    outside = closure(node.condition, scope)
    return filtered(source, outside, closure(node.condition, scope.within(None)), constant)


# Unary tests


def _tests(node: Tests, scope: Scope) -> Closure:
    tests = [_test(test, scope) for test in node.tests]
    negated = node.negated

    def cell(env: Env) -> Any:
        holds = tests[0](env) if len(tests) == 1 else disjunction([test(env) for test in tests])
        return not holds if negated and holds is not None else holds

    return cell


def _test(node: Node, scope: Scope) -> Closure:
    """Return the closure of one test; the value tested is the variable `?`."""
    tested = _name(Name(0, 0, TESTED), scope)
    if isinstance(node, Anything):
        return lambda env: True
    if isinstance(node, Compared):
        return compared(node.operator, tested, closure(node.operand, scope))
    value = closure(node, scope)
    bounds = isinstance(node, RangeLiteral)  # one that cannot be made holds nobody knows what
    asks = any(isinstance(part, Name) and part.name == TESTED for part in walk(node))

    def test(env: Env) -> Any:
        wanted = value(env)
        # A question about the value that has no answer is none: null does not pass as "null".
        if (asks and (wanted is None or type(wanted) is bool)) or (bounds and wanted is None):
            return wanted
        return belongs(tested(env), wanted)

    return test


COMPILERS: Mapping[type[Node], Callable[[Any, Scope], Closure]] = {
    Literal: _literal,
    TemporalLiteral: _temporal,
    Name: _name,
    Path: _path,
    Filter: _filter,
    Call: _call,
    Arithmetic: _arithmetic,
    Negation: _negation,
    Comparison: _comparison,
    Between: _between,
    In: _in,
    Logic: _logic,
    If: _if,
    For: _for,
    Quantified: _quantified,
    ListLiteral: _list,
    ContextLiteral: _context,
    RangeLiteral: _range,
    InstanceOf: _instance_of,
    FunctionLiteral: _function,
    Tests: _tests,
}
