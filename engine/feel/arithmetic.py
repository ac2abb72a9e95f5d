"""Arithmetic on numbers, texts, dates and durations; NoValue where FEEL says null.

Source: DMN 1.5, 10.3.2.13.5, tables 50 to 55.
"""

from decimal import ROUND_DOWN, Decimal

from engine.feel.evaluation import NoValue, fits_text
from engine.feel.temporal import DAY, Date, DateTime, DaysDuration, Time, YearsDuration, date_of
from engine.feel.values import NUMBERS

_add, _subtract = NUMBERS.add, NUMBERS.subtract
_multiply, _divide, _power = NUMBERS.multiply, NUMBERS.divide, NUMBERS.power


def add(left: object, right: object) -> object:
    """Return left + right."""
    if type(left) is Decimal and type(right) is Decimal:
        return _add(left, right)
    if isinstance(left, str) and isinstance(right, str):
        fits_text(len(left) + len(right))
        return left + right
    if isinstance(left, (DaysDuration, YearsDuration)) and isinstance(
        right, (Date, DateTime, Time)
    ):
        left, right = right, left
    match left, right:
        case DaysDuration(), DaysDuration():
            return DaysDuration(left.nanos + right.nanos)
        case YearsDuration(), YearsDuration():
            return YearsDuration(left.months + right.months)
        case ((Date() | DateTime() | Time()), DaysDuration()):
            return _moved(left, right.nanos)
        case ((Date() | DateTime()), YearsDuration()):
            return _later(left, right.months)
    raise _unfit(left, right)


def subtract(left: object, right: object) -> object:
    """Return left - right."""
    if type(left) is Decimal and type(right) is Decimal:
        return _subtract(left, right)
    match left, right:
        case DaysDuration(), DaysDuration():
            return DaysDuration(left.nanos - right.nanos)
        case YearsDuration(), YearsDuration():
            return YearsDuration(left.months - right.months)
        case ((Date() | DateTime() | Time()), DaysDuration()):
            return _moved(left, -right.nanos)
        case ((Date() | DateTime()), YearsDuration()):
            return _later(left, -right.months)
        case ((Date() | DateTime()), (Date() | DateTime())):
            return _between(_moment(left), _moment(right))
        case Time(), Time():
            return _between(left, right)
    raise _unfit(left, right)


def multiply(left: object, right: object) -> object:
    """Return left * right; a days duration is cut to whole nanoseconds, months to whole ones."""
    if type(left) is Decimal and type(right) is Decimal:
        return _multiply(left, right)
    if isinstance(left, Decimal):
        left, right = right, left
    match left, right:
        case DaysDuration(), Decimal():
            return DaysDuration(whole(_multiply(Decimal(left.nanos), right)))
        case YearsDuration(), Decimal():
            return YearsDuration(whole(_multiply(Decimal(left.months), right)))
    raise _unfit(left, right)


def divide(left: object, right: object) -> object:
    """Return left / right; NoValue for a division by zero."""
    if type(left) is Decimal and type(right) is Decimal:
        if not right:
            raise NoValue("feel.cause.division")
        return _divide(left, right)
    match left, right:
        case DaysDuration(), DaysDuration():
            return divide(Decimal(left.nanos), Decimal(right.nanos))
        case YearsDuration(), YearsDuration():
            return divide(Decimal(left.months), Decimal(right.months))
        case (DaysDuration(), Decimal()) | (YearsDuration(), Decimal()) if not right:
            raise NoValue("feel.cause.division")
        case DaysDuration(), Decimal():
            return DaysDuration(whole(_divide(Decimal(left.nanos), right)))
        case YearsDuration(), Decimal():
            return YearsDuration(whole(_divide(Decimal(left.months), right)))
    raise _unfit(left, right)


def power(left: object, right: object) -> object:
    """Return left ** right for numbers."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _power(left, right)
    raise _unfit(left, right)


def negate(value: object) -> object:
    """Return -value for numbers and durations."""
    match value:
        case Decimal():
            return NUMBERS.minus(value)
        case DaysDuration():
            return DaysDuration(-value.nanos)
        case YearsDuration():
            return YearsDuration(-value.months)
    raise _unfit(value, value)


def whole(value: Decimal) -> int:
    """Return the number without its fraction; NoValue beyond 10 to the 34th."""
    if value.adjusted() > 34:
        raise NoValue("feel.cause.overflow")
    return int(value.to_integral_value(ROUND_DOWN))


def _unfit(left: object, right: object) -> NoValue:
    return NoValue("feel.cause.null" if left is None or right is None else "feel.cause.kinds")


def _moved(value: Date | DateTime | Time, nanos: int) -> Date | DateTime | Time:
    if isinstance(value, Date):
        return date_of((value.ordinal() * DAY + nanos) // DAY)
    if isinstance(value, DateTime):
        return value.plus(nanos)
    return Time((value.nanos + nanos) % DAY, value.offset, value.zone)


def _later(value: Date | DateTime, months: int) -> Date | DateTime:
    if isinstance(value, Date):
        return value.plus_months(months)
    return DateTime(value.date.plus_months(months), value.time)


def _moment(value: Date | DateTime) -> DateTime:
    return DateTime(value, Time(0, 0)) if isinstance(value, Date) else value


def _between(left: DateTime | Time, right: DateTime | Time) -> DaysDuration:
    (zoned, moment), (other_zoned, other) = left.key(), right.key()
    if zoned != other_zoned:
        raise NoValue("feel.cause.zone")
    return DaysDuration(moment - other)
