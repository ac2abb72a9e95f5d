"""Edits of a table as values: each returns another table, which `write_table` can write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from engine.decisions.model import Aggregation, Column, DecisionTable, HitPolicy, Output, Rule
from engine.kernel.errors import Missing

Part = TypeVar("Part")
NEW = ""  # the id of what is new; the writer gives it one that was never used


def add_row(
    table: DecisionTable,
    at: int,
    tests: Sequence[str],
    outputs: Sequence[str],
    annotations: Mapping[str, str] | None = None,
) -> DecisionTable:
    """Return the table with a new row at a place from 0; texts are FEEL, `-` is any value."""
    named = annotations or {}
    notes = tuple(named.get(name, "") for name in table.annotations)
    row = Rule(NEW, 0, tuple(tests), tuple(outputs), notes, 0)
    return _with_rules(table, [*table.rules[:at], row, *table.rules[at:]])


def remove_row(table: DecisionTable, row: str) -> DecisionTable:
    """Return the table without a row; Missing `table.no_row` (row)."""
    place = _place(table, row)
    return _with_rules(table, [*table.rules[:place], *table.rules[place + 1 :]])


def move_row(table: DecisionTable, row: str, to: int) -> DecisionTable:
    """Return the table with a row moved to a place from 0; Missing `table.no_row` (row)."""
    place = _place(table, row)
    rest = [*table.rules[:place], *table.rules[place + 1 :]]
    return _with_rules(table, [*rest[:to], table.rules[place], *rest[to:]])


def set_test(table: DecisionTable, row: str, column: str, text: str) -> DecisionTable:
    """Return the table with another input cell, by row id and column id or expression."""
    number = _column(table, column)
    return _changed(table, row, lambda rule: replace(rule, tests=_put(rule.tests, number, text)))


def set_output(table: DecisionTable, row: str, output: str, text: str) -> DecisionTable:
    """Return the table with another output cell, by row id and output id or name."""
    number = _output(table, output)
    return _changed(
        table, row, lambda rule: replace(rule, outputs=_put(rule.outputs, number, text))
    )


def set_annotation(table: DecisionTable, row: str, name: str, text: str) -> DecisionTable:
    """Return the table with another note beside a row; the annotation column is made if need be."""
    names = table.annotations if name in table.annotations else (*table.annotations, name)
    number = names.index(name)

    def note(rule: Rule) -> Rule:
        missing = ("",) * (len(names) - len(rule.annotations))
        return replace(rule, annotations=_put(rule.annotations + missing, number, text))

    return _changed(replace(table, annotations=names), row, note)


def set_policy(
    table: DecisionTable, policy: HitPolicy, aggregation: Aggregation | None = None
) -> DecisionTable:
    """Return the table with another hit policy."""
    return replace(table, policy=policy, aggregation=aggregation)


def add_column(table: DecisionTable, at: int, column: Column) -> DecisionTable:
    """Return the table with a new input at a place from 0, `-` in every row."""
    columns = (*table.columns[:at], column, *table.columns[at:])
    rules = [replace(rule, tests=(*rule.tests[:at], "-", *rule.tests[at:])) for rule in table.rules]
    return _with_rules(replace(table, columns=columns), rules)


def remove_column(table: DecisionTable, column: str) -> DecisionTable:
    """Return the table without an input, by id or expression; Missing `table.no_column` (column).

    What the decision requires stays: other cells may name the fact.
    """
    number = _column(table, column)
    rules = [replace(rule, tests=_without(rule.tests, number)) for rule in table.rules]
    return _with_rules(replace(table, columns=_without(table.columns, number)), rules)


def move_column(table: DecisionTable, column: str, to: int) -> DecisionTable:
    """Return the table with an input moved to a place from 0; Missing `table.no_column`."""
    number = _column(table, column)
    order = [place for place in range(len(table.columns)) if place != number]
    order.insert(to, number)
    rules = [
        replace(rule, tests=tuple(rule.tests[place] for place in order)) for rule in table.rules
    ]
    return _with_rules(
        replace(table, columns=tuple(table.columns[place] for place in order)), rules
    )


def add_output(table: DecisionTable, at: int, output: Output, text: str = "null") -> DecisionTable:
    """Return the table with a new output at a place from 0, the same text in every row."""
    outputs = (*table.outputs[:at], output, *table.outputs[at:])
    rules = [
        replace(rule, outputs=(*rule.outputs[:at], text, *rule.outputs[at:]))
        for rule in table.rules
    ]
    return _with_rules(replace(table, outputs=outputs), rules)


def remove_output(table: DecisionTable, output: str) -> DecisionTable:
    """Return the table without an output, by id or name; Missing `table.no_column` (column)."""
    number = _output(table, output)
    rules = [replace(rule, outputs=_without(rule.outputs, number)) for rule in table.rules]
    return _with_rules(replace(table, outputs=_without(table.outputs, number)), rules)


def _with_rules(table: DecisionTable, rules: Sequence[Rule]) -> DecisionTable:
    numbered = tuple(replace(rule, number=number) for number, rule in enumerate(rules, 1))
    return replace(table, rules=numbered)


def _changed(table: DecisionTable, row: str, change: Callable[[Rule], Rule]) -> DecisionTable:
    place = _place(table, row)
    rules = [change(rule) if at == place else rule for at, rule in enumerate(table.rules)]
    return replace(table, rules=tuple(rules))


def _place(table: DecisionTable, row: str) -> int:
    for place, rule in enumerate(table.rules):
        if rule.id == row:
            return place
    raise Missing("table.no_row", row=row)


def _column(table: DecisionTable, name: str) -> int:
    for number, column in enumerate(table.columns):
        if name in (column.id, column.expression.text):
            return number
    raise Missing("table.no_column", column=name)


def _output(table: DecisionTable, name: str) -> int:
    for number, output in enumerate(table.outputs):
        if name in (output.id, output.name):
            return number
    raise Missing("table.no_column", column=name)


def _put(texts: tuple[str, ...], number: int, text: str) -> tuple[str, ...]:
    return (*texts[:number], text, *texts[number + 1 :])


def _without(parts: tuple[Part, ...], number: int) -> tuple[Part, ...]:
    return (*parts[:number], *parts[number + 1 :])
