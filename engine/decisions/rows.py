"""The cells of a decision table, compiled: which rows hold for one set of facts, row by row.

This is the plain reading of a table; the index must find the same rows (property-tested).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.decisions.cells import Cell, read_cell
from engine.decisions.hits import Hit, aggregate, choose
from engine.decisions.model import DecisionTable, Output
from engine.feel.compile import Expression, UnaryTests, expression, unary_tests
from engine.feel.evaluation import Evaluation
from engine.feel.kinds import ALIASES, ANY, BASES, Kind, coerce
from engine.kernel.errors import HallError, Invalid

Facts = Mapping[str, object]


@dataclass(frozen=True)
class Names:
    """What the texts of one place may use: names of values, types, names of entries."""

    values: frozenset[str]
    kinds: Mapping[str, Kind]
    fields: frozenset[str] = frozenset()

    def with_(self, *names: str) -> "Names":
        """Return the same with more names of values."""
        return replace(self, values=self.values | set(names))

    def expression(self, text: str, **place: object) -> Expression:
        """Return the compiled expression; an error says its place too."""
        try:
            return expression(text, self.values, types=self.kinds, fields=self.fields)
        except Invalid as error:
            raise _placed(error, place) from error

    def tests(self, text: str, **place: object) -> UnaryTests:
        """Return the compiled cell; an error says its place too."""
        try:
            return unary_tests(text, self.values, types=self.kinds, fields=self.fields)
        except Invalid as error:
            raise _placed(error, place) from error

    def kind(self, name: str | None, line: int = 0) -> Kind | None:
        """Return what a type reference means, None for any; Invalid `dmn.unknown_type`."""
        if name is None:
            return None
        found = self.kinds.get(name) or BASES.get(name) or ALIASES.get(name)
        if found is None:
            raise Invalid("dmn.unknown_type", name=name, line=line)
        return None if found is ANY else found


def _placed(error: HallError, place: Mapping[str, object]) -> Invalid:
    """The error with its place in the file: `at_line`, and row and cell of a table."""
    return Invalid(error.code, **{**error.params, **place})


@dataclass(frozen=True)
class Rows:
    """A table ready to be evaluated; `cells` are the plain ones, None where only running tells."""

    table: DecisionTable
    inputs: tuple[Expression, ...]
    kinds: tuple[Kind | None, ...]
    tests: tuple[tuple[UnaryTests, ...], ...]
    cells: tuple[tuple[Cell | None, ...], ...]
    values: tuple[tuple[Expression, ...], ...]
    output_kinds: tuple[Kind | None, ...]
    defaults: tuple[Expression | None, ...]
    orders: tuple[tuple[object, ...], ...]

    def judge(self, facts: Facts, evaluation: Evaluation) -> tuple[object, ...]:
        """Return the value of each input column."""
        return tuple(
            _as(run(facts, evaluation=evaluation), kind)
            for run, kind in zip(self.inputs, self.kinds, strict=True)
        )

    def hits(
        self, judged: Sequence[object], facts: Facts, evaluation: Evaluation
    ) -> tuple[int, ...]:
        """Return the places of the rows of which every cell holds."""
        return tuple(
            place
            for place, tests in enumerate(self.tests)
            if all(
                test(value, facts, evaluation=evaluation) is True
                for test, value in zip(tests, judged, strict=True)
            )
        )

    def hit(self, place: int, facts: Facts, evaluation: Evaluation) -> Hit:
        """Return a row with the values of its outputs."""
        values = tuple(
            _as(run(facts, evaluation=evaluation), kind)
            for run, kind in zip(self.values[place], self.output_kinds, strict=True)
        )
        return Hit(place, self.table.rules[place].id, values)

    def chosen(
        self, places: Sequence[int], facts: Facts, evaluation: Evaluation
    ) -> tuple[Hit, ...]:
        """Return the rows that make the outcome (hit policy); Conflict as in `choose`."""
        found = [self.hit(place, facts, evaluation) for place in places]
        return choose(self.table.policy, found, self.orders)

    def outcome(self, chosen: Sequence[Hit], facts: Facts, evaluation: Evaluation) -> object:
        """Return the outcome as DMN has it: a value, a context by output name, a list, null."""
        if not chosen:
            if not any(self.defaults):
                return None
            return self._value(
                [
                    None if run is None else _as(run(facts, evaluation=evaluation), kind)
                    for run, kind in zip(self.defaults, self.output_kinds, strict=True)
                ]
            )
        if self.table.aggregation is not None:
            return aggregate(self.table.aggregation, [hit.values[0] for hit in chosen])
        if self.table.policy.single:
            return self._value(chosen[0].values)
        return [self._value(hit.values) for hit in chosen]

    def __call__(self, facts: Facts, evaluation: Evaluation) -> object:
        """Return the outcome for the values of a scope."""
        places = self.hits(self.judge(facts, evaluation), facts, evaluation)
        return self.outcome(self.chosen(places, facts, evaluation), facts, evaluation)

    def _value(self, values: Sequence[object]) -> object:
        outputs = self.table.outputs
        if len(outputs) == 1:
            return values[0]
        return {output.name: value for output, value in zip(outputs, values, strict=True)}


def _as(value: object, kind: Kind | None) -> object:
    return value if kind is None else coerce(value, kind)


def compile_rows(table: DecisionTable, names: Names, whole: str | None = None) -> Rows:
    """Return the table ready to be evaluated; `whole` is the type of the decision it makes.

    Raises Invalid with the codes of FEEL, `row` (number), `cell` (number of the column or output)
    and `at_line`; Invalid `dmn.unknown_type`.
    """
    inputs = [
        names.expression(column.expression.text, at_line=column.expression.line, cell=number)
        for number, column in enumerate(table.columns, 1)
    ]
    known: dict[str, UnaryTests] = {}
    for rule in table.rules:
        for number, text in enumerate(rule.tests, 1):
            if text not in known:
                place = {"row": rule.number, "cell": number, "at_line": rule.line}
                known[text] = names.tests(text, **place)
    tests = tuple(tuple(known[text] for text in rule.tests) for rule in table.rules)
    cells = {text: read_cell(test.tree) for text, test in known.items()}
    first = len(table.columns) + 1
    return Rows(
        table,
        tuple(inputs),
        tuple(
            names.kind(column.expression.type, column.expression.line) for column in table.columns
        ),
        tests,
        tuple(tuple(cells[text] for text in rule.tests) for rule in table.rules),
        tuple(
            tuple(
                names.expression(text, row=rule.number, cell=number, at_line=rule.line)
                for number, text in enumerate(rule.outputs, first)
            )
            for rule in table.rules
        ),
        tuple(names.kind(output.type, table.line) for output in table.outputs),
        tuple(
            None if output.default is None else names.expression(output.default, at_line=table.line)
            for output in table.outputs
        ),
        tuple(_order(output, table, names, whole) for output in table.outputs),
    )


def _order(
    output: Output, table: DecisionTable, names: Names, whole: str | None
) -> tuple[object, ...]:
    """The allowed values of an output in order of priority: its own, or those of its type."""
    if output.allowed is not None:
        listed = names.expression(f"[{output.allowed}]", at_line=table.line)({})
        return tuple(listed) if isinstance(listed, list) else ()
    kinds: Collection[Kind | None] = (
        names.kind(output.type),
        *((names.kind(table.type), names.kind(whole)) if len(table.outputs) == 1 else ()),
    )
    return next((kind.choices for kind in kinds if kind is not None and kind.choices), ())
