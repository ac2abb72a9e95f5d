"""Puts a decision into words: its facts and outcome line by line, and why each row hit or not."""

from collections.abc import Mapping
from decimal import Decimal

from engine.domain.facts import by_name
from engine.services import cases
from webui.kit.i18n import _, language
from webui.kit.verdict import because_said


def lines(values: object, types: Mapping[str, str]) -> list[tuple[str, str]]:
    """Name and value in words; `types` are the names of types of matter, which are data."""
    if not isinstance(values, Mapping):
        return []
    return [
        (fact_name(str(key)), types.get(str(value)) or fact_value(str(key), value))
        for key, value in values.items()
    ]


def fact_name(key: str) -> str:
    """Return the name of a fact in the reader's language; what is no fact keeps its key."""
    fact = by_name(key)
    if fact is None:
        return key
    return fact.en if language() == "en" else fact.zh


def fact_value(key: str, value: object) -> str:
    """Return the value of a fact in words, with its unit."""
    fact = by_name(key)
    if key == "because" and isinstance(value, str):
        return because_said(value)
    word = next((one for one in fact.values if one.code == value), None) if fact else None
    if word is not None:
        return word.en if language() == "en" else word.zh
    text = _plain(value)
    is_count = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    return f"{text} {fact.unit}" if fact and fact.unit and is_count else text


def told(reasons: object, types: Mapping[str, str]) -> Mapping[str, list[tuple[str, str]]]:
    """Return code and sentence of each reason by its row, as `cases.told` does."""

    def say(code: str, params: Mapping[str, object]) -> str:
        return _(code, **params)

    return cases.told(reasons, say, english=language() == "en", words=types)


def _plain(value: object) -> str:
    if value is None:
        return _("decision.unknown_value")
    if isinstance(value, bool):
        return _("form.yes") if value else _("form.no")
    return str(value)
