"""Values, tests and reasons in words: names of facts, their units, yes and no.

The sentences are the translations' (`say` finds them by code); here the facts' own words are put
into them, in Chinese or in English.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engine.decisions.cells import Cell, Equal, Point, Span
from engine.decisions.trace import plain
from engine.domain.facts import Fact
from engine.feel.values import to_python

Say = Callable[[str, Mapping[str, object]], str]


@dataclass(frozen=True)
class Value:
    """What a fact is; `label` names a column that asks for no single fact."""

    fact: Fact | None
    label: str
    value: object

    def plain(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {"name": self.fact.key if self.fact else self.label, "value": plain(self.value)}


@dataclass(frozen=True)
class Asked:
    """What a cell asks of a fact; `cell` is None where only its FEEL `text` says it."""

    fact: Fact | None
    label: str
    text: str
    cell: Cell | None

    def plain(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {"name": self.fact.key if self.fact else self.label, "test": self.text}


Param = str | int | Value | Asked | Sequence[Value] | Sequence[Asked] | Sequence[int]


@dataclass(frozen=True)
class Line:
    """One reason: the code of its sentence, what goes into it, and the row that it is about."""

    code: str
    params: Mapping[str, Param]
    row: str | None = None

    def plain(self) -> dict[str, object]:
        """Return it as JSON has it, without words."""
        return {
            "code": self.code,
            "row": self.row,
            "params": {name: _plain(param) for name, param in self.params.items()},
        }


def _plain(param: Param) -> object:
    match param:
        case Value() | Asked():
            return param.plain()
        case str() | int():
            return param
    return [one if isinstance(one, int) else one.plain() for one in param]


@dataclass(frozen=True)
class Speech:
    """How facts are spoken of; `words` are the names of codes that are rows of data."""

    say: Say
    english: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    def line(self, line: Line) -> str:
        """Return a reason as a sentence."""
        return self.say(line.code, {name: self._param(it) for name, it in line.params.items()})

    def case(self, values: Sequence[Value]) -> str:
        """Return values one after the other: `法定天数 11 工作日，现场勘查 否`."""
        return self._joined("explain.comma", [self._value(one) for one in values])

    def spoken(self, fact: Fact | None, value: object) -> str:
        """Return a plain value in words, with its unit in Chinese."""
        if value is None:
            return self.say("explain.unknown", {})
        if isinstance(value, bool):
            return self.say("explain.yes" if value else "explain.no", {})
        if isinstance(value, (list, tuple)):
            return self._joined("explain.comma", [self.spoken(fact, one) for one in value])
        if isinstance(value, str):
            return self._word(fact, value)
        text = str(plain(value))
        counted = isinstance(value, (int, Decimal)) and fact is not None and fact.unit
        return f"{text} {fact.unit}" if counted and fact and not self.english else text

    def test(self, test: Asked) -> str:
        """Return what a cell asks for; FEEL where it is no plain test."""
        if test.cell is None:
            return test.text
        if not test.cell.tests:
            return self.say("explain.anything", {})
        parts = [self._part(test.fact, one) for one in test.cell.tests]
        text = self._joined("explain.or", parts)
        return self.say("explain.not", {"test": text}) if test.cell.negated else text

    def name(self, fact: Fact | None, label: str) -> str:
        """Return the name of a fact, or the label of a column."""
        if fact is None:
            return label
        return fact.en if self.english else fact.zh

    def _param(self, param: Param) -> object:
        match param:
            case Value():
                return self.spoken(param.fact, param.value)
            case Asked():
                return f"{self.name(param.fact, param.label)} {self.test(param)}"
            case str() | int():
                return param
        return self._joined("explain.comma", [self._item(one) for one in param])

    def _item(self, item: Value | Asked | int) -> str:
        match item:
            case Value():
                return self._value(item)
            case Asked():
                return str(self._param(item))
        return str(item)

    def _value(self, value: Value) -> str:
        return f"{self.name(value.fact, value.label)} {self.spoken(value.fact, value.value)}"

    def _word(self, fact: Fact | None, code: str) -> str:
        for word in fact.values if fact is not None else ():
            if word.code == code:
                return word.en if self.english else word.zh
        return self.words.get(code, code)

    def _part(self, fact: Fact | None, test: Equal | Span) -> str:
        if isinstance(test, Equal):
            return self._point(fact, test.value)
        low = self._end("≥" if test.low_closed else ">", fact, test.low)
        high = self._end("≤" if test.high_closed else "<", fact, test.high)
        return self._joined("explain.and", [end for end in (low, high) if end])

    def _end(self, sign: str, fact: Fact | None, end: Point) -> str:
        return "" if end is None else f"{sign} {self._point(fact, end)}"

    def _point(self, fact: Fact | None, point: Point) -> str:
        value = to_python(point)
        return self.spoken(fact, value)

    def _joined(self, code: str, parts: Sequence[str]) -> str:
        return self.say(code, {}).join(parts)
