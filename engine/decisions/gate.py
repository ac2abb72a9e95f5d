"""What stops a table on its way to publication: reading, proof, examples, agreement, in order."""

from collections.abc import Iterator, Mapping

from engine.decisions.check import Finding, Severity, check
from engine.decisions.decide import Table, read_table
from engine.decisions.diff import compare_tables
from engine.decisions.examples import ERROR as AN_ERROR
from engine.decisions.examples import ROWS, Difference, Example, read_examples, try_examples
from engine.decisions.table import Draft, read_draft
from engine.decisions.trace import plain
from engine.domain.facts import Fact, by_name
from engine.kernel.errors import HallError, Invalid


def stops(
    table: str, source: bytes, examples: bytes | None, before: bytes | None = None
) -> list[Invalid]:
    """Return what stops a table from being published; nothing when it may be.

    `before` is the version that it takes the place of. Each stop is a refusal with the
    params of its sentence and `table`; of proof and examples also `row` (id of the first one),
    `rows` (numbers from 1), `column` (a label), `case` (in words) and `facts` (of the case).
    Codes are those of `read_table`, `check` and `read_examples`, and those of `tried`. A table
    that cannot be read is not looked at further.
    """
    try:
        draft = read_draft(source)
    except HallError as error:
        return [_refused(table, error)]
    found = [one for one in check(draft) if one.severity is Severity.ERROR]
    told = [_told(table, draft, one) for one in (*found, *tried(draft, examples, _old(before)))]
    try:
        read_table(source)
    except HallError as error:
        told.append(_refused(table, error))
    return told


def tried(draft: Draft, examples: bytes | None, before: Draft | None = None) -> list[Finding]:
    """Return what the examples of a table show, all of it errors.

    Codes: `gate.no_examples`; what `read_examples` refuses (params as there);
    `gate.example_differs` (line, example, expected, found) with the rows that were expected, the
    first column answered otherwise and the facts as case; `gate.row_without_example`, and for a
    row that `before` has otherwise or not at all `gate.changed_row_without_example`.
    """
    if examples is None:
        return [Finding(Severity.ERROR, "gate.no_examples")]
    table = Table(draft)
    try:
        shown = try_examples(table, read_examples(examples, table))
    except HallError as error:
        return [Finding(Severity.ERROR, code=error.code, params=error.params)]
    changed = _changed(before, draft) if before is not None else frozenset()
    found = [_differs(draft, one) for one in shown.differences]
    for row in shown.uncovered:
        code = "gate.row_without_example"
        if row in changed:
            code = "gate.changed_row_without_example"
        found.append(Finding(Severity.ERROR, code, (row,)))
    return found


def _old(source: bytes | None) -> Draft | None:
    if source is None:
        return None
    try:
        return read_draft(source)
    except HallError:  # it was published by a release that read more than this one
        return None


def _changed(before: Draft, draft: Draft) -> frozenset[str]:
    changes = compare_tables(before.source, draft.source)
    return frozenset(
        [rule.id for rule in changes.added] + [change.row for change in changes.changed]
    )


def _differs(draft: Draft, one: Difference) -> Finding:
    example, found = one.example, one.found
    if isinstance(found, str):
        column, answer = "", found
    else:
        column = _column(example, found.outcome, draft.outputs)
        answer = _answer(found.rows, found.outcome, draft.outputs)
    wanted = AN_ERROR
    if not example.error:
        wanted = _answer(example.rows, example.outcome, draft.outputs)
    return Finding(
        Severity.ERROR,
        "gate.example_differs",
        example.rows,
        column or ROWS,
        {_name(key): plain(value) for key, value in example.facts.items()},
        {"line": example.line, "example": example.name, "expected": wanted, "found": answer},
    )


def _column(example: Example, outcome: Mapping[str, object], outputs: tuple[Fact, ...]) -> str:
    """The first output that is answered otherwise; of none the rows are others."""
    if example.error:
        return ""
    return next(
        (
            fact.zh
            for fact in outputs
            if plain(outcome.get(fact.key)) != plain(example.outcome.get(fact.key))
        ),
        "",
    )


def _answer(rows: tuple[str, ...], outcome: Mapping[str, object], outputs: tuple[Fact, ...]) -> str:
    said = "; ".join(f"{fact.zh}={_text(outcome.get(fact.key))}" for fact in outputs)
    return f"{said} ({';'.join(rows) or '-'})"


def _name(key: str) -> str:
    fact = by_name(key)
    return key if fact is None else fact.zh


def _refused(table: str, error: HallError) -> Invalid:
    return Invalid(error.code, **{**error.params, "table": table})


def _told(table: str, draft: Draft, found: Finding) -> Invalid:
    numbers = {rule.id: rule.number for rule in draft.source.rules}
    facts = None if found.case is None else {name: plain(it) for name, it in found.case.items()}
    told: dict[str, object] = {
        "rows": ", ".join(str(numbers[row]) for row in found.rows),
        "row": found.rows[0] if found.rows else "",
        "column": found.column or "",
        "case": "; ".join(_spelt(facts or {}, found.free)),
        "facts": facts,
    }
    return Invalid(found.code, **{**told, **found.params, "table": table})


def _spelt(facts: Mapping[str, object], free: tuple[str, ...]) -> Iterator[str]:
    for name, value in facts.items():
        if name not in free:
            yield f"{name}={_text(value)}"


def _text(value: object) -> str:
    return "" if value is None else str(plain(value))
