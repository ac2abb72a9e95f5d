"""Who is here: the hall of this application and the official behind the session cookie.

The cookie holds a random token only; the session itself is a row of the engine (S-11 to S-16).
Flask's own signed session is not used at all.
"""

from dataclasses import dataclass
from typing import cast

from flask import Response, current_app, g, request

from engine.domain.people import Official
from engine.services import sign_in
from engine.services.hall import Hall

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Cookie:
    """How a cookie of ours is called and sent on this connection."""

    name: str
    secure: bool


def hall() -> Hall:
    """Return the hall that this application was created with."""
    return cast(Hall, current_app.extensions["hall"])


def on_loopback() -> bool:
    """Return whether browser and server are the same machine, by address and by host name.

    A proxy on this machine passes another host name on and so does not count.
    """
    host = request.host.rsplit(":", 1)[0].strip("[]")
    return request.remote_addr in LOOPBACK and host in LOOPBACK


def cookie(name: str) -> Cookie:
    """Return the name under which `name` travels: `__Host-` and Secure but on loopback."""
    if on_loopback() and not request.is_secure:
        return Cookie(f"hall-{name}", secure=False)
    return Cookie(f"__Host-{name}", secure=True)


def set_cookie(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie that scripts cannot read; without `seconds` it ends with the browser."""
    sent = cookie(name)
    response.set_cookie(
        sent.name,
        value,
        max_age=seconds,
        path="/",
        secure=sent.secure,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: Response, name: str) -> None:
    """Take a cookie back."""
    sent = cookie(name)
    response.delete_cookie(sent.name, path="/", secure=sent.secure, httponly=True, samesite="Lax")


def read_cookie(name: str) -> str | None:
    """Return the value of a cookie of ours."""
    return request.cookies.get(cookie(name).name)


def token() -> str | None:
    """Return the session token that came with this request."""
    return read_cookie("session")


def official() -> Official | None:
    """Return the official who is signed in, looked up once a request."""
    if "official" not in g:
        held = token()
        g.official = sign_in.who(hall(), held, acted=_acted()) if held else None
    return cast("Official | None", g.official)


def _acted() -> bool:
    # Fragments and streams are fetched by open pages on their own.
    return request.method != "GET" or not (
        "HX-Request" in request.headers or request.accept_mimetypes.best == "text/event-stream"
    )


def expired() -> bool:
    """Return whether a session came with this request that has ended meanwhile."""
    return token() is not None and official() is None


def present() -> Official:
    """Return the official of a guarded page."""
    someone = official()
    if someone is None:
        raise RuntimeError("only a page under @needs may ask who is present")
    return someone


def begin(response: Response, session_token: str) -> Response:
    """Let `response` open the session."""
    set_cookie(response, "session", session_token)
    return response


def end(response: Response) -> Response:
    """Let `response` close the session and empty what the browser kept of it (S-22)."""
    drop_cookie(response, "session")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
