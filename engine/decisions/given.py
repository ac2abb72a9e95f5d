"""Facts as they come from outside, checked by name and kind, as FEEL values."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from engine.domain.facts import BY_NAME, Fact, FactKind, nearest
from engine.feel.evaluation import NoValue
from engine.feel.temporal import Date
from engine.feel.temporal_text import read_date
from engine.feel.values import number
from engine.kernel.errors import Invalid

SURROGATE = re.compile("[\ud800-\udfff]")
SHOWN = 60
NOTHING_NEAR = "—"
MOST_TEXT = 10_000
MOST_BITS = 1_000
Reader = Callable[[object], object]


class Given:
    """The inputs of one table: reads facts by plain or Chinese name into their order."""

    def __init__(self, inputs: Sequence[Fact]) -> None:
        self._slots: dict[str, tuple[int, Reader]] = {}
        for place, fact in enumerate(inputs):
            self._slots[fact.zh] = self._slots[fact.key] = (place, reader_of(fact))
        self._nothing: tuple[None, ...] = (None,) * len(inputs)

    def read(self, facts: Mapping[str, object]) -> list[object]:
        """Return a FEEL value for each input; what is not given is null.

        Known facts that the table does not ask for are passed over. Raises Invalid:
        `decision.unknown_fact` (name, nearest), `decision.wrong_kind` (name, kind, value),
        `decision.not_whole`, `decision.too_small` (name, value, least), `decision.not_allowed`
        (name, value, allowed), `decision.text` (name), `decision.twice` (name).
        """
        found: list[object] = [*self._nothing]
        slots = self._slots
        for name, value in facts.items():
            slot = slots.get(name)
            if slot is None:
                if name not in BY_NAME:
                    raise Invalid("decision.unknown_fact", name=_cut(name), nearest=_near(name))
                continue
            if value is not None:
                place, read = slot
                if found[place] is not None:
                    raise Invalid("decision.twice", name=name)
                found[place] = read(value)
        return found


def _near(name: object) -> str:
    close = nearest(name) if isinstance(name, str) and len(name) < SHOWN else None
    return close or NOTHING_NEAR


def _cut(value: object) -> str:
    text = SURROGATE.sub("\ufffd", value if isinstance(value, str) else repr(value))
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _shown(value: object) -> str:
    # Python refuses to write integers of more than 4,300 digits.
    return "…" if isinstance(value, int) and value.bit_length() > MOST_BITS else _cut(repr(value))


def _wrong(fact: Fact, value: object) -> Invalid:
    return Invalid("decision.wrong_kind", name=fact.zh, kind=fact.kind.value, value=_shown(value))


def reader_of(fact: Fact) -> Reader:
    """Return the function that reads one value, not null, of a fact; errors as in `Given.read`."""
    match fact.kind:
        case FactKind.NUMBER:
            return _number_reader(fact)
        case FactKind.BOOLEAN:
            return _boolean_reader(fact)
        case FactKind.DATE:
            return _date_reader(fact)
        case FactKind.STRING | FactKind.ENUMERATION:
            return _text_reader(fact)


def _number_reader(fact: Fact) -> Reader:
    whole, least = fact.whole, fact.least

    def read(value: object) -> Decimal:
        if type(value) is not int and not isinstance(value, Decimal):
            raise _wrong(fact, value)
        try:
            found = number(value)
        except Invalid as error:  # not finite, or more than 34 digits
            raise _wrong(fact, value) from error
        if whole and found != found.to_integral_value():
            raise Invalid("decision.not_whole", name=fact.zh, value=_cut(str(value)))
        if least is not None and found < least:
            raise Invalid(
                "decision.too_small", name=fact.zh, value=_cut(str(value)), least=str(least)
            )
        return found

    return read


def _boolean_reader(fact: Fact) -> Reader:
    def read(value: object) -> bool:
        if type(value) is not bool:
            raise _wrong(fact, value)
        return value

    return read


def _date_reader(fact: Fact) -> Reader:
    def read(value: object) -> Date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return Date(value.year, value.month, value.day)
        if isinstance(value, str):
            try:
                return read_date(value)
            except NoValue as error:
                raise _wrong(fact, value) from error
        raise _wrong(fact, value)

    return read


def _text_reader(fact: Fact) -> Reader:
    codes = frozenset(fact.codes)

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise _wrong(fact, value)
        if codes:
            if value not in codes:
                raise Invalid(
                    "decision.not_allowed",
                    name=fact.zh,
                    value=_cut(value),
                    allowed=", ".join(fact.codes),
                )
        elif len(value) > MOST_TEXT or (not value.isascii() and SURROGATE.search(value)):
            raise Invalid("decision.text", name=fact.zh)
        return str(value)

    return read
