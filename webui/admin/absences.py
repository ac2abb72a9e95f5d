"""Who is away and who acts for him (AB岗): the head of a unit names it for his own people."""

from collections.abc import Callable

from flask import Response, request

from engine.kernel.errors import HallError, Missing
from engine.kernel.now import hall_day
from engine.services import catalogue, directory, people
from webui.admin.people import people_choices
from webui.admin.refusals import NOTHING, Refusal, day, refused
from webui.kit.guard import needs
from webui.kit.i18n import known
from webui.kit.pages import render, see
from webui.kit.session import hall, present


@needs("supervision.read")
def page() -> Response:
    """Show the absences of now and those to come."""
    return _page()


@needs("supervision.read")
def cover() -> Response:
    """Name who acts for an absent colleague."""
    form = request.form
    return _done(
        "cover",
        lambda: people.cover_absence(
            hall(),
            present(),
            form.get("account", ""),
            form.get("absent", ""),
            day("first"),
            day("last"),
            form.get("ground", ""),
        ),
    )


@needs("supervision.read")
def end() -> Response:
    """Let an absence end earlier than was planned."""
    form = request.form
    return _done(
        "end",
        lambda: people.end_absence(
            hall(),
            present(),
            form.get("account", ""),
            form.get("absent", ""),
            day("first"),
            day("last_day"),
            form.get("reason", ""),
        ),
    )


def _done(act: str, deed: Callable[[], object]) -> Response:
    try:
        deed()
    except Missing as error:
        if error.code != "account.unknown":
            raise
        return _page(refused(act, error))
    except HallError as error:
        return _page(refused(act, error))
    return see("admin.absences", done=act)


def _page(wrong: Refusal = NOTHING) -> Response:
    found, done = directory.absences(hall(), present()), request.args.get("done", "")
    return render(
        "admin/absences.html",
        wrong.status,
        it=found,
        units={one.no: one for one in catalogue.units(hall())},
        away=people_choices(found.away),
        deputies=people_choices(found.deputies),
        today=hall_day(hall().now()),
        wrong=wrong,
        done=done if known(f"absences.done.{done}") else "",
    )
