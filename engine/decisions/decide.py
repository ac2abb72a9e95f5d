"""Facts in, decision out: both ways of matching agree, or there is no decision.

durable-rules finds the rows in live decisions. It is asked once for each class of facts; the
index must have found the same rows, and then both are remembered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache

from engine.decisions.durable import Matcher, rule_sets
from engine.decisions.given import Given
from engine.decisions.index import Key, places
from engine.decisions.matching import Agreement
from engine.decisions.project import NotProjected, project
from engine.decisions.prove import prove
from engine.decisions.table import Draft, read_draft
from engine.decisions.trace import Cell, RowTrace, plain, trace_rows
from engine.domain.facts import Fact
from engine.domain.versions import Moment
from engine.feel import nodes
from engine.feel.evaluation import Evaluation
from engine.feel.values import to_python
from engine.kernel.errors import Conflict, Unavailable

__all__ = ["Cell", "Decision", "RowTrace", "Table", "decide", "explain", "read_table"]
KEPT_TABLES = 500
ANY = "-"
KEPT_KEYS = 10_000
CONSTANT = (nodes.Literal, nodes.Negation, nodes.TemporalLiteral)  # no lists: they change


@dataclass(frozen=True)
class Decision:
    """What a table answered: plain values by plain fact names, and the rows that made it.

    `facts` are the inputs as decided on (null where none was given). `trace` is made by the
    closures when it is first asked for; facts and version recompute all of it.
    """

    table: str
    version: str
    facts: Mapping[str, object]
    outcome: Mapping[str, object]
    rows: tuple[str, ...]
    legal_basis: tuple[str, ...]
    _of: "Table" = field(repr=False, compare=False)

    @property
    def by(self) -> "Table":
        """The table that decided."""
        return self._of

    @cached_property
    def trace(self) -> tuple[RowTrace, ...]:
        """Every row of the table with the cells that failed."""
        return trace_rows(self._of.draft, self._of.given.read(self.facts))

    def record(self) -> dict[str, object]:
        """Return what is stored of a decision, JSON-ready; the rest can be computed again."""
        return {
            "table": self.table,
            "version": self.version,
            "facts": plain(self.facts),
            "outcome": plain(self.outcome),
            "rows": list(self.rows),
        }

    def plain(self) -> dict[str, object]:
        """Return the decision with its trace, JSON-ready."""
        return {
            **self.record(),
            "moment": self._of.moment.value,
            "legal_basis": list(self.legal_basis),
            "trace": [
                {
                    "row": row.row,
                    "number": row.number,
                    "matched": row.matched,
                    "failed": [
                        {
                            "column": cell.column,
                            "text": cell.text,
                            "value": plain(cell.value),
                            "holds": cell.holds,
                        }
                        for cell in row.failed
                    ],
                    "legal_basis": row.legal_basis,
                    "note": row.note,
                }
                for row in self.trace
            ],
        }


@dataclass(frozen=True)
class _Known:
    """What is remembered of a class of facts: its rows, and the outcome where it is constant."""

    places: tuple[int, ...]
    rows: tuple[str, ...]
    basis: tuple[str, ...]
    outcome: Mapping[str, object] | None


class Table:
    """A table in force; safe under threads and forks.

    `alone` is the code of the reason why durable-rules is not asked about it, None when it is.
    """

    def __init__(
        self,
        draft: Draft,
        agreement: Agreement | None = None,
        alone: str | None = None,
    ) -> None:
        self.draft, self.alone = draft, alone
        self.given = Given(draft.inputs)
        self._agreement = agreement
        self._known: dict[Key, _Known] = {}
        self._answers: dict[Key, Mapping[str, object]] = {}
        self._withdrawn = False
        self._plain = draft.order is not None and not draft.index.derived
        one = draft.source.policy.single or draft.source.aggregation is not None
        self._constant = one and all(
            isinstance(node, CONSTANT)
            for values in draft.rows.values
            for value in values
            for node in nodes.walk(value.tree)
        )

    @property
    def id(self) -> str:
        """The id of the decision in the file, e.g. `authority`."""
        return self.draft.id

    @property
    def name(self) -> str:
        """The name that people see."""
        return self.draft.name

    @property
    def version(self) -> str:
        """The digest of the file."""
        return self.draft.version

    @property
    def moment(self) -> Moment:
        """Which version judges a case: that of its acceptance, or that of today."""
        return self.draft.moment

    @property
    def inputs(self) -> tuple[Fact, ...]:
        """The facts that it may ask for."""
        return self.draft.inputs

    @property
    def outputs(self) -> tuple[Fact, ...]:
        """The facts that it answers with."""
        return self.draft.outputs

    def looks_at(self, row: str) -> frozenset[str]:
        """Return the keys of the facts that the row with this id tests, each in its own column."""
        source = self.draft.source
        rule = next(one for one in source.rules if one.id == row)
        return frozenset(
            fact.key
            for fact, test in zip(self.draft.direct, rule.tests, strict=True)
            if fact is not None and test.strip() != ANY
        )

    def decide(self, facts: Mapping[str, object], *, live: bool) -> Decision:
        """Return the decision; `live` asks durable-rules too."""
        if self._withdrawn and live:
            raise Unavailable("decision.withdrawn", table=self.id, version=self.version)
        values = self.given.read(facts)
        evaluation = Evaluation()
        scope = self.draft.scope(values, evaluation)
        judged = self.draft.judged(values, scope, evaluation)
        key = self.draft.index.key(judged, scope, evaluation)
        known = self._known.get(key) if key is not None and live else None
        if known is None:
            known = self._find(key, judged, scope, evaluation, live)
        outcome = known.outcome
        return Decision(
            self.id,
            self.version,
            {
                fact.key: _python(value, fact)
                for fact, value in zip(self.draft.inputs, values, strict=True)
            },
            dict(outcome)
            if outcome is not None
            else self._outcome(known.places, scope, evaluation)[1],
            known.rows,
            known.basis,
            self,
        )

    def outcome(self, facts: Mapping[str, object]) -> Mapping[str, object]:
        """Return the outcome alone, by the reference: what bulk work asks for; not to be changed.

        Errors as `explain`. Of tables with constant outcomes each class of facts is decided once.
        """
        values, evaluation = self.given.read(facts), Evaluation()
        # Most tables look at their facts as they are: then only an unknown class needs a scope.
        scope = {} if self._plain else self.draft.scope(values, evaluation)
        judged = self.draft.judged(values, scope, evaluation)
        key = self.draft.index.key(judged, scope, evaluation)
        answer = self._answers.get(key) if key is not None else None
        if answer is None:
            scope = self.draft.scope(values, evaluation)
            known = self._find(key, judged, scope, evaluation, live=False)
            answer = known.outcome
            if answer is None:
                return self._outcome(known.places, scope, evaluation)[1]
            if key is not None:
                if len(self._answers) >= KEPT_KEYS:
                    self._answers.clear()
                self._answers[key] = answer
        return answer

    def _find(
        self,
        key: Key | None,
        judged: Sequence[object],
        scope: Mapping[str, object],
        evaluation: Evaluation,
        live: bool,
    ) -> _Known:
        if key is None:
            found = self.draft.rows.hits(judged, scope, evaluation)
        else:
            found = places(self.draft.index.bits(key))
            if live:
                self._compare(key, judged, found)
        rows, outcome = self._outcome(found, scope, evaluation)
        ids = tuple(self.draft.source.rules[place].id for place in rows)
        basis = dict.fromkeys(text for place in rows if (text := self.draft.basis(place)))
        known = _Known(found, ids, tuple(basis), outcome if self._constant else None)
        if key is not None and live:
            if len(self._known) >= KEPT_KEYS:
                self._known.clear()
            self._known[key] = known
        return known

    def _compare(self, key: Key, judged: Sequence[object], found: tuple[int, ...]) -> None:
        if self._agreement is None:
            return
        other = self._agreement.instead(key, judged, found)
        if other is not None:
            self._withdrawn = True
            rules = self.draft.source.rules
            raise Unavailable(
                "decision.disagreement",
                table=self.id,
                version=self.version,
                reference=[rules[place].id for place in found],
                matcher=[rules[place].id for place in other],
                values=[plain(to_python(value)) for value in judged],
            )

    def _outcome(
        self, found: tuple[int, ...], scope: Mapping[str, object], evaluation: Evaluation
    ) -> tuple[tuple[int, ...], dict[str, object]]:
        """The rows that make the outcome, and the outcome by plain names."""
        rows, source = self.draft.rows, self.draft.source
        try:
            chosen = rows.chosen(found, scope, evaluation)
        except Conflict as conflict:
            raise Conflict(conflict.code, table=self.id, **conflict.params) from conflict
        value = rows.outcome(chosen, scope, evaluation)
        if value is None and not source.policy.single and source.aggregation is None:
            value = []
        names = [output.name for output in source.outputs]
        outcome = {
            fact.key: _python(_part(value, name, len(names)), fact)
            for fact, name in zip(self.draft.outputs, names, strict=True)
        }
        return tuple(hit.place for hit in chosen), outcome


def _part(value: object, name: str, outputs: int) -> object:
    """The part of an outcome that belongs to one output; of several rows a list."""
    if outputs == 1:
        return value
    if isinstance(value, list):
        return [_part(one, name, outputs) for one in value]
    return value.get(name) if isinstance(value, dict) else None


def _python(value: object, fact: Fact) -> object:
    if isinstance(value, Decimal):
        return int(value) if fact.whole else value
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, list):
        return [_python(one, fact) for one in value]
    return to_python(value)


def read_table(xml: bytes) -> Table:
    """Return the table of a DMN file, proved and ready for live decisions.

    Versions that were read before are kept. Raises Invalid as `read_draft` does, Conflict
    `table.disagreement` (table, facts, reference, matcher), Invalid `table.matcher_hangs` and
    `table.matcher_crashes` (seconds).
    """
    return _proved(xml)


@lru_cache(maxsize=KEPT_TABLES)
def _proved(xml: bytes) -> Table:
    draft = read_draft(xml)
    try:
        projection = project(draft.rows, draft.index)
    except NotProjected as alone:
        prove(draft, None)
        return Table(draft, alone=alone.reason)
    prove(draft, projection)
    return Table(draft, Agreement(projection, Matcher(rule_sets(projection.rows))))


def decide(table: Table, facts: Mapping[str, object]) -> Decision:
    """Return the live decision for facts by plain or Chinese name; what is not given is null.

    Raises Invalid `decision.…` for facts that are none or of a wrong kind (see `Given.read`);
    Conflict `decision.not_unique` and `decision.not_common` (table, rows); Unavailable
    `decision.disagreement` (table, version, reference, matcher, values), after which the version
    is `decision.withdrawn` (table, version), and `decision.matcher_failed` (said).
    """
    return table.decide(facts, live=True)


def explain(table: Table, facts: Mapping[str, object]) -> Decision:
    """Return the decision by the reference alone, with nothing remembered: to explain or replay.

    Its `trace` says of every row which cells failed. Errors as `decide`, without the last two.
    """
    return table.decide(facts, live=False)
