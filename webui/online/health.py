"""Whether the server lives, and whether its database answers."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from engine.services import live
from webui.kit.guard import public
from webui.kit.session import hall


@public
def healthz() -> Response:
    """Say that the process answers; the database is not asked."""
    return Response("ok\n", mimetype="text/plain")


@public
def readyz() -> Response:
    """Say that the database answers, or 503 (an Unavailable of the engine)."""
    live.newest(hall())
    return Response("ready\n", mimetype="text/plain")


@public
def favicon() -> ResponseReturnValue:
    """Lead old browsers, which ask for this file by themselves, to the mark."""
    return redirect(url_for("static", filename="mark.svg"), 301)
