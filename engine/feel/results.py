"""What kinds come out: of values, of arithmetic and of the built-in functions.

`check` asks it; the closures find out by themselves. Source: DMN 1.5, tables 50 to 55 and 10.3.4.
"""

from collections.abc import Mapping, Sequence

from engine.feel.kinds import (
    ANY,
    BASES,
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_TIME,
    DAYS,
    FUNCTION,
    LIST,
    NULL,
    NUMBER,
    PYTHON,
    RANGE,
    STRING,
    TIME,
    YEARS,
    Function,
    Kind,
)

_NAMES: Mapping[type, Kind] = {python: BASES[name] for name, python in PYTHON.items()}
_POINTS = (DATE, DATE_TIME)
_SUMS: Mapping[tuple[Kind, Kind], Kind] = {
    (NUMBER, NUMBER): NUMBER,
    (STRING, STRING): STRING,
    (DAYS, DAYS): DAYS,
    (YEARS, YEARS): YEARS,
    **{(point, length): point for point in _POINTS for length in (DAYS, YEARS)},
    **{(length, point): point for point in _POINTS for length in (DAYS, YEARS)},
    (TIME, DAYS): TIME,
    (DAYS, TIME): TIME,
}
_DIFFERENCES: Mapping[tuple[Kind, Kind], Kind] = {
    (NUMBER, NUMBER): NUMBER,
    (DAYS, DAYS): DAYS,
    (YEARS, YEARS): YEARS,
    (TIME, TIME): DAYS,
    (TIME, DAYS): TIME,
    **{(point, other): DAYS for point in _POINTS for other in _POINTS},
    **{(point, length): point for point in _POINTS for length in (DAYS, YEARS)},
}
_PRODUCTS: Mapping[tuple[Kind, Kind], Kind] = {
    (NUMBER, NUMBER): NUMBER,
    **{(length, NUMBER): length for length in (DAYS, YEARS)},
    **{(NUMBER, length): length for length in (DAYS, YEARS)},
}
_QUOTIENTS: Mapping[tuple[Kind, Kind], Kind] = {
    (NUMBER, NUMBER): NUMBER,
    **{(length, NUMBER): length for length in (DAYS, YEARS)},
    **{(length, length): NUMBER for length in (DAYS, YEARS)},
}
_TABLES = {
    "+": _SUMS,
    "-": _DIFFERENCES,
    "*": _PRODUCTS,
    "/": _QUOTIENTS,
    "**": {(NUMBER, NUMBER): NUMBER},
}
_BY_RESULT: Mapping[Kind, str] = {
    STRING: "substring, upper case, lower case, substring before, substring after, replace,"
    " string join, string, day of week, month of year",
    NUMBER: "string length, number, count, product, median, stddev, decimal, floor,"
    " ceiling, round up, round down, round half up, round half down, modulo, sqrt, log, exp,"
    " day of year, week of year",
    BOOLEAN: "contains, starts with, ends with, matches, list contains, all, any, not, is, odd,"
    " even, before, after, meets, met by, overlaps, overlaps before, overlaps after, finishes,"
    " finished by, includes, during, starts, started by, coincides",
    DATE: "date, today",
    TIME: "time",
    DATE_TIME: "date and time, now",
    YEARS: "years and months duration",
    BASES["duration"]: "duration",
    RANGE: "range",
    CONTEXT: "context, context put, context merge",
    Kind("list", of=STRING): "split",
    Kind("list", of=NUMBER): "index of, mode",
    Kind("list", of=CONTEXT): "get entries",
    LIST: "concatenate, union, flatten, append, insert before, list replace",
}
RESULTS: Mapping[str, Kind] = {
    name: kind for kind, names in _BY_RESULT.items() for name in names.split(", ")
}
SAME_LIST = frozenset({"sublist", "remove", "reverse", "distinct values", "sort"})
SAME_KIND = frozenset({"abs", "min", "max", "sum", "mean"})


def kind_of(value: object) -> Kind:
    """Return the kind of a value."""
    if value is None:
        return NULL
    return FUNCTION if isinstance(value, Function) else _NAMES.get(type(value), ANY)


def arithmetic_result(operator: str, left: Kind, right: Kind) -> Kind | None:
    """Return the kind of `left operator right`, ANY when nobody knows, None for a conflict."""
    left, right = (BASES.get(kind.name, kind) for kind in (left, right))
    if NULL in (left, right):
        return ANY  # null, as its writer may want it
    table = _TABLES[operator]
    results = {
        result
        for (one, other), result in table.items()
        if _may_be(left, one) and _may_be(right, other)
    }
    if not results:
        return None
    return results.pop() if len(results) == 1 and ANY not in (left, right) else ANY


def _may_be(kind: Kind, wanted: Kind) -> bool:
    return kind in (ANY, wanted) or (kind.name == "duration" and wanted in (DAYS, YEARS))


def function_result(name: str, given: Sequence[Kind]) -> Kind:
    """Return the kind of a built-in function's value for arguments of these kinds."""
    first = given[0] if given else ANY
    if name in SAME_LIST:
        return first if first.name == "list" else LIST
    if name in SAME_KIND:
        return (first.of or ANY) if first.name == "list" else first
    return RESULTS.get(name, ANY)
