"""What stands behind a dot: entries of contexts, properties of dates, durations and ranges.

Source: DMN 1.5, 10.3.2.5 and tables 61 to 65.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from engine.feel.evaluation import Evaluation, NoValue
from engine.feel.temporal import DAY, NANOS, Date, DateTime, DaysDuration, Time, YearsDuration
from engine.feel.values import NUMBERS, Range


def _part(whole: int, unit: int, within: int | None = None) -> Decimal:
    found = abs(whole) // unit
    found = found if within is None else found % within
    return Decimal(-found if whole < 0 else found)


def _seconds(nanos: int) -> Decimal:
    seconds = NUMBERS.divide(Decimal(abs(nanos) % (60 * NANOS)), Decimal(NANOS))
    return -seconds if nanos < 0 and seconds else seconds


def _offset(value: Time | DateTime) -> object:
    offset = value.utc_offset()
    return None if offset is None else DaysDuration(offset * NANOS)


Properties = Mapping[str, Callable[..., object]]
OF_DATE: Properties = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.weekday()),
}
OF_TIME: Properties = {
    "hour": lambda value: _part(value.nanos, 3600 * NANOS),
    "minute": lambda value: _part(value.nanos, 60 * NANOS, 60),
    "second": lambda value: _seconds(value.nanos),
    "timezone": lambda value: value.zone,
}
PROPERTIES: Mapping[type, Properties] = {
    Date: {
        **OF_DATE,
        "hour": lambda value: Decimal(0),
        "minute": lambda value: Decimal(0),
        "second": lambda value: Decimal(0),
        "time offset": lambda value: DaysDuration(0),
        "timezone": lambda value: None,
    },
    Time: {**OF_TIME, "time offset": _offset},
    DateTime: {
        **{name: (lambda value, of=of: of(value.date)) for name, of in OF_DATE.items()},
        **{name: (lambda value, of=of: of(value.time)) for name, of in OF_TIME.items()},
        "time offset": _offset,
    },
    DaysDuration: {
        "days": lambda value: _part(value.nanos, DAY),
        "hours": lambda value: _part(value.nanos, 3600 * NANOS, 24),
        "minutes": lambda value: _part(value.nanos, 60 * NANOS, 60),
        "seconds": lambda value: _seconds(value.nanos),
    },
    YearsDuration: {
        "years": lambda value: _part(value.months, 12),
        "months": lambda value: _part(value.months, 1, 12),
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_closed,
        "end included": lambda value: value.high_closed,
    },
}


def entry(value: object, name: str) -> object:
    """Return the entry or property; of a list the list of its items' entries; NoValue if none."""
    if isinstance(value, list):
        return _of_items(value, name, Evaluation())
    if isinstance(value, dict):
        if name not in value:
            raise NoValue("feel.cause.entry")
        return value[name]
    of = PROPERTIES.get(type(value), {}).get(name)
    if of is None:
        raise NoValue("feel.cause.null" if value is None else "feel.cause.entry")
    return of(value)


def _of_items(items: list[object], name: str, budget: Evaluation) -> list[object]:
    """Return the entries of the items, null where there is none; the budget bounds the lists."""
    budget.spend(4 * len(items))
    found: list[object] = []
    for item in items:
        if isinstance(item, list):
            found.append(_of_items(item, name, budget))
            continue
        try:
            found.append(entry(item, name))
        except NoValue:
            found.append(None)
    return found
