"""The built-in functions on numbers. Source: DMN 1.5, 10.3.4.5."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel.arithmetic import whole
from engine.feel.evaluation import NoValue
from engine.feel.signatures import Table, declare
from engine.feel.temporal import DaysDuration, YearsDuration
from engine.feel.values import NUMBERS

NUMBER_FUNCTIONS: Table = {}
LEAST_SCALE, MOST_SCALE = -6111, 6176


def rounded(number: Decimal, scale: Decimal, mode: str) -> Decimal:
    """Return the number with so many digits after the point; NoValue for a scale out of range."""
    digits = whole(scale)
    if not LEAST_SCALE <= digits <= MOST_SCALE:
        raise NoValue("feel.cause.argument")
    if number.adjusted() + digits > 33 or -int(number.as_tuple().exponent) <= digits:
        return number  # it has no digit that could be rounded away
    return number.quantize(Decimal(1).scaleb(-digits, NUMBERS), mode, NUMBERS)


def _rounding(text: str, mode: str) -> None:
    @declare(NUMBER_FUNCTIONS, text)
    def answer(number: Decimal, scale: Decimal | None = None) -> Decimal:
        return rounded(number, scale or Decimal(0), mode)


_rounding("decimal(n: number, scale: number)", ROUND_HALF_EVEN)
_rounding("floor(n: number)", ROUND_FLOOR)
_rounding("floor(n: number, scale: number)", ROUND_FLOOR)
_rounding("ceiling(n: number)", ROUND_CEILING)
_rounding("ceiling(n: number, scale: number)", ROUND_CEILING)
_rounding("round up(n: number, scale: number)", ROUND_UP)
_rounding("round down(n: number, scale: number)", ROUND_DOWN)
_rounding("round half up(n: number, scale: number)", ROUND_HALF_UP)
_rounding("round half down(n: number, scale: number)", ROUND_HALF_DOWN)


@declare(NUMBER_FUNCTIONS, "abs(n: number | days and time duration | years and months duration)")
def absolute(value: object) -> object:
    """Return the number or duration without its sign."""
    match value:
        case DaysDuration():
            return DaysDuration(abs(value.nanos))
        case YearsDuration():
            return YearsDuration(abs(value.months))
        case Decimal():
            return value.copy_abs()
    raise NoValue("feel.cause.argument")


@declare(NUMBER_FUNCTIONS, "modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return the remainder with the sign of the divisor."""
    if not divisor:
        raise NoValue("feel.cause.division")
    remainder = NUMBERS.remainder(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        remainder = NUMBERS.add(remainder, divisor)
    return remainder if remainder else Decimal(0)


@declare(NUMBER_FUNCTIONS, "sqrt(number: number)")
def square_root(number: Decimal) -> Decimal:
    """Return the square root; NoValue for a negative number."""
    if number < 0:
        raise NoValue("feel.cause.argument")
    return NUMBERS.sqrt(number)


@declare(NUMBER_FUNCTIONS, "log(number: number)")
def logarithm(number: Decimal) -> Decimal:
    """Return the natural logarithm; NoValue for zero and below."""
    if number <= 0:
        raise NoValue("feel.cause.argument")
    return NUMBERS.ln(number)


@declare(NUMBER_FUNCTIONS, "exp(number: number)")
def exponential(number: Decimal) -> Decimal:
    """Return e to the number."""
    return NUMBERS.exp(number)


@declare(NUMBER_FUNCTIONS, "odd(number: number)")
def odd(number: Decimal) -> bool:
    """Return whether it is an odd whole number."""
    return abs(_remainder(number)) == 1


@declare(NUMBER_FUNCTIONS, "even(number: number)")
def even(number: Decimal) -> bool:
    """Return whether it is an even whole number."""
    return _remainder(number) == 0


def _remainder(number: Decimal) -> Decimal:
    if number.adjusted() > 33:
        return Decimal(0)  # more digits than a number has: the last one is a zero
    return NUMBERS.remainder(number, Decimal(2))
