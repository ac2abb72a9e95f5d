"""Variables of a case are plain values; what could not be stored or judged is refused at once."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.kernel.errors import Invalid

SURROGATE = re.compile("[\ud800-\udfff]")
MAX_DEPTH = 16
LARGEST = 2**63 - 1


def plain(value: object, name: str, depth: int = 0) -> object:
    """Return a copy of `value` with tuples as lists and integers beyond 64 bits as Decimal.

    Plain are None, bool, int, Decimal, str, date, datetime with an offset, time, timedelta, and
    lists and mappings of such; no text has a lone surrogate. Raises Invalid
    `process.data` (name, kind) for anything else, floats included, because 0.1 + 0.2 would not
    be 0.3.
    """
    match value:
        case None | bool():
            return value
        case str() if value.isascii() or not SURROGATE.search(value):
            return value
        case int():
            return value if -LARGEST - 1 <= value <= LARGEST else Decimal(value)
        case Decimal() if value.is_finite():
            return value
        case datetime() if value.tzinfo is not None:
            return value
        case date() | time() | timedelta() if not isinstance(value, datetime):
            return value
        case list() | tuple() if depth < MAX_DEPTH:
            return [plain(item, name, depth + 1) for item in value]
        case Mapping() if depth < MAX_DEPTH and all(
            isinstance(key, str) and key != "$" for key in value
        ):
            return {key: plain(item, name, depth + 1) for key, item in value.items()}
    raise Invalid("process.data", name=name, kind=type(value).__name__)


def plain_variables(values: Mapping[str, object]) -> dict[str, object]:
    """Return a plain copy of variables by name; Invalid `process.data` as `plain`."""
    return {name: plain(value, name) for name, value in values.items() if _is_name(name)}


def _is_name(name: object) -> bool:
    if isinstance(name, str) and name and name != "$" and len(name) <= 200:
        return True
    raise Invalid("process.data", name=str(name)[:200], kind="name")
