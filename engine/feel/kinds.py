"""Kinds of values (types), functions with typed parameters, and the coercion between them.

Source: DMN 1.5, 10.3.2.9 (conformance and coercion), 10.3.2.13.3 (instance of).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engine.feel.evaluation import MOST_CALLS, Evaluation, NoValue, over
from engine.feel.nodes import TypeName
from engine.feel.temporal import Date, DateTime, DaysDuration, Time, YearsDuration
from engine.feel.values import Range, midnight


@dataclass(frozen=True)
class Kind:
    """What values a name may hold.

    `name` is one of BASES. `of` is the kind of the items of a list or of the ends of a range,
    `entries` the kinds of a context's entries, `parameters` and `result` those of a function;
    None everywhere says nothing. `allowed` is asked about a value that is not null (the allowed
    values of an item definition) and `choices` lists them where they are plain literals.
    """

    name: str
    of: "Kind | None" = None
    entries: Mapping[str, "Kind"] | None = None
    parameters: tuple["Kind", ...] | None = None
    result: "Kind | None" = None
    allowed: Callable[[object], bool | None] | None = None
    choices: tuple[object, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether the class of a value says all: no items, entries or allowed values to ask."""
        return self.of is None and self.entries is None and self.allowed is None

    def __str__(self) -> str:
        if self.of is not None:
            return f"{self.name}<{self.of}>"
        if self.entries is not None:
            return f"context<{', '.join(f'{name}: {kind}' for name, kind in self.entries.items())}>"
        if self.parameters is not None:
            given = ", ".join(str(kind) for kind in self.parameters)
            return f"function<{given}> -> {self.result or ANY}"
        return self.name


PYTHON: Mapping[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "days and time duration": DaysDuration,
    "years and months duration": YearsDuration,
    "list": list,
    "context": dict,
    "range": Range,
}
BASES: Mapping[str, Kind] = {
    name: Kind(name) for name in (*PYTHON, "function", "duration", "Any", "Null")
}
ANY, NULL, NUMBER, STRING, BOOLEAN = (
    BASES[name] for name in ("Any", "Null", "number", "string", "boolean")
)
DATE, TIME, DATE_TIME = BASES["date"], BASES["time"], BASES["date and time"]
DAYS, YEARS = BASES["days and time duration"], BASES["years and months duration"]
LIST, CONTEXT, RANGE, FUNCTION = (BASES[name] for name in ("list", "context", "range", "function"))
# Names of the DMN schema for the same kinds.
ALIASES: Mapping[str, Kind] = {
    "dateTime": DATE_TIME,
    "dayTimeDuration": DAYS,
    "yearMonthDuration": YEARS,
    "days and time duration": DAYS,
}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function: unknown kind = any value; `many` takes all that follow."""

    name: str
    kinds: tuple[Kind, ...] = ()
    optional: bool = False
    many: bool = False
    nullable: bool = True
    python: type | None = field(init=False, default=None)  # the class of its values, if it is one

    def __post_init__(self) -> None:
        if len(self.kinds) == 1 and self.kinds[0] == BASES[self.kinds[0].name]:
            object.__setattr__(self, "python", PYTHON.get(self.kinds[0].name))


@dataclass(frozen=True)
class Signature:
    """One way to call a function; `body` gets the evaluation and the coerced arguments."""

    parameters: tuple[Parameter, ...]
    body: Callable[..., object]
    result: Kind | None = None

    def bind(
        self, positional: Sequence[object], named: Mapping[str, object] | None = None
    ) -> list[object]:
        """Return the coerced arguments; NoValue when number, names or kinds do not fit."""
        if named is not None:
            return self._bind_named(named)
        parameters = self.parameters
        given = len(positional)
        if parameters and parameters[-1].many:
            last = parameters[-1]
            parameters = parameters[:-1] + (last,) * max(1, given - len(parameters) + 1)
        if given > len(parameters):
            raise NoValue("feel.cause.arguments")
        if given < len(parameters) and not parameters[given].optional:
            raise NoValue("feel.cause.arguments")
        return [
            value if type(value) is parameter.python else argument(value, parameter)
            for value, parameter in zip(positional, parameters, strict=False)
        ]

    def _bind_named(self, named: Mapping[str, object]) -> list[object]:
        names = {parameter.name for parameter in self.parameters}
        if not named.keys() <= names:
            raise NoValue("feel.cause.arguments")
        bound: list[object] = []
        for parameter in self.parameters:
            if parameter.name in named:
                bound.append(argument(named[parameter.name], parameter))
            elif parameter.optional:
                bound.append(None)
            else:
                raise NoValue("feel.cause.arguments")
        return bound


def argument(value: object, parameter: Parameter) -> object:
    """Return the value as the parameter takes it; NoValue when no kind of it fits."""
    if not parameter.kinds:
        return value
    if value is None:
        if parameter.nullable or parameter.optional:
            return None
        raise NoValue("feel.cause.null")
    for kind in parameter.kinds:
        if is_instance(value, kind, allowed=True):
            return value
    for kind in parameter.kinds:
        coerced = coerce(value, kind)
        if coerced is not None:
            return coerced
    raise NoValue("feel.cause.argument")


@dataclass(frozen=True, eq=False)
class Function:
    """A function value: built in, written in FEEL, or made by a caller (business knowledge)."""

    signatures: tuple[Signature, ...]
    name: str = ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of its first signature."""
        return self.signatures[0].parameters

    @property
    def result(self) -> Kind | None:
        """The kind of its result, if it is declared."""
        return self.signatures[0].result

    def __call__(
        self,
        evaluation: Evaluation,
        positional: Sequence[object] = (),
        named: Mapping[str, object] | None = None,
    ) -> object:
        """Return its value for arguments by position or by name, within the evaluation's budget.

        null, with the cause kept in the evaluation, when the arguments do not fit or the body
        cannot be computed; Invalid("feel.budget") when a limit is hit.
        """
        evaluation.spend()
        evaluation.calls += 1
        try:
            if evaluation.calls > MOST_CALLS:
                raise over("calls", MOST_CALLS)
            return self._answer(evaluation, positional, named)
        except NoValue as reason:
            evaluation.fail(reason.code)
        except ArithmeticError:
            evaluation.fail("feel.cause.overflow")
        finally:
            evaluation.calls -= 1
        return None

    def _answer(
        self,
        evaluation: Evaluation,
        positional: Sequence[object],
        named: Mapping[str, object] | None,
    ) -> object:
        refused: NoValue | None = None
        for signature in self.signatures:
            try:
                bound = signature.bind(positional, named)
            except NoValue as reason:
                refused = refused if refused and reason.code.endswith("arguments") else reason
            else:
                value = signature.body(evaluation, *bound)
                if signature.result is not None and value is not None:
                    return coerce(value, signature.result)
                return value
        raise refused or NoValue("feel.cause.arguments")


def resolve(tree: TypeName, types: Mapping[str, Kind]) -> Kind | None:
    """Return the kind that a type's name means, or None when nothing declares it."""
    own = types.get(tree.name)
    if own is not None and tree.parts is None:
        return own
    base = BASES.get(tree.name) or ALIASES.get(tree.name)
    if base is None or tree.parts is None:
        return base
    parts = [resolve(part, types) for part in tree.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if tree.name == "context":
        return Kind("context", entries=dict(zip(tree.names or (), known, strict=True)))
    if tree.name == "function":
        result = resolve(tree.result, types) if tree.result else None
        if tree.result is not None and result is None:
            return None
        return Kind("function", parameters=tuple(known), result=result)
    return Kind(tree.name, of=known[0]) if len(known) == 1 else None


def is_instance(
    value: object, kind: Kind, allowed: bool = False, budget: Evaluation | None = None
) -> bool:
    """Return whether the value, not null, is of the kind; null is of kind Null alone.

    Allowed values are asked about only when `allowed` is set: they bind names, not kinds.
    """
    name = kind.name
    if name == "Any":
        return value is not None
    if value is None:
        return name == "Null"
    python = PYTHON.get(name)
    if python is not None:
        if type(value) is not python:
            return False
    elif name == "function":
        return isinstance(value, Function) and _callable_as(value, kind)
    elif name == "duration":
        return isinstance(value, (DaysDuration, YearsDuration))
    else:
        return False
    return kind.plain or _details(value, kind, allowed, budget or Evaluation())


def _details(value: object, kind: Kind, allowed: bool, budget: Evaluation) -> bool:
    of = kind.of
    if of is not None and isinstance(value, list):
        budget.spend(len(value))
        if not all(item is None or is_instance(item, of, allowed, budget) for item in value):
            return False
    elif of is not None and isinstance(value, Range):
        if not all(end is None or is_instance(end, of) for end in (value.low, value.high)):
            return False
    elif kind.entries is not None and isinstance(value, dict):
        for name, entry in kind.entries.items():
            held = value.get(name)
            if name not in value or (
                held is not None and not is_instance(held, entry, allowed, budget)
            ):
                return False
    return not allowed or kind.allowed is None or kind.allowed(value) is True


def conforms(value: object, kind: Kind) -> bool:
    """Return whether a name of the kind may hold the value: null, or of its allowed values."""
    return value is None or is_instance(value, kind, allowed=True)


def _callable_as(function: Function, kind: Kind) -> bool:
    if kind.parameters is None:
        return True
    parameters = function.parameters
    if len(parameters) != len(kind.parameters):
        return False
    for parameter, wanted in zip(parameters, kind.parameters, strict=True):
        if parameter.kinds and not any(fits(wanted, own) for own in parameter.kinds):
            return False
    if kind.result is None or function.result is None:
        return True
    return fits(function.result, kind.result)


def fits(kind: Kind, wanted: Kind) -> bool:
    """Return whether every value of the one kind is a value of the other (10.3.2.9.2)."""
    if wanted.name == "Any" or kind.name == "Null":
        return True
    if kind.name != wanted.name:
        return wanted.name == "duration" and kind in (DAYS, YEARS)
    if wanted.of is not None:
        return kind.of is not None and fits(kind.of, wanted.of)
    if wanted.entries is not None:
        own = kind.entries or {}
        return all(name in own and fits(own[name], entry) for name, entry in wanted.entries.items())
    if wanted.parameters is not None:
        own_parameters = kind.parameters or ()
        return (
            len(own_parameters) == len(wanted.parameters)
            and all(
                fits(theirs, ours)
                for ours, theirs in zip(own_parameters, wanted.parameters, strict=True)
            )
            and fits(kind.result or ANY, wanted.result or ANY)
        )
    return True


def coerce(value: object, kind: Kind) -> object:
    """Return the value as the kind has it, or null when it cannot be (10.3.2.9.4).

    A list of one becomes its item, a value a list of one, a date its midnight; one such step.
    """
    if conforms(value, kind):
        return value
    changed: object = None
    if isinstance(value, list):
        changed = value[0] if len(value) == 1 else None
    elif kind.name == "list":
        changed = [value]
    elif kind.name == "date and time" and isinstance(value, Date):
        changed = midnight(value)
    return changed if conforms(changed, kind) else None
