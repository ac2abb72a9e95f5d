"""Why a table decided as it did: the row that hit, why each other row did not, and the law."""

from collections.abc import Mapping
from decimal import Decimal

from flask import Response

from engine.domain.facts import by_name
from engine.services import cases, catalogue
from webui.kit.guard import needs
from webui.kit.i18n import _, language, named
from webui.kit.pages import render
from webui.kit.session import hall, present
from webui.kit.verdict import because_said, table_said


@needs("case.read")
def page(decision_id: str) -> Response:
    """Explain a stored decision row by row, from its own facts and version."""
    decision = cases.explain(hall(), present(), decision_id)
    case = cases.case(hall(), present(), str(decision["case_id"]))
    table = str(decision["table"])
    types = {row.code: named(row) for row in catalogue.matter_types(hall())}
    return render(
        "desk/decision.html",
        name=table_said(table),
        decision=decision,
        case=case,
        facts=_lines(decision["facts"], types),
        outcome=_lines(decision["outcome"], types),
        told=_told(decision["reasons"], types),
    )


def _lines(values: object, types: Mapping[str, str]) -> list[tuple[str, str]]:
    """Name and value in words; `types` are the names of types of matter, which are data."""
    if not isinstance(values, Mapping):
        return []
    return [
        (_name(str(key)), types.get(str(value)) or _value(str(key), value))
        for key, value in values.items()
    ]


def _name(key: str) -> str:
    fact = by_name(key)
    if fact is None:
        return key
    return fact.en if language() == "en" else fact.zh


def _value(key: str, value: object) -> str:
    fact = by_name(key)
    if key == "because" and isinstance(value, str):
        return because_said(value)
    word = next((one for one in fact.values if one.code == value), None) if fact else None
    if word is not None:
        return word.en if language() == "en" else word.zh
    text = _plain(value)
    is_count = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    return f"{text} {fact.unit}" if fact and fact.unit and is_count else text


def _told(reasons: object, types: Mapping[str, str]) -> Mapping[str, list[tuple[str, str]]]:
    def say(code: str, params: Mapping[str, object]) -> str:
        return _(code, **params)

    return cases.told(reasons, say, english=language() == "en", words=types)


def _plain(value: object) -> str:
    if value is None:
        return _("decision.unknown_value")
    if isinstance(value, bool):
        return _("form.yes") if value else _("form.no")
    return str(value)
