"""The gate before a decision table is in force: what is to be published beside what is."""

from collections.abc import Mapping
from datetime import date

from engine.decisions.gate import stops
from engine.kernel.errors import Invalid
from engine.storage import publishing
from engine.storage.unit import Unit


def gate(unit: Unit, tables: Mapping[str, bytes], examples: Mapping[str, bytes], day: date) -> None:
    """Let tables and examples pass that may come into force together on a day.

    A table without examples of its own is tried on those in force on that day, examples without
    a table on the table in force. Raises Invalid with the first stop (see `stops`) and all stops
    in `findings`; `gate.examples_without_table` for examples of no table.
    """
    found: list[Invalid] = []
    for key in dict.fromkeys((*tables, *examples)):
        before = _held(unit, "table", key, day)
        source = tables.get(key, before)
        if source is None:
            found.append(Invalid("gate.examples_without_table", table=key))
            continue
        tried = examples[key] if key in examples else _held(unit, "examples", key, day)
        found += stops(key, source, tried, before)
    if found:
        first, told = found[0], [{"code": one.code, **one.params} for one in found]
        raise Invalid(first.code, **first.params, findings=told)


def _held(unit: Unit, kind: str, key: str, day: date) -> bytes | None:
    version = publishing.in_force(unit, kind, key, day)
    return None if version is None else publishing.content(unit, kind, key, version)
