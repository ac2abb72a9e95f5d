"""The built-in functions on contexts. Source: DMN 1.5, 10.3.4.8 and 10.3.4.10."""

from collections.abc import Mapping

from engine.feel.evaluation import Evaluation, NoValue, cost, fits_list
from engine.feel.signatures import Table, declare

CONTEXT_FUNCTIONS: Table = {}


@declare(CONTEXT_FUNCTIONS, "get value(m: context, key: string)")
def get_value(context: Mapping[str, object], key: str) -> object:
    """Return the entry; NoValue when there is none."""
    if key not in context:
        raise NoValue("feel.cause.entry")
    return context[key]


@declare(CONTEXT_FUNCTIONS, "get value(context: context, keys: list)")
def get_value_below(context: object, keys: list[object]) -> object:
    """Return the entry of the entry … of the keys; NoValue when one is missing."""
    if not keys:
        raise NoValue("feel.cause.entry")
    for key in keys:
        if not isinstance(context, dict) or not isinstance(key, str) or key not in context:
            raise NoValue("feel.cause.entry")
        context = context[key]
    return context


@declare(CONTEXT_FUNCTIONS, "get entries(m: context)", evaluation=True)
def get_entries(evaluation: Evaluation, context: Mapping[str, object]) -> list[object]:
    """Return a context with key and value for each entry."""
    evaluation.spend(fits_list(len(context)))
    return [{"key": name, "value": value} for name, value in context.items()]


@declare(CONTEXT_FUNCTIONS, "context(entries: list)", evaluation=True)
def context_of(evaluation: Evaluation, entries: list[object]) -> dict[str, object]:
    """Return the context of key and value pairs; NoValue for a key twice."""
    evaluation.spend(len(entries))
    made: dict[str, object] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            raise NoValue("feel.cause.argument")
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            raise NoValue("feel.cause.key_twice" if isinstance(key, str) else "feel.cause.argument")
        made[key] = entry["value"]
    return made


@declare(CONTEXT_FUNCTIONS, "context put(context: context, key: string, value: any)", True)
def context_put(
    evaluation: Evaluation, context: dict[str, object], key: str, value: object
) -> dict[str, object]:
    """Return the context with the entry set."""
    evaluation.spend(1 + len(context) // 16)
    return {**context, key: value}


@declare(CONTEXT_FUNCTIONS, "context put(context: context, keys: list, value: any)", True)
def context_put_below(
    evaluation: Evaluation, context: object, keys: list[object], value: object
) -> dict[str, object]:
    """Return the context with an entry of an entry … set; NoValue when one is no context."""
    if not keys or not isinstance(keys[0], str) or not isinstance(context, dict):
        raise NoValue("feel.cause.entry")
    evaluation.spend(1 + len(context) // 16)
    if len(keys) > 1:
        value = context_put_below(evaluation, context.get(keys[0]), keys[1:], value)
    return {**context, keys[0]: value}


@declare(CONTEXT_FUNCTIONS, "context merge(contexts: list)", evaluation=True)
def context_merge(evaluation: Evaluation, contexts: list[object]) -> dict[str, object]:
    """Return all entries in one context, later ones first."""
    merged: dict[str, object] = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise NoValue("feel.cause.argument")
        evaluation.spend(1 + len(context) // 16)
        merged.update(context)
    evaluation.spend(cost(merged))
    return merged
