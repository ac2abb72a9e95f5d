"""Keeps what is typed on a page as it is typed, for the person who types it."""

from collections.abc import Iterable, Mapping

from flask import Response, make_response, request

from engine.services import unsent
from webui.kit.confirm import AS_DEMO, PASSWORD
from webui.kit.guard import ONCE_FIELD, needs
from webui.kit.i18n import _
from webui.kit.pages import back_to
from webui.kit.security import CSRF_FIELD
from webui.kit.session import hall, present

PLACE = "unsent-place"
# Fields of the page itself, not what somebody wrote; a password is never kept or shown again.
OWN = frozenset({CSRF_FIELD, ONCE_FIELD, "seen", "back", PLACE, PASSWORD, AS_DEMO})


@needs("task.work")
def keep() -> Response:
    """Keep the fields of a form that is being filled in; answer when, in words."""
    kept = unsent.keep(hall(), present(), request.form.get(PLACE, ""), typed(request.form.lists()))
    return make_response(_("unsent.kept", at=kept.kept_at), 200)


@needs("task.work")
def forget() -> Response:
    """Forget what was kept, and show the page as it was."""
    unsent.forget(hall(), present(), request.form.get(PLACE, ""))
    return back_to(request.form.get("back"), "/desk/")


def typed(fields: Iterable[tuple[str, list[str]]]) -> Mapping[str, list[str]]:
    """Return what somebody wrote among the fields that a page sent."""
    return {key: values for key, values in fields if key not in OWN}
