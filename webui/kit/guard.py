"""Who may open a page: `@needs(permission)` or `@public`, one of them on every view.

The permission opens the page; whether a deed is allowed is the service's verdict.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import quote

from flask import Flask, Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from engine.kernel.errors import Forbidden
from webui.kit.session import official

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
FRAMEWORK = frozenset({"static"})
ONCE_FIELD = "once"


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Let a view be reached only by officials who hold `permission`.

    A stranger is sent to sign in and comes back; an official without it gets
    Forbidden `page.permission`.
    """

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            someone = official()
            if someone is None:
                return to_sign_in()
            if not someone.may(permission):
                raise Forbidden("page.permission", permission=permission)
            return view(*args, **kwargs)

        guarded.__dict__["permission"] = permission
        return guarded

    return mark


def public(view: View[P]) -> View[P]:
    """Say in the open that everybody may see this page."""
    view.__dict__["permission"] = None
    return view


def unguarded(app: Flask) -> list[str]:
    """Return the views that carry neither mark."""
    views = app.view_functions.items()
    return sorted(
        name for name, view in views if name not in FRAMEWORK and not hasattr(view, "permission")
    )


def once_key() -> str:
    """Return a fresh key for a form whose second sending must change nothing."""
    return secrets.token_urlsafe(18)


def once() -> str | None:
    """Return the key that the form of this request carried; a service stores it with the deed."""
    return request.form.get(ONCE_FIELD) or None


def to_sign_in() -> Response:
    """Answer a stranger: the sign-in page, which leads back to the page asked for.

    A part of a page is refused (Unauthorized): the page stays with all that is typed in it.
    """
    if "HX-Request" in request.headers:
        raise Unauthorized
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    target = url_for("account.sign_in")
    return make_response(redirect(f"{target}?next={quote(wanted)}" if wanted else target, 303))
