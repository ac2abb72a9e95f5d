"""Who stands before me: number, appointment, earlier visits; sent on, or served after closing."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, request

from engine.kernel.errors import HallError, Missing
from engine.services import catalogue, extended, standing, tickets
from engine.services.standing import Person
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _, named
from webui.kit.pages import render, see, wants_fragment
from webui.kit.session import hall, present
from webui.window.counter import place

NUMBER = "id_number"
# What an act takes from a list, and what to say when nothing of it was chosen.
CHOSEN = {
    "transfer": ("to_window", "standing.choose_window"),
    "stay": ("case", "standing.choose_case"),
}


@dataclass(frozen=True)
class Wrong:
    """What the service refused: the act, the sentence, and what was typed for it."""

    act: str
    said: str
    typed: Mapping[str, str]


@needs("window.serve")
def page(window_no: int) -> Response:
    """Show who stands at the window; as a part of a page, this alone."""
    return _page(window_no)


@needs("window.serve")
def search(window_no: int) -> Response:
    """Show the cases and visits of somebody by his number, which so stays out of the address."""
    typed = request.form.get(NUMBER, "")
    try:
        found = standing.person(hall(), present(), window_no, typed)
    except HallError as error:
        return _refused(window_no, error, "search")
    return _page(window_no, found=found)


@needs("window.serve")
def transfer(window_no: int) -> Response:
    """Send the visitor to another window, where he keeps his place."""
    sent = request.form
    place(window_no)
    to_window = sent.get("to_window", default=0, type=int)
    try:
        tickets.transfer(
            hall(), present(), sent.get("ticket", ""), to_window, sent.get("reason", "")
        )
    except HallError as error:
        return _refused(window_no, error, "transfer")
    return see("window.visitor", window_no=window_no, done="transferred")


@needs("window.serve")
def stay(window_no: int) -> Response:
    """Keep the window open after closing for a case that was begun before it (延时服务)."""
    try:
        extended.begin(hall(), present(), window_no, request.form.get("case", ""))
    except HallError as error:
        return _refused(window_no, error, "stay")
    return see("window.visitor", window_no=window_no, done="stayed")


@needs("window.serve")
def leave(window_no: int) -> Response:
    """End the extended hours of the window now."""
    try:
        extended.end(hall(), present(), window_no)
    except HallError as error:
        return _refused(window_no, error, "leave")
    return see("window.visitor", window_no=window_no, done="left")


def _refused(window_no: int, error: HallError, act: str) -> Response:
    field, code = CHOSEN.get(act, ("", ""))
    # What was not chosen from its list at all is not called unknown.
    unchosen = isinstance(error, Missing) and bool(field) and not request.form.get(field)
    said, status = (_(code), 422) if unchosen else (sentence(error), status_of(error))
    return _page(window_no, Wrong(act, said, request.form.to_dict()), status)


def _page(
    window_no: int,
    wrong: Wrong | None = None,
    status: int = 200,
    found: Person | None = None,
) -> Response:
    now = standing.at(hall(), present(), window_no)
    if wants_fragment() and wrong is None and found is None:
        return render("window/standing.html", now=now)
    units = {row.no: row for row in catalogue.units(hall())}
    others = [row for row in catalogue.windows(hall()) if row.no != window_no]
    others.sort(key=lambda row: (row.unit_no != now.window.unit_no, row.no))
    return render(
        "window/visitor.html",
        status,
        now=now,
        window=now.window,
        windows=[
            (row.no, f"{row.label} · {named(units[row.unit_no])} · {_(_kind(row.purpose))}")
            for row in others
        ],
        wrong=wrong,
        typed=wrong.typed if wrong else {},
        found=found,
        done=request.args.get("done", ""),
    )


def _kind(purpose: str) -> str:
    return f"window.purpose.{purpose}"
