"""From an error to the page that says it: the only table of kinds and HTTP statuses.

A code is never shown: it names a sentence of the translations. A fragment request gets the
sentence for the notice strip of the page that is open, which stays as it is.
"""

import logging
import secrets

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from engine.kernel.errors import (
    Conflict,
    Forbidden,
    HallError,
    Invalid,
    Late,
    Missing,
    Unavailable,
)
from webui.kit.guard import ONCE_FIELD
from webui.kit.i18n import _, known
from webui.kit.pages import render, wants_fragment
from webui.kit.security import CSRF_FIELD

STATUS: dict[type[HallError], int] = {
    Missing: 404,
    Invalid: 422,
    Forbidden: 403,
    Conflict: 409,
    Late: 410,
    Unavailable: 503,
}
SHOWN = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503})
RETRY_SECONDS = "5"
# What the browser sent but nobody typed.
NOT_TYPED = frozenset({CSRF_FIELD, ONCE_FIELD, "seen", "password"})
LOG = logging.getLogger("webui")


def status_of(error: HallError) -> int:
    """Return the HTTP status of an error of the engine."""
    return STATUS[type(error)]


def sentence(error: HallError) -> str:
    """Return what to tell the reader, in his language."""
    return said(error.code, error.params) or _(f"error.{status_of(error)}")


def said(code: str, params: dict[str, object]) -> str | None:
    """Return the sentence of a code, None when it has none or mentions what nobody gave."""
    if not known(code):
        LOG.error("no sentence for code %s", code)
        return None
    try:
        return _(code, **params)
    except KeyError as missing:
        LOG.error("the sentence of %s asks for %s", code, missing)
        return None


def problems(error: Invalid) -> dict[str, str]:
    """Return the sentence by field of an Invalid that names fields (`fields={key: {…}}`)."""
    fields = error.params.get("fields")
    if not isinstance(fields, dict):
        return {}
    return {
        str(key): said(str(wrong["code"]), dict(wrong.get("params", {}))) or _("error.422")
        for key, wrong in fields.items()
    }


def catch(app: Flask) -> None:
    """Let `app` answer errors of the engine, of HTTP and of our own making."""
    app.register_error_handler(HallError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _broken)


def answer(status: int, text: str, reference: str = "") -> Response:
    """Return the page, or for htmx the notice, that says `text`."""
    if wants_fragment():
        response = render("error_notice.html", status, text=text, status=status)
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        # The whole layout asks who is here; that may be the very question that failed.
        base = "bare.html" if status in (500, 503) else "layout.html"
        response = render(
            "error.html",
            status,
            base=base,
            text=text,
            status=status,
            reference=reference,
            typed=_typed(),
        )
    if status in (429, 503):
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _refused(error: HallError) -> Response:
    return answer(status_of(error), sentence(error))


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    shown = status if status in SHOWN else 400 if status < 500 else 500
    response = answer(shown, _(f"error.{shown}"))
    response.status_code = status
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _broken(error: Exception) -> Response:
    # Flask has logged the trace; the reader gets a number to quote, never the trace (S-46).
    reference = secrets.token_hex(4)
    LOG.error("answered 500, reference %s, path %s", reference, request.path)
    return answer(500, _("error.500"), reference)


def _typed() -> list[str]:
    """What the reader had written and must not lose."""
    if request.method != "POST" or request.content_length is None:
        return []
    try:
        sent = request.form
    except HTTPException:
        return []
    return [
        value for key, value in sent.items(multi=True) if key not in NOT_TYPED and value.strip()
    ]
