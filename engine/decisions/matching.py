"""Any one decision table, facts by name in and the rows that hit out: the reference, or live.

What a hall asks of its tables is in `table` and `decide`; here stands the bare matching, to be
measured, and for tables whose names are no facts of the hall.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from operator import call, getitem, itemgetter

from engine.decisions.dmn import read_model
from engine.decisions.durable import Matcher, build_in_child, rule_sets
from engine.decisions.evaluate import Program, compile_model
from engine.decisions.index import Index, Key, Steps, places
from engine.decisions.model import DecisionNode, DecisionTable, InputData
from engine.decisions.project import NotProjected, Projection, project
from engine.decisions.rows import Rows, compile_rows
from engine.feel import nodes, temporal_text
from engine.feel.evaluation import Evaluation, NoValue
from engine.feel.kinds import Kind
from engine.feel.values import from_python
from engine.kernel.errors import Invalid, Unavailable

KEPT = 10_000  # sets of rows, or classes of facts, that are remembered
Facts = Mapping[str, object]
Ids = tuple[str, ...]
TEMPORAL: Mapping[str, Callable[[str], object]] = {
    "date": temporal_text.read_date,
    "time": temporal_text.read_time,
    "date and time": temporal_text.read_date_time,
    "days and time duration": temporal_text.read_duration,
    "years and months duration": temporal_text.read_duration,
}


class Agreement:
    """Asks durable-rules about a class of facts; safe under threads and forks."""

    def __init__(self, projection: Projection, matcher: Matcher) -> None:
        self._projection, self._matcher = projection, matcher

    def instead(
        self, key: Key, judged: Sequence[object], found: tuple[int, ...]
    ) -> tuple[int, ...] | None:
        """Return the rows that durable-rules found in place of `found`; None when it agrees.

        Facts beyond the numbers that it can hold are not asked about. Raises Unavailable
        `decision.matcher_failed`.
        """
        message = self._projection.message(key, judged)
        if message is None:
            return None
        rows = self._matcher.rows(message)
        return None if rows == found else rows


class Matching:
    """One decision table by itself; immutable but for what it remembers, safe under threads.

    `alone` is the code of the reason why durable-rules is not asked, None when it is or when
    the matching was read without it.
    """

    def __init__(
        self,
        program: Program,
        node: DecisionNode,
        rows: Rows,
        index: Index,
        agreement: Agreement | None = None,
        alone: str | None = None,
    ) -> None:
        self.rows, self.index, self.alone = rows, index, alone
        self._program, self._node, self._agreement = program, node, agreement
        self._inputs = _inputs(program, node)
        self._ids = tuple(rule.id for rule in rows.table.rules)
        names = _direct(program, node, rows) if not self.index.derived else None
        self._names = names or ()
        self._pick = _picker(self._names)
        self._plans, self._all = self.index.plans, self.index.all
        self._steps: dict[tuple[type, ...], Steps] = {}
        self._sets: dict[int, Ids] = {}
        self._classes: dict[Key, Ids] = {}
        # The same by the classes of the values, which spares the live call its bands.
        self._asked_before: defaultdict[tuple[type, ...], dict[tuple[int, ...], Ids]] = defaultdict(
            dict
        )

    def read(self, facts: Facts) -> dict[str, object]:
        """Return facts as JSON has them in the kinds of the inputs: a date stands as text there.

        Raises Invalid `feel.value.…` for what is no value of FEEL.
        """
        return {name: _read(value, self._inputs.get(name)) for name, value in facts.items()}

    def reference(self, facts: Facts) -> Ids:
        """Return the ids of the rows that hit, in table order, by the index.

        `facts` are FEEL or plain Python values by name; what is not given is null, and a value
        of another kind than its input declares is null too (DMN 1.5, 10.3.2.9.4). Raises
        Invalid `feel.value.…`.
        """
        # Written out here in place of being called: this is the hot path of replay and proof.
        try:
            judged = self._pick(facts)
            steps = self._steps[tuple(map(type, judged))]
        except KeyError:
            return self._named(self._by_closures(facts))
        found = self._all
        for place, find, sets in steps:
            found &= sets[find(judged[place])]
            if not found:
                return ()
        known = self._sets.get(found)
        return known if known is not None else self._remember(found)

    def live(self, facts: Facts) -> Ids:
        """Return the same rows, found by durable-rules too, once for each class of facts.

        Raises Unavailable `decision.disagreement` (table, version, reference, matcher, values).
        """
        try:
            judged = self._pick(facts)
            classes = tuple(map(type, judged))
            find, bands, _ = self._plans[classes]
            asked = self._asked_before[classes]
        except KeyError:
            return self._asked(facts)
        found = tuple(map(call, find, judged))
        known = asked.get(found)
        if known is None:
            known = self._ask(tuple(map(getitem, bands, found)), judged)
            if len(asked) < KEPT:
                asked[found] = known
        return known

    def _remember(self, found: int) -> Ids:
        ids = self._named(places(found))
        if len(self._sets) < KEPT:
            self._sets[found] = ids
        return ids

    def _named(self, found: Sequence[int]) -> Ids:
        return tuple([self._ids[place] for place in found])

    def _judge(self, facts: Facts) -> tuple[Sequence[object], Facts, Evaluation]:
        """The values of the columns, with what the cells may see."""
        evaluation = Evaluation()
        given = {name: from_python(value) for name, value in facts.items()}
        scope = self._program.scope_of(self._node, given, evaluation)
        return self.rows.judge(scope, evaluation), scope, evaluation

    def _by_closures(self, facts: Facts) -> tuple[int, ...]:
        self._prepare(facts)
        return self.index.hits(*self._judge(facts))

    def _prepare(self, facts: Facts) -> None:
        """Make the plan for facts of these classes, so that the next ones find it."""
        if self._names and all(name in facts for name in self._names):
            classes = tuple(type(facts[name]) for name in self._names)
            plan = self.index.plan(classes)
            if plan is not None and classes in self._plans:
                self._steps[classes] = plan.steps

    def _asked(self, facts: Facts) -> Ids:
        """The live rows of facts that are not plain values of all columns, or are the first."""
        self._prepare(facts)
        judged, scope, evaluation = self._judge(facts)
        key = self.index.key(judged, scope, evaluation)
        if key is None:
            return self._named(self.rows.hits(judged, scope, evaluation))
        return self._ask(key, judged)

    def _ask(self, key: Key, judged: Sequence[object]) -> Ids:
        remembered = self._classes.get(key)
        if remembered is not None:
            return remembered
        found = places(self.index.bits(key))
        if self._agreement is not None:
            values = [Decimal(value) if type(value) is int else value for value in judged]
            other = self._agreement.instead(key, values, found)
            if other is not None:
                raise Unavailable(
                    "decision.disagreement",
                    table=self._node.id,
                    version="",
                    reference=list(self._named(found)),
                    matcher=list(self._named(other)),
                    values=[str(value) for value in values],
                )
        ids = self._named(found)
        if len(self._classes) >= KEPT:
            self._classes.clear()
        self._classes[key] = ids
        return ids


def read_matching(xml: bytes, *, live: bool = False) -> Matching:
    """Return the table of a DMN file; with `live` durable-rules is built for it too.

    The file holds one decision that no other requires; its logic is a decision table. Raises
    Invalid: `xml.…`, `dmn.…` and `feel.…` as `read_draft`, `table.one_decision` (found),
    `table.no_table` (table), `table.matcher_hangs` and `table.matcher_crashes` (seconds).
    """
    model = read_model(xml)
    required = {reference.id for one in model.decisions for reference in one.requires}
    last = [one for one in model.decisions if one.id not in required]
    if len(last) != 1:
        raise Invalid("table.one_decision", found=len(last))
    node = last[0]
    if not isinstance(node.logic, DecisionTable):
        raise Invalid("table.no_table", table=node.id)
    program = compile_model(model.namespace, {model.namespace: model})
    made = program.logic(node)
    if not isinstance(made, Rows):  # the table as a whole has a type: its rows stand inside
        made = compile_rows(node.logic, program.names_of(node), node.variable.type)
    rows = _typed(program, node, made)
    index = Index(rows)
    if not live:
        return Matching(program, node, rows, index)
    try:
        projection = project(rows, index)
    except NotProjected as reason:
        return Matching(program, node, rows, index, alone=reason.reason)
    shards = rule_sets(projection.rows)
    build_in_child(shards, [])  # what the library cannot bear, only a child can find out
    return Matching(program, node, rows, index, Agreement(projection, Matcher(shards)))


def _inputs(program: Program, node: DecisionNode) -> dict[str, Kind | None]:
    """The input data that a decision requires, by name, with their kinds."""
    found = {}
    for reference in node.requires:
        holder, element = program.find(reference)
        own = holder is program and element.name == element.variable.name
        if own and isinstance(element, InputData):
            found[element.name] = program.kind(element)
    return found


def _read(value: object, kind: Kind | None) -> object:
    found = from_python(value)
    if isinstance(value, str) and kind is not None and kind.name in TEMPORAL:
        try:
            return TEMPORAL[kind.name](value)
        except NoValue:
            return value  # it is null there, as any text
    return value if type(value) is int else found


def _typed(program: Program, node: DecisionNode, rows: Rows) -> Rows:
    """The rows with the kind of the input in every column that declares none."""
    inputs = _inputs(program, node)
    kinds = [
        inputs.get(run.tree.name) if kind is None and isinstance(run.tree, nodes.Name) else kind
        for kind, run in zip(rows.kinds, rows.inputs, strict=True)
    ]
    return replace(rows, kinds=tuple(kinds))


def _direct(program: Program, node: DecisionNode, rows: Rows) -> tuple[str, ...] | None:
    """The input of each column, where each asks for one input of its own plain kind."""
    inputs = _inputs(program, node)
    found = []
    for kind, run in zip(rows.kinds, rows.inputs, strict=True):
        if not isinstance(run.tree, nodes.Name) or run.tree.name not in inputs:
            return None
        own = inputs[run.tree.name]
        if kind is None or not kind.plain or (own is not None and own != kind):
            return None
        found.append(run.tree.name)
    return tuple(found)


def _picker(names: Sequence[str]) -> Callable[[Facts], Sequence[object]]:
    """Return what takes the columns' values out of the facts; KeyError when one is missing."""
    if len(names) > 1:
        return itemgetter(*names)
    if names:
        (only,) = names
        return lambda facts: (facts[only],)

    def nothing(facts: Facts) -> Sequence[object]:
        raise KeyError

    return nothing
