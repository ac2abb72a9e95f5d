"""Proof, asked for in the form of a weighty act, that it is really he who is signed in."""

from flask import request

from engine.domain.confirmed import Confirmed
from engine.kernel.errors import Forbidden
from engine.services import sign_in
from webui.kit.session import hall, on_loopback

PASSWORD, AS_DEMO = "password", "as_demo"


def demo_open() -> bool:
    """Return whether the invented people of the demo act without a password."""
    return hall().demo and on_loopback()


def confirmed(account: str) -> Confirmed:
    """Return the proof that the form of this request gives for an account.

    Raises as `sign_in.confirm`; Forbidden `demo.only` where no invented people live.
    """
    if AS_DEMO in request.form:
        if not demo_open():
            raise Forbidden("demo.only")
        return sign_in.confirm_as(hall(), account)
    return sign_in.confirm(
        hall(), account, request.form.get(PASSWORD, ""), request.remote_addr or ""
    )
