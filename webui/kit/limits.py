"""How often one address may write, and how much, so that a script cannot fill the hall.

Sign-in has its own, stored limit in the engine; this one is per process and forgets: with two
processes a script gets twice as far, which is still not far.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from engine.services.hall import Hall
from webui.kit.security import SAFE_METHODS
from webui.kit.session import hall, official

KNOWN = 10_000
# What a form with a file holds beside the file.
FIELDS_BYTES = 64 * 1024
View = Callable[..., Any]


class Bucket:
    """Grants `burst` requests at once to a key, then `per_minute` a minute."""

    def __init__(self, burst: int, per_minute: int) -> None:
        self._burst, self._per_second = burst, per_minute / 60
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, at: float) -> bool:
        """Return whether `key` may go on at the monotonic second `at`."""
        with self._lock:
            left, last = self._left.pop(key, (float(self._burst), at))
            left = min(self._burst, left + (at - last) * self._per_second)
            self._left[key] = (max(left - 1, 0) if left >= 1 else left, at)
            if len(self._left) > KNOWN:
                self._left.popitem(last=False)
            return left >= 1


def takes_files(largest: Callable[[Hall], int], otherwise: View) -> Callable[[View], View]:
    """Let a view take a file of `largest` bytes at most.

    What is larger is answered by `otherwise`, a guarded view, before a byte of it is read.
    """

    def mark(view: View) -> View:
        view.__dict__["takes"] = (largest, otherwise)
        return view

    return mark


def limit(app: Flask) -> None:
    """Put the limits on the writing requests of `app`: by official, else by address."""
    strangers, officials = Bucket(120, 240), Bucket(120, 600)

    def check() -> None:
        if request.method in SAFE_METHODS:
            return
        someone = official()
        # Many people share an address, so an official counts by himself.
        bucket, key = (officials, someone.id) if someone else (strangers, request.remote_addr)
        if not bucket.take(key or "", time.monotonic()):
            raise TooManyRequests

    app.before_request(check)
    app.before_request(_admit)


def _admit() -> ResponseReturnValue | None:
    """Let a form with a file be longer than others, or answer one that is too long."""
    view = current_app.view_functions.get(request.endpoint or "")
    takes = getattr(view, "takes", None)
    if takes is None:
        return None
    largest, otherwise = takes
    request.max_content_length = largest(hall()) + FIELDS_BYTES
    if (request.content_length or 0) <= request.max_content_length:
        return None
    answer: ResponseReturnValue = otherwise(**(request.view_args or {}))
    return answer
