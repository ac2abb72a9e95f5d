"""Answers to a form: texts of a posted page become values, values become clean or are refused.

Follows what form-js does in the browser: text is trimmed before it is counted, an empty answer
is no answer, hidden answers are dropped and not required. Lengths count characters, not UTF-16
units: for 𠮷 the browser is the stricter of the two, never the server.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from engine.feel.values import from_python
from engine.forms.compile import Field, Form
from engine.forms.profile import MAX_ROWS, TEXTS
from engine.kernel.errors import Invalid

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
ROW = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\.([0-9]{1,4})\.([A-Za-z][A-Za-z0-9_]*)")
MOST_DIGITS = 34

Trouble = dict[str, dict[str, object]]


class _Wrong(Exception):
    """One answer that cannot stand, with the code and params of its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def validate(
    form: Form, answers: Mapping[str, object], known: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return the clean answers: text trimmed, numbers Decimal, dates date, hidden ones dropped.

    `known` are facts (plain values by plain key) that conditions may read besides the answers.
    An unanswered checkbox is False; any other answer that was not given is left out.

    Raises Invalid `form.answers` with `fields`: {key: {"code", "params"}}, where a key is that of
    the field, or `list.row.key` within a list (rows from 0). Codes: `form.unknown_field`,
    `form.required`, `form.text`, `form.characters`, `form.min_length`, `form.max_length`,
    `form.pattern`, `form.number`, `form.digits`, `form.min`, `form.max`, `form.choice`,
    `form.date`, `form.yes_or_no`, `form.must_agree`, `form.list`, `form.too_many_rows`.
    """
    trouble: Trouble = {
        str(key): {"code": "form.unknown_field", "params": {}}
        for key in answers
        if key not in form.fields
    }
    clean: dict[str, object] = {}
    conditional = [each for each in form.fields.values() if each.condition is not None]
    for each in form.fields.values():
        if each.condition is None:
            _take(each, answers.get(each.key), each.key, clean, trouble)
    seen = {**(known or {}), **_entered(form, answers, trouble), **clean}
    for each in conditional:
        if not is_hidden(each, seen):
            _take(each, answers.get(each.key), each.key, clean, trouble)
    if trouble:
        raise Invalid("form.answers", form=form.id, fields=trouble)
    return {key: clean[key] for key in form.fields if key in clean}


def is_hidden(component: Field, seen: Mapping[str, object]) -> bool:
    """Return whether a component is hidden.

    form-js asks a condition as a unary test of nothing, so one that comes to null holds as well:
    what is hidden below an amount stays hidden until there is an amount.
    """
    condition = component.condition
    if condition is None:
        return False
    answers = {name: seen.get(name) for name in condition.reads}
    context = {
        name: from_python(empty if answers[name] is None else answers[name])
        for name, empty in condition.reads.items()
    }
    found = condition.run(context)
    return found is True or found is None


def _entered(form: Form, answers: Mapping[str, object], trouble: Trouble) -> dict[str, object]:
    """Return the answers that are refused, but of the right kind: conditions read them as well.

    Else a reason would be asked for that is hidden once the mistake is mended.
    """
    kinds = {"number": (int, Decimal), "textfield": (str,), "textarea": (str,)}
    return {
        key: answers[key]
        for key in trouble
        if key in form.fields and isinstance(answers.get(key), kinds.get(form.fields[key].kind, ()))
    }


def parse_text(form: Form, posted: Mapping[str, list[str]]) -> dict[str, object]:
    """Return the answers in the texts of a posted HTML form.

    Rows of a list are named `list.row.key`. What is no number stays text, so that `validate`
    refuses it by its field; names that the form does not have are kept for the same reason.
    """
    answers: dict[str, object] = {}
    rows: dict[str, dict[int, dict[str, list[str]]]] = {}
    for name, texts in posted.items():
        found = form.fields.get(name)
        row = ROW.fullmatch(name)
        if found is not None and found.kind != "dynamiclist":
            _put(answers, found, texts)
        elif row is not None and row[1] in form.fields:
            rows.setdefault(row[1], {}).setdefault(int(row[2]), {})[row[3]] = texts
        else:
            answers[name] = texts[0] if texts else ""
    for name, lines in rows.items():
        inner = {each.key: each for each in form.fields[name].fields}
        table: list[object] = []
        for number in sorted(lines):
            line: dict[str, object] = {}
            # A row of which nothing was filled in is no row, whatever its boxes would say.
            if not any(text.strip() for texts in lines[number].values() for text in texts):
                continue
            for key, texts in lines[number].items():
                if key in inner:
                    _put(line, inner[key], texts)
                else:
                    line[key] = texts[0] if texts else ""
            table.append(line)
        answers[name] = table
    return answers


def _put(answers: dict[str, object], found: Field, texts: list[str]) -> None:
    given = [text for text in texts if text.strip()]
    if found.kind in ("checklist", "taglist"):
        answers[found.key] = given
    elif found.kind == "checkbox":
        answers[found.key] = bool(given) and given[-1] not in ("false", "0", "off")
    elif given and found.kind == "number":
        # Full-width digits are what a Chinese keyboard writes; everything else is a mistake.
        text = unicodedata.normalize("NFKC", given[0]).strip()
        fits = NUMBER.fullmatch(text) and len(text) <= MOST_DIGITS + 2
        answers[found.key] = Decimal(text) if fits else given[0]
    elif given:
        answers[found.key] = given[0].replace("\r\n", "\n")


def _take(
    found: Field, answer: object, place: str, clean: dict[str, object], trouble: Trouble
) -> None:
    try:
        value = _value(found, answer, place, trouble)
        if found.kind == "checkbox":
            value = value or False
            if found.required and value is not True:
                raise _Wrong("form.must_agree")
        elif value is None or value == []:
            if found.required:
                raise _Wrong("form.required")
            return
        clean[found.key] = value
    except _Wrong as wrong:
        trouble[place] = {"code": wrong.code, "params": wrong.params}


def _value(found: Field, answer: object, place: str, trouble: Trouble) -> object:
    if answer is None:
        return None
    if isinstance(answer, str):
        answer = answer.strip()
        if not answer:
            return None
    if found.kind in TEXTS:
        return _as_text(found, answer)
    if found.kind == "number":
        return _as_number(found, answer)
    if found.kind == "datetime":
        return _as_date(answer)
    if found.kind == "checkbox":
        if not isinstance(answer, bool):
            raise _Wrong("form.yes_or_no")
        return answer
    if found.kind == "dynamiclist":
        return _as_rows(found, answer, place, trouble)
    values = dict(found.choices)
    if found.kind in ("radio", "select"):
        if not isinstance(answer, str) or answer not in values:
            raise _Wrong("form.choice", value=_shown(answer))
        return answer
    if not isinstance(answer, list):
        raise _Wrong("form.list")
    for item in answer:
        if not isinstance(item, str) or item not in values or answer.count(item) > 1:
            raise _Wrong("form.choice", value=_shown(item))
    return [value for value in values if value in answer]


def _as_text(found: Field, answer: object) -> str:
    if not isinstance(answer, str):
        raise _Wrong("form.text")
    if found.max_length is not None and len(answer) > found.max_length:
        raise _Wrong("form.max_length", most=found.max_length, length=len(answer))
    if any(_is_control(letter, found.kind == "textarea") for letter in answer):
        raise _Wrong("form.characters")
    if found.min_length is not None and len(answer) < found.min_length:
        raise _Wrong("form.min_length", least=found.min_length, length=len(answer))
    if found.pattern is not None and not _pattern(found.pattern).fullmatch(answer):
        raise _Wrong("form.pattern", said=found.pattern_message)
    return answer


def _is_control(letter: str, lines: bool) -> bool:
    """Return whether a character cannot be printed: controls, surrogates, unassigned ones."""
    if letter in "\n\t":
        return not lines
    return unicodedata.category(letter) in ("Cc", "Cs", "Cn") or letter in "\u2028\u2029"


@lru_cache(maxsize=1000)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text[1:-1], re.ASCII)


def _as_number(found: Field, answer: object) -> Decimal:
    if isinstance(answer, bool) or not isinstance(answer, (int, float, Decimal)):
        raise _Wrong("form.number")
    try:
        value = Decimal(str(answer))
    except InvalidOperation as error:
        raise _Wrong("form.number") from error
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or value.adjusted() >= MOST_DIGITS or exponent < -MOST_DIGITS:
        raise _Wrong("form.number")
    if found.digits is not None:
        scaled = value.scaleb(found.digits)
        if scaled != scaled.to_integral_value():
            raise _Wrong("form.digits", digits=found.digits)
    if found.minimum is not None and value < found.minimum:
        raise _Wrong("form.min", least=str(found.minimum))
    if found.maximum is not None and value > found.maximum:
        raise _Wrong("form.max", most=str(found.maximum))
    return value


def _as_date(answer: object) -> date:
    if isinstance(answer, date):
        return answer
    if not isinstance(answer, str) or not DATE.fullmatch(answer):
        raise _Wrong("form.date")
    try:
        return date.fromisoformat(answer)
    except ValueError as error:
        raise _Wrong("form.date") from error


def _as_rows(found: Field, answer: object, place: str, trouble: Trouble) -> list[object]:
    if not isinstance(answer, list):
        raise _Wrong("form.list")
    if len(answer) > MAX_ROWS:
        raise _Wrong("form.too_many_rows", most=MAX_ROWS)
    inner = {each.key: each for each in found.fields}
    return [_row(inner, row, f"{place}.{number}", trouble) for number, row in enumerate(answer)]


def _row(inner: Mapping[str, Field], row: object, place: str, trouble: Trouble) -> object:
    if not isinstance(row, Mapping):
        raise _Wrong("form.list")
    clean: dict[str, object] = {}
    for key in row:
        if key not in inner:
            trouble[f"{place}.{key}"] = {"code": "form.unknown_field", "params": {}}
    for key, each in inner.items():
        _take(each, row.get(key), f"{place}.{key}", clean, trouble)
    return clean


def _shown(value: object) -> str:
    return str(value)[:40]
