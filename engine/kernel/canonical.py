"""Canonical JSON: one text for one value, so that digests can be compared.

Keys are sorted, no white space, UTF-8. Values beyond JSON carry a tag:
`{"$": "decimal", "v": "1.10"}`, and likewise date, time, datetime and timedelta (seconds).
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import orjson

OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
READERS: dict[str, Callable[[str], object]] = {
    "decimal": Decimal,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
    "timedelta": lambda text: timedelta(seconds=float(text)),
}


def dumps(value: object) -> bytes:
    """Return the canonical bytes of a plain value; TypeError for what has no canonical form."""
    return orjson.dumps(value, default=_tag, option=OPTIONS)


def loads(source: bytes) -> object:
    """Return the value that `dumps` wrote."""
    value = orjson.loads(source)
    return _untag(value) if b'"$"' in source else value


def _tag(value: object) -> object:
    match value:
        case Decimal():
            return {"$": "decimal", "v": str(value)}
        case datetime():
            return {"$": "datetime", "v": value.isoformat()}
        case date():
            return {"$": "date", "v": value.isoformat()}
        case time():
            return {"$": "time", "v": value.isoformat()}
        case timedelta():
            return {"$": "timedelta", "v": repr(value.total_seconds())}
        case tuple() | frozenset() | set():
            return sorted(value) if isinstance(value, (set, frozenset)) else list(value)
        case str():
            return str.__str__(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _untag(value: object) -> object:
    if isinstance(value, dict):
        if value.keys() == {"$", "v"} and value["$"] in READERS:
            return READERS[value["$"]](value["v"])
        return {key: _untag(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_untag(item) for item in value]
    return value
