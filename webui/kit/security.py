"""The headers under which every page runs, and the token that a forged form does not have.

The policy is the one of S-18: no foreign host, no inline script, styles of the editors by nonce.
"""

import hashlib
import hmac
import secrets
from typing import cast

from flask import Flask, Response, g, request
from werkzeug.exceptions import Unauthorized

from engine.kernel.errors import Forbidden
from webui.kit.session import expired, official, on_loopback, read_cookie, set_cookie

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
ONE_YEAR = 31_536_000
VISITOR_COOKIE = "visitor"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD, CSRF_HEADER = "csrf_token", "X-CSRFToken"
# Bytes, bytes, fields: far above any form of the hall, far below what hurts (S-40). Only the
# first bounds a form that is not multipart.
LIMITS = {
    "MAX_CONTENT_LENGTH": 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
    "MAX_FORM_PARTS": 1000,
}


def csp_nonce() -> str:
    """Return the one nonce of this answer; layout.html writes it into a meta element."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return cast(str, g.csp_nonce)


def csrf_token() -> str:
    """Return the token of this reader's forms, derived from a cookie that scripts cannot read.

    It belongs to the person as well: after his session has ended he signs in again and goes on
    with the page that he had filled in, but nobody else's sign-in can send that page.
    """
    if "csrf_token" not in g:
        g.csrf_token = _derived(_visitor())
    return cast(str, g.csrf_token)


def check_csrf() -> None:
    """Refuse an unsafe request without the token of its reader (S-17).

    Raises Forbidden `csrf.wrong`, or Unauthorized when it is only that the session has ended.
    """
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("csrf.wrong")
    key = read_cookie(VISITOR_COOKIE)
    sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not key or not hmac.compare_digest(_derived(key).encode(), sent.encode()):
        if expired():
            raise Unauthorized
        raise Forbidden("csrf.wrong")


def protect(app: Flask) -> None:
    """Put limits, token check and headers on every request of `app`."""
    app.config.update(LIMITS)
    app.jinja_env.globals.update(csp_nonce=csp_nonce, csrf_token=csrf_token)
    app.before_request(check_csrf)
    app.after_request(_finish)


def _derived(key: str) -> str:
    someone = official()
    account = someone.account if someone else ""
    return hmac.new(key.encode(), account.encode(), hashlib.sha256).hexdigest()


def _visitor() -> str:
    if "visitor" not in g:
        kept = read_cookie(VISITOR_COOKIE)
        g.visitor, g.visitor_is_new = kept or secrets.token_urlsafe(24), kept is None
    return cast(str, g.visitor)


def _finish(response: Response) -> Response:
    # A file that somebody brought has a policy of its own, a stricter one.
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or not on_loopback():
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    elif request.path.startswith("/static/dist/") and response.status_code == 200:
        # The names of bundles carry their digest.
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    if g.get("visitor_is_new"):
        set_cookie(response, VISITOR_COOKIE, g.visitor)
    return response
