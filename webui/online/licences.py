"""The public check of a licence: was it issued here, and is it unaltered?"""

from flask import Response, request

from engine.services import licences
from webui.kit.guard import public
from webui.kit.pages import render
from webui.kit.session import hall

LONGEST_NUMBER = 64


@public
def check() -> Response:
    """Show the form, and the answer for the number of the address."""
    number = request.args.get("no", "").strip()[:LONGEST_NUMBER]
    return render(
        "online/licence_check.html",
        number=number,
        answer=licences.check(hall(), number) if number else None,
    )
