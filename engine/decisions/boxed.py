"""Boxed expressions as closures: a scope of values in, a FEEL value out (DMN 1.5, 10.2)."""

from collections.abc import Callable, Mapping

from engine.decisions.model import (
    Boxed,
    BoxedContext,
    BoxedFunction,
    BoxedList,
    Conditional,
    DecisionTable,
    Filter,
    Invocation,
    Iteration,
    Literal,
    Relation,
    Variable,
)
from engine.decisions.rows import Names, compile_rows
from engine.feel.compile import expression
from engine.feel.evaluation import Evaluation
from engine.feel.kinds import Function, Kind, Parameter, Signature, coerce
from engine.feel.values import conjunction, disjunction

Scope = Mapping[str, object]
Run = Callable[[Scope, Evaluation], object]
# What an iteration runs over: the items of a list, the numbers or days of a range.
ITEMS = expression("for item in source return item", ("source",))


def compile_boxed(boxed: Boxed, names: Names, whole: str | None = None) -> Run:
    """Return the closure of a boxed expression; `whole` is the type of what it makes.

    Raises Invalid with the codes of FEEL and `at_line`, and Invalid `dmn.unknown_type`.
    """
    run = _run(boxed, names, whole)
    # The type reference of a function is that of the function, checked where it is called.
    if isinstance(boxed, BoxedFunction) or (kind := names.kind(boxed.type)) is None:
        return run
    wanted: Kind = kind
    return lambda scope, evaluation: coerce(run(scope, evaluation), wanted)


def _run(boxed: Boxed, names: Names, whole: str | None) -> Run:
    match boxed:
        case Literal():
            return _literal(boxed, names)
        case DecisionTable():
            return compile_rows(boxed, names, whole)
        case BoxedContext():
            return _context(boxed, names)
        case BoxedList():
            items = [compile_boxed(item, names) for item in boxed.items]
            return lambda scope, evaluation: [item(scope, evaluation) for item in items]
        case Relation():
            return _relation(boxed, names)
        case Invocation():
            return _invocation(boxed, names)
        case BoxedFunction():
            return lambda scope, evaluation: function_of(boxed, names, scope)
        case Conditional():
            return _conditional(boxed, names)
        case Filter():
            return _filter(boxed, names)
        case Iteration():
            return _iteration(boxed, names)


def _literal(boxed: Literal, names: Names) -> Run:
    found = names.expression(boxed.text, at_line=boxed.line)
    return lambda scope, evaluation: found(scope, evaluation=evaluation)


def _typed(variable: Variable, run: Run, names: Names) -> Run:
    kind = names.kind(variable.type)
    if kind is None:
        return run
    wanted: Kind = kind
    return lambda scope, evaluation: coerce(run(scope, evaluation), wanted)


def _context(boxed: BoxedContext, names: Names) -> Run:
    entries: list[tuple[str | None, Run]] = []
    for entry in boxed.entries:
        run = compile_boxed(entry.value, names)
        if entry.variable is None:
            entries.append((None, run))
        else:
            entries.append((entry.variable.name, _typed(entry.variable, run, names)))
            names = names.with_(entry.variable.name)

    def evaluate(scope: Scope, evaluation: Evaluation) -> object:
        inner, made = dict(scope), dict[str, object]()
        for name, run in entries:
            value = run(inner, evaluation)
            if name is None:
                return value
            inner[name] = made[name] = value
        return made

    return evaluate


def _relation(boxed: Relation, names: Names) -> Run:
    rows = [
        [
            (column.name, _typed(column, compile_boxed(cell, names), names))
            for column, cell in zip(boxed.columns, row, strict=False)
        ]
        for row in boxed.rows
    ]
    return lambda scope, evaluation: [
        {name: run(scope, evaluation) for name, run in row} for row in rows
    ]


def _invocation(boxed: Invocation, names: Names) -> Run:
    callee = compile_boxed(boxed.callee, names)
    bindings = [(name, compile_boxed(value, names)) for name, value in boxed.bindings]

    def evaluate(scope: Scope, evaluation: Evaluation) -> object:
        function = callee(scope, evaluation)
        if not isinstance(function, Function):
            evaluation.fail("feel.cause.no_function")
            return None
        return function(evaluation, named={name: run(scope, evaluation) for name, run in bindings})

    return evaluate


def function_of(
    boxed: BoxedFunction,
    names: Names,
    scope: Scope,
    name: str = "",
    result: Kind | None = None,
) -> Function | None:
    """Return the function value; it keeps the scope that it was made in. External code: null."""
    if boxed.kind != "FEEL":
        return None
    own = [parameter.name for parameter in boxed.parameters]
    run = None if boxed.body is None else compile_boxed(boxed.body, names.with_(*own))

    def body(evaluation: Evaluation, *arguments: object) -> object:
        if run is None:
            return None
        return run({**scope, **dict(zip(own, arguments, strict=True))}, evaluation)

    return Function((Signature(_parameters(boxed, names), body, result),), name)


def _parameters(boxed: BoxedFunction, names: Names) -> tuple[Parameter, ...]:
    found = []
    for parameter in boxed.parameters:
        kind = names.kind(parameter.type)
        found.append(Parameter(parameter.name, () if kind is None else (kind,)))
    return tuple(found)


def _conditional(boxed: Conditional, names: Names) -> Run:
    condition = compile_boxed(boxed.condition, names)
    then, otherwise = compile_boxed(boxed.then, names), compile_boxed(boxed.otherwise, names)

    def evaluate(scope: Scope, evaluation: Evaluation) -> object:
        holds = condition(scope, evaluation)
        if holds is not None and not isinstance(holds, bool):
            evaluation.fail("feel.cause.no_boolean")
            return None
        return then(scope, evaluation) if holds is True else otherwise(scope, evaluation)

    return evaluate


def _filter(boxed: Filter, names: Names) -> Run:
    source = compile_boxed(boxed.source, names)
    # Entries of the items are names of the condition; which there are is known at run time only.
    match = compile_boxed(boxed.match, names.with_("item", *names.fields))

    def evaluate(scope: Scope, evaluation: Evaluation) -> object:
        items = source(scope, evaluation)
        if items is None:
            return None
        found = []
        for item in items if isinstance(items, list) else [items]:
            evaluation.spend()
            entries = item if isinstance(item, dict) else {}
            holds = match({**scope, **entries, "item": item}, evaluation)
            if not isinstance(holds, bool) and holds is not None:
                evaluation.fail("feel.cause.no_boolean")
                return None
            if holds is True:
                found.append(item)
        return found

    return evaluate


def _iteration(boxed: Iteration, names: Names) -> Run:
    source = compile_boxed(boxed.source, names)
    loop = boxed.kind == "for"
    body = compile_boxed(boxed.body, names.with_(boxed.variable, *(("partial",) if loop else ())))

    def evaluate(scope: Scope, evaluation: Evaluation) -> object:
        items = ITEMS({"source": source(scope, evaluation)}, evaluation=evaluation)
        if not isinstance(items, list):
            return None
        found: list[object] = []
        for item in items:
            here = {**scope, boxed.variable: item}
            if loop:
                evaluation.spend(1 + len(found) // 128)
                here["partial"] = found[:]
            found.append(body(here, evaluation))
        if loop:
            return found
        if not all(one is None or isinstance(one, bool) for one in found):
            evaluation.fail("feel.cause.no_boolean")
            return None
        return disjunction(found) if boxed.kind == "some" else conjunction(found)

    return evaluate
