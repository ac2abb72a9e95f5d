"""The functions on working days, made from a calendar that the caller brings.

They are no part of the standard: a decision that wants them declares their names and puts them
into its context. The day something happens does not count; the term begins on the day after it.
"""

from collections.abc import Callable, Mapping
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal

from engine.feel.arithmetic import whole
from engine.feel.evaluation import Evaluation, NoValue
from engine.feel.kinds import Function
from engine.feel.signatures import Table, declare
from engine.feel.temporal import Date

ONE_DAY = timedelta(days=1)


def working_day_functions(is_working_day: Callable[[date], bool]) -> Mapping[str, Function]:
    """Return `working days between` and `add working days` for a calendar.

    Between counts the working days after the first up to and with the second day, negative when
    that lies before; add answers the n-th working day after a day, before it for a negative n.
    """
    functions: Table = {}

    def step(evaluation: Evaluation, day: date, direction: int) -> tuple[date, bool]:
        evaluation.spend()
        if day in (date.min, date.max):
            raise NoValue("feel.cause.date")
        moved = day + direction * ONE_DAY
        return moved, is_working_day(moved)

    @declare(functions, "working days between(from: date, to: date)", evaluation=True)
    def between(evaluation: Evaluation, start: Date, end: Date) -> Decimal:
        day, last = sorted((_python(start), _python(end)))
        found = 0
        while day < last:
            day, works = step(evaluation, day, 1)
            found += works
        return Decimal(found if start <= end else -found)

    @declare(functions, "add working days(from: date, days: number)", evaluation=True)
    def add(evaluation: Evaluation, start: Date, days: Decimal) -> Date:
        day, left = _python(start), whole(days)
        if left != days:
            raise NoValue("feel.cause.argument")
        direction = 1 if left > 0 else -1
        left = abs(left)
        while left:
            day, works = step(evaluation, day, direction)
            left -= works
        return Date(day.year, day.month, day.day)

    return functions


def _python(day: Date) -> date:
    if not 1 <= day.year <= MAXYEAR:
        raise NoValue("feel.cause.date")
    return date(day.year, day.month, day.day)
