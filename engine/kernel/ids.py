"""Ids of things: sortable by time, the same in both databases, replayable in tests."""

import secrets
from base64 import b32encode
from collections.abc import Callable
from itertools import count

from engine.kernel.now import Now

Ids = Callable[[], str]
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
OURS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())
LENGTH = 26


def _spell(number: int) -> str:
    # 26 letters of five bits are 130; the six bits behind them fill up the last byte.
    return b32encode((number << 6).to_bytes(17, "big"))[:LENGTH].translate(OURS).decode()


def timed_ids(now: Now) -> Ids:
    """Return a maker of 26-letter ids: 48 bits of milliseconds, then 80 random bits."""

    def make() -> str:
        milliseconds = int(now().timestamp() * 1000)
        return _spell(milliseconds << 80 | secrets.randbits(80))

    return make


def counted_ids() -> Ids:
    """Return a maker of ids that count from one, for replays that must come out the same."""
    numbers = count(1)
    return lambda: _spell(next(numbers))
