"""Answers of a view: a page, a fragment of it, or the way to the next page."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request, url_for


def render(template: str, code: int = 200, /, **context: object) -> Response:
    """Return the page made from `template`; `code` is the HTTP status, 422 for wrong input."""
    return make_response(render_template(template, **context), code)


def wants_fragment() -> bool:
    """Return whether htmx asks for a part of the page only."""
    return request.headers.get("HX-Request") == "true"


def see(endpoint: str, **values: Any) -> Response:
    """Send the browser on with a GET after a deed (303), so that reloading repeats nothing."""
    return make_response(redirect(url_for(endpoint, **values), 303))


def back_to(wanted: str | None, otherwise: str) -> Response:
    """Send the browser to `wanted` if it is a page of this server, else to `otherwise` (S-21)."""
    return make_response(redirect(own_page(wanted) or otherwise, 303))


def own_page(wanted: str | None) -> str | None:
    """Return `wanted` if it is a path of this server, None for anything that leads elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or any(ord(letter) < 33 for letter in wanted):
        return None
    return wanted
