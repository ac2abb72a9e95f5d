"""A published form as plain HTML: the questions to fill in, or the answers to read.

Works without a script; the script only hides earlier what the server will drop anyway.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Flask

from engine.forms.compile import Condition, Field, Form
from engine.forms.validate import is_hidden, parse_text, validate
from engine.kernel.errors import Invalid
from webui.kit.errors import problems
from webui.kit.i18n import _, day

# form-js kind -> kind of the macro `field`.
KINDS = {
    "textfield": "text",
    "textarea": "textarea",
    "number": "number",
    "datetime": "date",
    "checkbox": "checkbox",
    "radio": "radio",
    "select": "select",
    "checklist": "checks",
    "taglist": "checks",
}
BLANK_ROWS = 2
# What the small script can judge: comparisons of one answer with words, joined by `and`.
COMPARISON = re.compile(r'(\w+)\s*(!=|=)\s*(?:"([^"]*)"|(true|false))')


@dataclass(frozen=True)
class When:
    """When a part applies: the answer of `key` is one of `values`, or none of them (`negated`)."""

    key: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Part:
    """One piece of a drawn form; `kind` is that of the macro `field`, or text, group, list …"""

    kind: str
    name: str = ""
    label: str = ""
    hint: str = ""
    value: object = ""
    error: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    attributes: tuple[tuple[str, object], ...] = ()
    when: When | None = None
    parts: tuple["Part", ...] = ()


def read(form: Form, posted: Mapping[str, list[str]]) -> dict[str, object]:
    """Return the answers in the fields that a page sent; the service checks them."""
    return parse_text(form, posted)


def mistakes(form: Form, answers: Mapping[str, object]) -> dict[str, str]:
    """Return the sentences by field of what a service will refuse, so that all show at once."""
    try:
        validate(form, answers)
    except Invalid as error:
        return problems(error)
    return {}


def parts(
    form: Form,
    answers: Mapping[str, object] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Part]:
    """Return what to draw; `answers` are posted texts or stored values, None for a new form."""
    filled = (
        {each.key: each.default for each in form.fields.values()} if answers is None else answers
    )
    return [_part(each, filled, errors or {}) for each in form.components]


def labels(form: Form) -> dict[str, str]:
    """Return the label of each field by the name that errors use."""
    named = form.labels
    for key, each in form.fields.items():
        named |= {f"{key}.{inner.key}": inner.label for inner in each.fields}
    return named


def shown(form: Form, answers: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return label and text of what was answered, in the order of the form."""
    return [
        (each.label, _text(each, answers[each.key]))
        for each in form.fields.values()
        if answers.get(each.key) not in (None, "", []) and not is_hidden(each, answers)
    ]


def draw(app: Flask) -> None:
    """Give templates what the macros `questions` and `answers` ask for."""
    app.jinja_env.globals.update(form_parts=parts, form_labels=labels, form_shown=shown)


def _part(found: Field, answers: Mapping[str, object], errors: Mapping[str, str]) -> Part:
    when = _when(found.condition)
    if found.kind == "dynamiclist":
        rows = tuple(_rows(found, answers.get(found.key), errors))
        error = errors.get(found.key, "")
        return Part("list", found.key, found.label, error=error, when=when, parts=rows)
    if found.kind == "group":
        inner = tuple(_part(each, answers, errors) for each in found.fields)
        return Part("group", label=found.label, when=when, parts=inner)
    if found.kind not in KINDS:
        return Part(found.kind, label=found.text, when=when)
    return _question(found, found.key, answers.get(found.key), errors)


def _question(found: Field, name: str, answer: object, errors: Mapping[str, str]) -> Part:
    return Part(
        kind=KINDS[found.kind],
        name=name,
        label=found.label,
        hint=found.description,
        value=_value(found, answer),
        error=errors.get(name, ""),
        required=found.required,
        choices=found.choices,
        attributes=(("maxlength", found.max_length),) if found.max_length else (),
        when=_when(found.condition),
    )


def _rows(found: Field, answer: object, errors: Mapping[str, str]) -> Iterator[Part]:
    rows: Sequence[object] = answer if isinstance(answer, (list, tuple)) else ()
    for number in range(len(rows) + BLANK_ROWS):
        row = rows[number] if number < len(rows) else {}
        given = row if isinstance(row, Mapping) else {}
        yield Part(
            "row",
            label=str(number + 1),
            parts=tuple(
                _question(each, f"{found.key}.{number}.{each.key}", given.get(each.key), errors)
                for each in found.fields
            ),
        )


def _value(found: Field, answer: object) -> object:
    several = found.kind in ("checklist", "taglist")
    if isinstance(answer, (list, tuple)):
        return list(answer) if several else _value(found, answer[-1] if answer else "")
    if answer is None:
        return [] if several else ""
    if found.kind == "checkbox":
        return answer not in (False, "", "false")
    if isinstance(answer, date):
        return answer.isoformat()
    return f"{answer:f}" if isinstance(answer, Decimal) else answer


def _text(found: Field, answer: object) -> str:
    names = dict(found.choices)
    if isinstance(answer, bool):
        return _("form.yes") if answer else _("form.no")
    if found.kind == "dynamiclist" and isinstance(answer, (list, tuple)):
        return "\n".join(
            _("list.separator").join(
                f"{each.label}{_('form.colon')}{_text(each, row[each.key])}"
                for each in found.fields
                if row.get(each.key) not in (None, "", [])
            )
            for row in answer
        )
    if isinstance(answer, (list, tuple)):
        return _("list.separator").join(names.get(str(item), str(item)) for item in answer)
    if isinstance(answer, date):
        return day(answer)
    if isinstance(answer, Decimal):
        return f"{answer:,f}"
    if found.kind == "datetime":
        return day(date.fromisoformat(str(answer)))
    return names.get(str(answer), str(answer))


def _when(condition: Condition | None) -> When | None:
    """Return the condition as the script understands it; None for one that only FEEL can judge.

    The condition says when a part is hidden, so `When` is its opposite.
    """
    if condition is None:
        return None
    found = [COMPARISON.fullmatch(each.strip()) for each in condition.text.split(" and ")]
    said = [each.groups() for each in found if each is not None]
    if len(said) != len(found) or len({(key, sign) for key, sign, *_rest in said}) != 1:
        return None
    key, sign = said[0][0], said[0][1]
    flags = {each[3] for each in said if each[3]}
    if flags:
        # A checkbox sends "true" or nothing.
        hides_true = (sign == "=") == (flags == {"true"})
        return When(key, ("true",), negated=hides_true) if len(said) == 1 else None
    if sign == "=" and len(said) > 1:
        return None
    return When(key, tuple(each[2] for each in said), negated=sign == "=")
