"""FEEL text to a callable: what gateways, tables, forms and timers evaluate.

An expression is immutable and safe under threads; it reads no clock and no name but the
declared ones, and it never raises but Invalid("feel.budget", …).
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from engine.feel.builtins import BUILTIN_NAMES
from engine.feel.closures import TESTED, Closure, Scope, closure, counts
from engine.feel.evaluation import MOST_DEPTH, SILENT, Evaluation, over
from engine.feel.kinds import Kind
from engine.feel.nodes import Node, Tests
from engine.feel.parse import parse, parse_tests
from engine.feel.scan import normalised

NO_TYPES: Mapping[str, Kind] = {}


class Expression:
    """An expression ready to be evaluated; `text` as written, `tree` as read."""

    __slots__ = ("_counts", "_run", "text", "tree")

    def __init__(self, text: str, tree: Node, run: Closure) -> None:
        self.text, self.tree, self._run = text, tree, run
        self._counts = counts(tree)

    def __call__(
        self,
        context: Mapping[str, object],
        *,
        moment: datetime | None = None,
        evaluation: Evaluation | None = None,
    ) -> object:
        """Return the FEEL value for a context of FEEL values by name.

        `moment` is what `now()` answers; `evaluation` shares budget and moment with a decision.
        """
        if evaluation is None:
            evaluation = Evaluation(moment) if self._counts else SILENT
        try:
            return self._run((context, evaluation))
        except RecursionError:
            raise over("depth", MOST_DEPTH) from None

    def explain(
        self,
        context: Mapping[str, object],
        *,
        moment: datetime | None = None,
        evaluation: Evaluation | None = None,
    ) -> tuple[object, str | None]:
        """Return the value and, when it is null by an error, the first cause (`feel.cause.…`)."""
        evaluation = evaluation or Evaluation(moment)
        value = self(context, evaluation=evaluation)
        return value, evaluation.cause if value is None else None


class UnaryTests:
    """A cell of a decision table: tests on a value, joined by or."""

    __slots__ = ("_counts", "_run", "text", "tree")

    def __init__(self, text: str, tree: Tests, run: Closure) -> None:
        self.text, self.tree, self._run = text, tree, run
        self._counts = counts(tree)

    def __call__(
        self,
        value: object,
        context: Mapping[str, object],
        *,
        moment: datetime | None = None,
        evaluation: Evaluation | None = None,
    ) -> bool | None:
        """Return whether the value passes; null when that cannot be computed."""
        if evaluation is None:
            evaluation = Evaluation(moment) if self._counts else SILENT
        try:
            holds = self._run((context, evaluation, value))
        except RecursionError:
            raise over("depth", MOST_DEPTH) from None
        return holds if holds is None or isinstance(holds, bool) else None

    def explain(
        self,
        value: object,
        context: Mapping[str, object],
        *,
        moment: datetime | None = None,
        evaluation: Evaluation | None = None,
    ) -> tuple[bool | None, str | None]:
        """Return the answer and, when it is null by an error, the first cause."""
        evaluation = evaluation or Evaluation(moment)
        holds = self(value, context, evaluation=evaluation)
        return holds, evaluation.cause if holds is None else None


def expression(
    text: str,
    names: Collection[str],
    *,
    types: Mapping[str, Kind] = NO_TYPES,
    fields: Collection[str] = (),
) -> Expression:
    """Return the compiled expression.

    `names` are the names of the context, `types` what user-defined type names mean, `fields`
    names of entries with spaces or operators in them, as item definitions declare them.
    Invalid `feel.syntax` (text, line, column, offset, near, expected), `feel.too_deep`,
    `feel.too_long`.
    """
    tree = parse(text, names, BUILTIN_NAMES, fields, types)
    scope = Scope({normalised(name): name for name in names}, types)
    return Expression(text, tree, closure(tree, scope))


def unary_tests(
    text: str,
    names: Collection[str],
    *,
    types: Mapping[str, Kind] = NO_TYPES,
    fields: Collection[str] = (),
) -> UnaryTests:
    """Return the compiled unary tests of a cell; `?` is the value tested. Errors as above."""
    tree = parse_tests(text, names, BUILTIN_NAMES, fields, types)
    scope = Scope({normalised(name): name for name in names}, types, (TESTED,))
    return UnaryTests(text, tree, closure(tree, scope))
