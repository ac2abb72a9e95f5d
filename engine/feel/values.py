"""FEEL values: numbers, ranges, equality, order, membership, text; to and from Python.

null is None, a boolean bool, a string str, a list list, a context dict, a number Decimal with 34
digits (half-even, exponents of IEEE 754 decimal128); dates and durations are in `temporal`.
Source: DMN 1.5, 10.3.2.3 and 10.3.2.13 (equality, three-valued logic).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)
from zoneinfo import ZoneInfo

from engine.feel import temporal_text
from engine.feel.evaluation import MOST_STEPS, Evaluation, NoValue, fits_text, over
from engine.feel.temporal import (
    MIDNIGHT,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    Time,
    YearsDuration,
)
from engine.kernel.errors import Invalid

NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
EXACT = NUMBERS.copy()
EXACT.traps[Inexact] = True
TEMPORAL = (Date, Time, DateTime, DaysDuration, YearsDuration)
PLAIN = frozenset({bool, str, Decimal, Date, DaysDuration, YearsDuration})
ORDERED = PLAIN - {bool}
SURROGATE = re.compile("[\ud800-\udfff]")
WORDS = re.compile(r"[^\W\d]\w*(?: \w+)*")


@dataclass(frozen=True, slots=True)
class Range:
    """A range between two values of one kind; an end that is None is open to infinity.

    `sign` is "=" or "!=" for the test values `(= 5)` and `(!= 5)`, which equal no interval.
    """

    low: object
    high: object
    low_closed: bool
    high_closed: bool
    sign: str = ""


def make_range(low: object, high: object, low_closed: bool, high_closed: bool) -> Range:
    """Return the range; NoValue when both ends are null or are no two values of one kind."""
    if low is None and high is None:
        raise NoValue("feel.cause.range")
    for end in (low, high):
        if end is not None and type(end) not in ORDERED and not isinstance(end, (Time, DateTime)):
            raise NoValue("feel.cause.range")
    if low is not None and high is not None:
        compare(low, high)
    return Range(low, high, low_closed and low is not None, high_closed and high is not None)


def conjunction(values: Iterable[object]) -> bool | None:
    """Return the three-valued `and`: false if any is false, else null if any is no boolean."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is not True
    return None if unknown else True


def disjunction(values: Iterable[object]) -> bool | None:
    """Return the three-valued `or`: true if any is true, else null if any is no boolean."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or value is not False
    return None if unknown else False


def equal(left: object, right: object) -> bool | None:
    """Return whether both are the same value; null between different kinds."""
    kind = type(left)
    if kind is type(right) and kind in PLAIN:
        return left == right
    return _equal(left, right, Evaluation())


def _equal(left: object, right: object, budget: Evaluation) -> bool | None:
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return None
    if isinstance(left, list) and isinstance(right, list):
        budget.spend(len(left))
        return len(left) == len(right) and all(
            _equal(one, other, budget) is True for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        budget.spend(len(left))
        return left.keys() == right.keys() and all(
            _equal(value, right[name], budget) is True for name, value in left.items()
        )
    if isinstance(left, (Time, DateTime)) and isinstance(right, (Time, DateTime)):
        return left.second_key() == right.second_key()
    if isinstance(left, Range) and isinstance(right, Range):
        bounds = (left.low_closed, left.high_closed, left.sign)
        return bounds == (right.low_closed, right.high_closed, right.sign) and (
            _equal(left.low, right.low, budget) is True
            and _equal(left.high, right.high, budget) is True
        )
    return left == right


def identity(value: object) -> object:
    """Return a hashable that two values share exactly when they are equal or both null."""
    return _identity(value, Evaluation())


def _identity(value: object, budget: Evaluation) -> object:
    budget.spend()
    if isinstance(value, list):
        return (list, tuple([_identity(item, budget) for item in value]))
    if isinstance(value, dict):
        return (dict, frozenset((name, _identity(item, budget)) for name, item in value.items()))
    if isinstance(value, (Time, DateTime)):
        return (type(value), value.second_key())
    if isinstance(value, Range):
        ends = (_identity(value.low, budget), _identity(value.high, budget))
        return (Range, ends, value.low_closed, value.high_closed, value.sign)
    return (type(value), value)


def compare(left: object, right: object) -> int:
    """Return -1, 0 or 1; NoValue for null, different kinds and kinds without order."""
    if left is None or right is None:
        raise NoValue("feel.cause.null")
    kind = type(left)
    if kind is not type(right):
        raise NoValue("feel.cause.kinds")
    if kind in ORDERED:
        return -1 if left < right else int(left != right)  # type: ignore[operator]  # one kind
    if isinstance(left, (Time, DateTime)) and isinstance(right, (Time, DateTime)):
        (zoned, moment), (other_zoned, other) = left.key(), right.key()
        if zoned == other_zoned:
            return -1 if moment < other else int(moment != other)
    raise NoValue("feel.cause.kinds")


def within(value: object, bounds: Range) -> bool:
    """Return whether the range holds the value; NoValue when they cannot be compared."""
    low, high = bounds.low, bounds.high
    if type(value) is Decimal and type(low) is Decimal and type(high) is Decimal:
        above = low <= value if bounds.low_closed else low < value
        return above and (value <= high if bounds.high_closed else value < high)
    if low is not None:
        order = compare(value, low)
        if order < 0 or (order == 0 and not bounds.low_closed):
            return False
    if high is not None:
        order = compare(value, high)
        if order > 0 or (order == 0 and not bounds.high_closed):
            return False
    return True


def belongs(value: object, test: object, budget: Evaluation | None = None) -> bool | None:
    """Return whether a value passes a test value: in a range, in a list, or equal."""
    if isinstance(test, Range) and (test.sign or not isinstance(value, Range)):
        if test.sign:
            same = equal(value, test.low)
            return same if same is None else same is (test.sign == "=")
        try:
            return within(value, test)
        except NoValue:
            return None
    if isinstance(test, list):
        if isinstance(value, list) and equal(value, test) is True:
            return True
        budget = budget or Evaluation()
        budget.spend(len(test))
        return any(belongs(value, one, budget) is True for one in test)
    return equal(value, test)


def text_of(value: object) -> str:
    """Return what `string(value)` answers; a text stays as it is."""
    return value if isinstance(value, str) else literal(value)


def literal(value: object) -> str:
    """Return the value as FEEL writes it; functions are named, not written."""
    written = _literal(value, Evaluation())
    fits_text(len(written))
    return written


def _literal(value: object, budget: Evaluation) -> str:
    budget.spend()
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        budget.spend(len(value) // 16)
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Decimal):
        return format(value.normalize(NUMBERS), "f") if value else "0"
    if isinstance(value, list):
        return "[" + ", ".join([_literal(item, budget) for item in value]) + "]"
    if isinstance(value, dict):
        entries = [f"{_key(name)}: {_literal(item, budget)}" for name, item in value.items()]
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, Range):
        return _range(value, budget)
    if isinstance(value, TEMPORAL):
        return temporal_text.write(value)
    return "function"


def _key(name: str) -> str:
    return name if WORDS.fullmatch(name) else '"' + name.replace('"', '\\"') + '"'


def _range(value: Range, budget: Evaluation) -> str:
    low = "" if value.low is None else _literal(value.low, budget)
    high = "" if value.high is None else _literal(value.high, budget)
    if value.sign:
        return f"({value.sign} {low})"
    return f"{'[' if value.low_closed else '('}{low}..{high}{']' if value.high_closed else ')'}"


def from_python(value: object) -> object:
    """Return the FEEL value of plain Python data; what is FEEL already stays.

    Invalid `feel.value.float` (binary fractions are not exact), `feel.value.number` (not finite,
    more than 34 digits), `feel.value.text` (lone surrogate), `feel.value.kind` (anything else).
    """
    try:
        return _from_python(value, Evaluation())
    except RecursionError:
        raise over("depth", MOST_STEPS) from None


def _from_python(value: object, budget: Evaluation) -> object:
    budget.spend()
    match value:
        case None | bool():
            return value
        case float():
            raise Invalid("feel.value.float", value=repr(value))
        case int() | Decimal():
            return number(value)
        case str():
            if SURROGATE.search(value):
                raise Invalid("feel.value.text")
            fits_text(len(value))
            return str(value)
        case datetime():
            return DateTime(_date(value), _time(value))
        case date():
            return _date(value)
        case time():
            return _time(value)
        case timedelta():
            micros = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
            return DaysDuration(micros * 1000)
        case list() | tuple():
            return [_from_python(item, budget) for item in value]
        case dict():
            return {_name(name): _from_python(item, budget) for name, item in value.items()}
    if isinstance(value, (*TEMPORAL, Range)) or callable(value):
        return value
    raise Invalid("feel.value.kind", kind=type(value).__name__)


def number(value: int | Decimal) -> Decimal:
    """Return the number, exactly; Invalid("feel.value.number") when 34 digits do not hold it."""
    if isinstance(value, int) and value.bit_length() > 20_500:  # 10 to the 6144th has fewer bits
        raise Invalid("feel.value.number")
    try:
        exact = EXACT.plus(Decimal(value))
    except ArithmeticError:
        raise Invalid("feel.value.number") from None
    if not exact.is_finite():
        raise Invalid("feel.value.number")
    return exact


def _name(name: object) -> str:
    if not isinstance(name, str) or SURROGATE.search(name):
        raise Invalid("feel.value.name", name=repr(name))
    return str(name)


def _date(value: date) -> Date:
    return Date(value.year, value.month, value.day)


def _time(value: time | datetime) -> Time:
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    nanos = seconds * NANOS + value.microsecond * 1000
    if isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key:
        return Time(nanos, None, value.tzinfo.key)
    offset = value.utcoffset()
    return Time(nanos, None if offset is None else int(offset.total_seconds()))


def to_python(value: object) -> object:
    """Return plain Python data: numbers as Decimal; what Python has no value for as its text.

    Text stands for years-and-months durations, ranges and dates beyond Python's years;
    Invalid("feel.value.function") for a function.
    """
    try:
        return _to_python(value, Evaluation())
    except RecursionError:
        raise over("depth", MOST_STEPS) from None


def _to_python(value: object, budget: Evaluation) -> object:
    budget.spend()
    match value:
        case None | bool() | str() | Decimal():
            return value
        case list():
            return [_to_python(item, budget) for item in value]
        case dict():
            return {name: _to_python(item, budget) for name, item in value.items()}
        case Date() if 1 <= value.year <= 9999:
            return date(value.year, value.month, value.day)
        case Time():
            return _python_time(value)
        case DateTime() if 1 <= value.date.year <= 9999:
            day = date(value.date.year, value.date.month, value.date.day)
            return datetime.combine(day, _python_time(value.time))
        case DaysDuration() if abs(value.nanos) < 86_400 * 10**8 * NANOS:
            return timedelta(microseconds=value.nanos // 1000)
        case Date() | DateTime() | DaysDuration() | YearsDuration() | Range():
            return literal(value)
    raise Invalid("feel.value.function")


def _python_time(value: Time) -> time:
    seconds, nanos = divmod(value.nanos, NANOS)
    minutes, second = divmod(seconds, 60)
    there: tzinfo | None = None
    if value.zone is not None:
        there = ZoneInfo(value.zone)
    elif value.offset is not None:
        there = timezone(timedelta(seconds=value.offset)) if value.offset else UTC
    return time(minutes // 60, minutes % 60, second, nanos // 1000, there)


def midnight(day: Date) -> DateTime:
    """Return the date as date and time, as every typed boundary converts it (10.3.2.9.4)."""
    return DateTime(day, MIDNIGHT)
