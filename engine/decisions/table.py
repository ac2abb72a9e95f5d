"""A decision table of the hall: a DMN file whose inputs and outputs are known facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.decisions.dmn import read_model
from engine.decisions.evaluate import Program, compile_model
from engine.decisions.given import NOTHING_NEAR
from engine.decisions.index import Index
from engine.decisions.model import DecisionNode, DecisionTable, Element, InputData, Model
from engine.decisions.rows import Rows, compile_rows
from engine.domain.facts import FACTS, Fact, FactKind, by_name, nearest
from engine.domain.versions import Moment
from engine.feel import nodes
from engine.feel.check import check
from engine.feel.compile import Expression, UnaryTests
from engine.feel.evaluation import Evaluation
from engine.feel.kinds import ANY, BASES, Kind
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Invalid

BASIS, NOTE = "依据", "说明"
CLOCKS = frozenset({"now", "today"})
FEEL_KINDS = {
    FactKind.NUMBER: "number",
    FactKind.STRING: "string",
    FactKind.BOOLEAN: "boolean",
    FactKind.DATE: "date",
    FactKind.ENUMERATION: "string",
}


@dataclass(frozen=True)
class Draft:
    """A table read and compiled, not yet proved; `version` is the digest of its bytes.

    `direct` names the fact of each column that asks for one fact and nothing else; `node` is
    the decision in `program`, which computes what the table requires besides facts; `plain`
    tables require nothing but facts. `order` are the places of the columns' facts among the
    inputs where every column asks for one fact and takes every value that the fact may have.
    `moment` says which version judges a case.
    """

    id: str
    name: str
    version: str
    question: str
    inputs: tuple[Fact, ...]
    outputs: tuple[Fact, ...]
    rows: Rows
    index: Index
    program: Program
    node: DecisionNode
    direct: tuple[Fact | None, ...]
    plain: bool
    order: tuple[int, ...] | None
    names: tuple[str, ...]
    moment: Moment = Moment.ACCEPTANCE

    @property
    def source(self) -> DecisionTable:
        """The table as the file has it."""
        return self.rows.table

    def basis(self, place: int) -> str:
        """Return the legal basis of a row; empty when none is given."""
        return self._annotation(place, BASIS)

    def note(self, place: int) -> str:
        """Return what the policy staff noted beside a row."""
        return self._annotation(place, NOTE)

    def scope(self, facts: Sequence[object], evaluation: Evaluation) -> dict[str, object]:
        """Return the values that the table sees, for FEEL values of the inputs in order."""
        given = dict(zip(self.names, facts, strict=True))
        return given if self.plain else self.program.scope_of(self.node, given, evaluation)

    def judged(
        self, facts: Sequence[object], scope: Mapping[str, object], evaluation: Evaluation
    ) -> Sequence[object]:
        """Return the value of each column, for FEEL values of the inputs and their scope."""
        if self.order is not None:
            return [facts[place] for place in self.order]
        return self.rows.judge(scope, evaluation)

    def _annotation(self, place: int, name: str) -> str:
        names, texts = self.source.annotations, self.source.rules[place].annotations
        return next((text for own, text in zip(names, texts, strict=False) if own == name), "")


def read_draft(xml: bytes) -> Draft:
    """Return the table of a DMN file, compiled.

    The file holds one decision that no other requires; its logic is a decision table. Raises
    Invalid: `xml.…` and `dmn.…` (see `read_model`), `feel.…` (row, cell, line, column, near),
    `table.one_decision` (found), `table.moment` (table, value, allowed), `table.no_table` (table),
    `table.unknown_input` and `table.unknown_output` (table, input or output, nearest),
    `table.wrong_kind` (table, name, kind, expected), the problems that `feel.check` finds (table,
    row, cell, line, column) and `table.clock` (table, row, cell, name): what reads the clock
    cannot be recomputed.
    """
    model = read_model(xml)
    node = _the_decision(model)
    if not isinstance(node.logic, DecisionTable):
        raise Invalid("table.no_table", table=node.id)
    inputs = tuple(_fact(node.id, "input", item.variable.name) for item in model.inputs)
    outputs = tuple(_fact(node.id, "output", output.name) for output in node.logic.outputs)
    program = compile_model(model.namespace, {model.namespace: model})
    if program.faults:
        raise next(iter(program.faults.values()))
    for item, fact in zip(model.inputs, inputs, strict=True):
        _same_kind(node.id, fact, program.kind(item))
    made = program.logic(node)
    if not isinstance(made, Rows):  # the table as a whole has a type: its rows stand inside
        made = compile_rows(node.logic, program.names_of(node), node.variable.type)
    rows = _typed(made, inputs)
    for fact, kind in zip(outputs, rows.output_kinds, strict=True):
        _same_kind(node.id, fact, kind)
    kinds = dict.fromkeys(program.names_of(node).values, ANY)
    kinds |= {fact.zh: BASES[FEEL_KINDS[fact.kind]] for fact in inputs if fact.zh in kinds}
    _refuse_problems(node.id, rows, kinds)
    direct = tuple(_direct(run.tree) for run in rows.inputs)
    plain = all(_is_fact(program.find(need)[1]) for need in node.requires)
    return Draft(
        node.id,
        node.name,
        fingerprint(xml),
        node.question,
        inputs,
        outputs,
        rows,
        Index(rows),
        program,
        node,
        direct,
        plain,
        _order(rows, inputs, direct) if plain else None,
        tuple(item.name for item in model.inputs),
        _moment(node),
    )


def _moment(node: DecisionNode) -> Moment:
    if node.moment is None:
        return Moment.ACCEPTANCE
    if node.moment not in set(Moment):
        raise Invalid(
            "table.moment",
            table=node.id,
            value=node.moment,
            allowed=" ".join(Moment),
            line=node.line,
        )
    return Moment(node.moment)


def _the_decision(model: Model) -> DecisionNode:
    required = {reference.id for node in model.decisions for reference in node.requires}
    last = [node for node in model.decisions if node.id not in required]
    if len(last) != 1:
        raise Invalid("table.one_decision", found=len(last))
    return last[0]


def _is_fact(element: Element) -> bool:
    return isinstance(element, InputData) and element.name == element.variable.name


def _fact(table: str, place: str, name: str) -> Fact:
    fact = by_name(name)
    if fact is None:
        code = "table.unknown_input" if place == "input" else "table.unknown_output"
        close = nearest(name, [one.zh for one in FACTS]) or NOTHING_NEAR
        raise Invalid(code, table=table, nearest=close, **{place: name})
    return fact


def _same_kind(table: str, fact: Fact, kind: Kind | None) -> None:
    expected = FEEL_KINDS[fact.kind]
    if kind is not None and kind.name != expected:
        raise Invalid(
            "table.wrong_kind", table=table, name=fact.zh, kind=kind.name, expected=expected
        )


def _direct(tree: nodes.Node) -> Fact | None:
    return by_name(tree.name) if isinstance(tree, nodes.Name) else None


def _order(
    rows: Rows, inputs: Sequence[Fact], direct: Sequence[Fact | None]
) -> tuple[int, ...] | None:
    order = []
    for fact, kind in zip(direct, rows.kinds, strict=True):
        if fact is None or fact not in inputs or kind is None:
            return None
        if kind.allowed is not None and not (fact.codes and set(fact.codes) <= set(kind.choices)):
            return None
        order.append(list(inputs).index(fact))
    return tuple(order)


def _typed(rows: Rows, inputs: Sequence[Fact]) -> Rows:
    """The rows with the kind of the fact in every column that declares none."""
    kinds = []
    for kind, run in zip(rows.kinds, rows.inputs, strict=True):
        fact = _direct(run.tree)
        if kind is None and fact in inputs and fact is not None:
            kind = BASES[FEEL_KINDS[fact.kind]]
        kinds.append(kind)
    return replace(rows, kinds=tuple(kinds))


def _texts(rows: Rows) -> Iterator[tuple[int, int, Expression | UnaryTests, Kind | None]]:
    """Every text of the table: row (0: the head), cell from 1, and the kind it is asked about."""
    for cell, run in enumerate(rows.inputs, 1):
        yield 0, cell, run, None
    first = len(rows.inputs) + 1
    for row, (tests, values) in enumerate(zip(rows.tests, rows.values, strict=True), 1):
        for cell, (test, kind) in enumerate(zip(tests, rows.kinds, strict=True), 1):
            yield row, cell, test, kind
        for cell, value in enumerate(values, first):
            yield row, cell, value, None
    for cell, default in enumerate(rows.defaults, first):
        if default is not None:
            yield 0, cell, default, None


def _refuse_problems(table: str, rows: Rows, kinds: Mapping[str, Kind]) -> None:
    for row, cell, part, value in _texts(rows):
        place = {"table": table, "row": row, "cell": cell}
        for node in nodes.walk(part.tree):
            if isinstance(node, nodes.Name) and node.name in CLOCKS and node.name not in kinds:
                raise Invalid("table.clock", name=node.name, **place)
        for problem in check(part, kinds, value=value or ANY):
            raise Invalid(
                problem.code,
                **{**problem.params, "line": problem.line, "column": problem.column, **place},
            )
