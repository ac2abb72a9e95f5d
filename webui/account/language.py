"""The reader's language, kept in a cookie."""

from flask import Response, request

from engine.kernel.errors import Invalid
from webui.kit.guard import public
from webui.kit.i18n import LANGUAGE_COOKIE, LANGUAGES
from webui.kit.pages import back_to
from webui.kit.session import on_loopback

ONE_YEAR = 31_536_000


@public
def choose() -> Response:
    """Keep the language chosen and go back to the page; Invalid `language.unknown`."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Invalid("language.unknown")
    response = back_to(request.form.get("next"), "/")
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=ONE_YEAR,
        path="/",
        secure=request.is_secure or not on_loopback(),
        httponly=True,
        samesite="Lax",
    )
    return response
