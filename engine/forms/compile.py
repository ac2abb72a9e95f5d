"""A form-js file becomes a form that the server can enforce, or is refused by name."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.domain import facts
from engine.feel.check import check
from engine.feel.compile import Expression, expression
from engine.feel.kinds import ANY
from engine.feel.nodes import Name, walk
from engine.forms import profile
from engine.forms.profile import ASKING, CHOICES, HOLDERS, LISTS, STILL, TEXTS
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Invalid


@dataclass(frozen=True)
class Condition:
    """When a component is hidden: the FEEL text, compiled, and the names it reads.

    `reads` gives for each name what it stands for while nothing is answered.
    """

    text: str
    run: Expression = field(repr=False, compare=False)
    reads: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One component: a question, or (kinds text, separator, spacer, group) something shown.

    `key` is the name of the answer, for a dynamiclist its path; `fields` are the questions of
    one row of a dynamiclist or the components of a group; `choices` are (value, label);
    `digits` are the decimals of a number; `condition` hides the component when it is true.
    """

    kind: str
    key: str = ""
    label: str = ""
    description: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    pattern_message: str = ""
    digits: int | None = None
    default: object | None = None
    condition: Condition | None = None
    fields: tuple["Field", ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Form:
    """A form of one version; immutable.

    `fields` are the questions by key, in order, those of groups included; `components` is the
    tree to be drawn, `source` the drawn JSON, byte for byte.
    """

    id: str
    digest: str
    fields: Mapping[str, Field]
    components: tuple[Field, ...]
    source: bytes = field(repr=False)

    @property
    def labels(self) -> dict[str, str]:
        """The label of each question by its key."""
        return {key: each.label for key, each in self.fields.items()}


def read_form(id: str, source: bytes) -> Form:
    """Return the form in a form-js file.

    Raises Invalid `form.broken` (form) for what is no form-js JSON, `form.too_large` (limit), and
    `form.unsupported` (form, component, key, what) for a component, property, check, choice,
    pattern or condition that the server could not enforce.
    """
    if len(source) > profile.MAX_BYTES:
        raise Invalid("form.too_large", form=id, limit=profile.MAX_BYTES)
    drawn = _json(id, source)
    always, sometimes = _keys(drawn["components"])
    known = dict.fromkeys(fact.key for fact in facts.FACTS if fact.key not in sometimes)
    reader = _Reader(id, known | always)
    reader.properties({"type": "form"}, set(drawn) - profile.FORM_PROPERTIES)
    components = tuple(reader.read(drawn["components"], None, inside_list=False))
    fields = {each.key: each for each in questions(components)}
    return Form(id, fingerprint(source), fields, components, source)


def questions(components: tuple[Field, ...]) -> Iterator[Field]:
    """Yield the components that ask something, those in groups included, lists as one."""
    for component in components:
        if component.kind == "group":
            yield from questions(component.fields)
        elif component.kind in ASKING or component.kind == "dynamiclist":
            yield component


def _json(id: str, source: bytes) -> dict[str, Any]:
    try:
        drawn = json.loads(source, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Invalid("form.broken", form=id) from error
    if not isinstance(drawn, dict) or not isinstance(drawn.get("components"), list):
        raise Invalid("form.broken", form=id)
    return drawn


def _keys(components: object, hidden: bool = False) -> tuple[dict[str, object], set[str]]:
    """Return the keys that are always asked, with no answer, and those that a condition may hide.

    form-js judges all conditions on the answers as entered, so a condition on an answer that is
    itself conditional has no clear meaning: only the first may stand in one.
    """
    always: dict[str, object] = {}
    sometimes: set[str] = set()
    for component in components if isinstance(components, list) else ():
        if not isinstance(component, dict):
            continue
        here = hidden or bool(component.get("conditional"))
        if component.get("type") == "group":
            inner = _keys(component.get("components"), here)
            always |= inner[0]
            sometimes |= inner[1]
        elif isinstance(component.get("key"), str):
            if here:
                sometimes.add(component["key"])
            else:
                always[component["key"]] = _no_answer(component.get("type"))
    return always, sometimes


def _no_answer(kind: object) -> object:
    """Return what form-js takes for the answer of a question of a kind that has none."""
    if kind == "checkbox":
        return False
    return "" if kind in TEXTS else [] if kind in LISTS else None


def _no_constant(name: str) -> object:
    raise ValueError(name)


class _Reader:
    """Reads the components of one form; keeps what must be unique in it."""

    def __init__(self, form: str, names: Mapping[str, object]) -> None:
        self.form = form
        self.names = names
        self.keys: set[str] = set()
        self.count = 0

    def refused(self, component: Mapping[str, Any], what: str) -> Invalid:
        """Return the refusal of one component."""
        return Invalid(
            "form.unsupported",
            form=self.form,
            component=str(component.get("type")),
            key=str(component.get("key") or component.get("path") or component.get("id") or ""),
            what=what,
        )

    def properties(self, component: Mapping[str, Any], extra: set[str]) -> None:
        """Refuse the first of the properties that nobody enforces."""
        for name in sorted(extra):
            raise self.refused(component, name)

    def read(
        self, components: object, hidden: Condition | None, *, inside_list: bool
    ) -> Iterator[Field]:
        """Yield the fields of a list of components, in order."""
        if not isinstance(components, list):
            raise Invalid("form.broken", form=self.form)
        for component in components:
            if not isinstance(component, dict):
                raise Invalid("form.broken", form=self.form)
            self.count += 1
            if self.count > profile.MAX_COMPONENTS:
                raise self.refused(component, "too many components")
            kind = component.get("type")
            if not isinstance(kind, str) or kind not in profile.PROPERTIES:
                raise self.refused(component, str(kind))
            self._known(component, kind)
            condition = self._condition(component, hidden, inside_list)
            if kind in HOLDERS:
                yield self._holder(component, kind, condition, inside_list)
            elif kind in STILL:
                yield Field(kind, condition=condition, text=_text(component.get("text")))
            elif kind in ASKING:
                yield self._question(component, kind, condition, inside_list)
            elif component.get("action", "submit") != "submit":
                raise self.refused(component, "action")

    def _known(self, component: dict[str, Any], kind: str) -> None:
        never = {name for name in profile.NEVER_TRUE if component.get(name)}
        self.properties(component, never)
        self.properties(component, set(component) - profile.PROPERTIES[kind] - profile.NEVER_TRUE)
        checks = component.get("validate") or {}
        if not isinstance(checks, dict):
            raise self.refused(component, "validate")
        allowed = profile.CHECKS.get(kind, profile.OTHER_CHECKS) | profile.TOLERATED_CHECKS
        self.properties(component, set(checks) - allowed)
        if checks.get("validationType", "custom") not in ("", "custom"):
            raise self.refused(component, "validationType")

    def _condition(
        self, component: dict[str, Any], hidden: Condition | None, inside_list: bool
    ) -> Condition | None:
        said = component.get("conditional") or {}
        if not isinstance(said, dict) or set(said) - {"hide"}:
            raise self.refused(component, "conditional")
        text = said.get("hide")
        if not text:
            return hidden
        if hidden is not None:
            raise self.refused(component, "condition inside a conditional group")
        if inside_list or not isinstance(text, str):
            raise self.refused(component, "condition inside a list")
        source = text.strip().removeprefix("=").strip()
        try:
            run = expression(source, set(self.names))
        except Invalid as error:
            raise self.refused(component, "condition") from error
        if check(run, dict.fromkeys(self.names, ANY)):
            raise self.refused(component, "condition")
        read = {part.name for part in walk(run.tree) if isinstance(part, Name)}
        return Condition(
            source, run, {name: self.names[name] for name in self.names if name in read}
        )

    def _holder(
        self, component: dict[str, Any], kind: str, condition: Condition | None, inside_list: bool
    ) -> Field:
        listed = kind == "dynamiclist"
        if listed and inside_list:
            raise self.refused(component, "list inside a list")
        key = self._key(component, "path", self.keys) if listed else ""
        outer, self.keys = self.keys, set() if listed else self.keys
        fields = tuple(
            self.read(
                component.get("components"),
                None if listed else condition,
                inside_list=listed or inside_list,
            )
        )
        self.keys = outer if listed else self.keys
        label = _text(component.get("label"))
        return Field(kind, key, label, condition=condition, fields=fields)

    def _key(self, component: dict[str, Any], name: str, taken: set[str]) -> str:
        key = component.get(name)
        if not isinstance(key, str) or not profile.KEY.fullmatch(key):
            raise self.refused(component, name)
        if key in taken:
            raise self.refused(component, "key twice")
        taken.add(key)
        return key

    def _question(
        self, component: dict[str, Any], kind: str, condition: Condition | None, inside_list: bool
    ) -> Field:
        checks = component.get("validate") or {}
        required = checks.get("required", False)
        if not isinstance(required, bool):
            raise self.refused(component, "required")
        if kind == "datetime" and component.get("subtype", "date") != "date":
            raise self.refused(component, "subtype")
        lengths = self._lengths(component, kind, checks) if kind in TEXTS else (None, None)
        found = Field(
            kind=kind,
            key=self._key(component, "key", self.keys),
            label=_text(component.get("label") or component.get("dateLabel")),
            description=_text(component.get("description")),
            required=required,
            choices=self._choices(component) if kind in CHOICES | LISTS else (),
            minimum=self._number(component, checks.get("min"), "min"),
            maximum=self._number(component, checks.get("max"), "max"),
            min_length=lengths[0],
            max_length=lengths[1],
            pattern=self._pattern(component, checks.get("pattern")),
            pattern_message=_text(checks.get("patternErrorMessage")),
            digits=self._digits(component),
            default=component.get("defaultValue"),
            condition=condition,
        )
        self._fits(component, found)
        return found

    def _lengths(
        self, component: dict[str, Any], kind: str, checks: dict[str, Any]
    ) -> tuple[int | None, int | None]:
        most = profile.MAX_TEXT[kind]
        lowest, highest = checks.get("minLength"), checks.get("maxLength", most)
        for value, name in ((lowest, "minLength"), (highest, "maxLength")):
            if value is not None and (type(value) is not int or not 0 <= value <= 4000):
                raise self.refused(component, name)
        if lowest is not None and lowest > highest:
            raise self.refused(component, "minLength")
        return lowest, highest

    def _number(self, component: dict[str, Any], value: object, name: str) -> Decimal | None:
        if value is None:
            return None
        if isinstance(value, str) and not value.startswith("="):
            try:
                value = Decimal(value)
            except InvalidOperation as error:
                raise self.refused(component, name) from error
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise self.refused(component, name)
        return Decimal(value)

    def _digits(self, component: dict[str, Any]) -> int | None:
        digits = component.get("decimalDigits")
        if digits is not None and (type(digits) is not int or not 0 <= digits <= 10):
            raise self.refused(component, "decimalDigits")
        return digits

    def _choices(self, component: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        values = component.get("values")
        if not isinstance(values, list) or not 0 < len(values) <= profile.MAX_CHOICES:
            raise self.refused(component, "values")
        found: dict[str, str] = {}
        for each in values:
            value = each.get("value") if isinstance(each, dict) else None
            if not isinstance(value, str) or not value or value in found or len(value) > 200:
                raise self.refused(component, "values")
            found[value] = _text(each.get("label")) or value
        return tuple(found.items())

    def _pattern(self, component: dict[str, Any], pattern: object) -> str | None:
        if pattern is None or pattern == "":
            return None
        if (
            not isinstance(pattern, str)
            or not profile.PATTERN.fullmatch(pattern)
            or len(profile.UNBOUNDED.findall(pattern)) > profile.MAX_UNBOUNDED
        ):
            raise self.refused(component, "pattern")
        try:
            re.compile(pattern)
        except re.error as error:
            raise self.refused(component, "pattern") from error
        return pattern

    def _fits(self, component: dict[str, Any], found: Field) -> None:
        """Refuse a default that could not be answered and limits that leave no answer."""
        lowest, highest, default = found.minimum, found.maximum, found.default
        if lowest is not None and highest is not None and lowest > highest:
            raise self.refused(component, "min")
        if default is not None and not _answers(found, default):
            raise self.refused(component, "defaultValue")


def _answers(found: Field, default: object) -> bool:
    """Return whether a default value is of the kind that the field asks for."""
    values = dict(found.choices)
    match found.kind:
        case "checkbox":
            return isinstance(default, bool)
        case "number":
            return isinstance(default, (int, Decimal)) and not isinstance(default, bool)
        case "radio" | "select":
            return isinstance(default, str) and default in values
        case "checklist" | "taglist":
            return isinstance(default, list) and all(
                isinstance(item, str) and item in values for item in default
            )
    return isinstance(default, str)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
