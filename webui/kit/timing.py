"""How long the server worked on an answer, told in its head for browsers and benches."""

import time

from flask import Flask, Response, g


def tell(app: Flask) -> None:
    """Put `Server-Timing: app;dur=<milliseconds>` on every answer of `app`."""
    app.before_request(_begin)
    app.after_request(_say)


def _begin() -> None:
    g.began = time.perf_counter()


def _say(response: Response) -> Response:
    if "began" in g:
        spent = (time.perf_counter() - g.began) * 1000
        response.headers["Server-Timing"] = f"app;dur={spent:.1f}"
    return response
