"""The counter: the one page of a clerk, with queue, application and papers side by side."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Response, request

from engine.domain.people import Window
from engine.kernel.errors import Forbidden, HallError
from engine.services import cases, catalogue, intake, licences, tickets, work
from engine.services.tickets import WindowQueue
from webui.kit import forms
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.pages import render, see, wants_fragment
from webui.kit.session import hall, present
from webui.kit.verdict import posts_said, verdict_words
from webui.window import drafts
from webui.window.typed import Typed

HAND_OUT = "handout"


@needs("window.serve")
def mine() -> Response:
    """Show the counter of the clerk's own window, or the windows to choose from."""
    clerk = present()
    if clerk.window_no is not None:
        return counter(place(clerk.window_no))
    windows = catalogue.windows(hall(), unit_no=clerk.unit_no) if clerk.unit_no else []
    return render("window/choose.html", windows=windows)


@needs("window.serve")
def at(window_no: int) -> Response:
    """Show the counter at a window of the clerk's unit."""
    return counter(place(window_no))


@needs("window.serve")
def queue(window_no: int) -> Response:
    """Show who stands at the window and who waits."""
    return _queue(place(window_no))


@needs("window.serve")
def call_next(window_no: int) -> Response:
    """Call the next number; the visitor still noted as present has been served.

    `seen` is the ticket that the page showed: a second press of the key calls nobody.
    """
    clerk, window = present(), place(window_no)
    current = tickets.at_window(hall(), window.no).current
    if request.form.get("seen", "") == (current.id if current else ""):
        if current is not None:
            tickets.finish(hall(), clerk, window.no)
        tickets.call_next(hall(), clerk, window.no)
        drafts.forget(window.no, current.id if current else None)
    return see("window.at", window_no=window.no)


@needs("window.serve")
def call_again(window_no: int) -> Response:
    """Call the present number once more; what is typed meanwhile stays in the browser."""
    window = place(window_no)
    tickets.call_again(hall(), present(), window.no)
    if wants_fragment():
        return _queue(window)
    return see("window.at", window_no=window.no)


@needs("window.serve")
def no_show(window_no: int) -> Response:
    """Note that the visitor did not come."""
    window = place(window_no)
    current = tickets.at_window(hall(), window.no).current
    try:
        tickets.no_show(hall(), present(), window.no)
    except HallError as error:
        return counter(window, said=sentence(error), status=status_of(error))
    drafts.forget(window.no, current.id if current else None)
    return see("window.at", window_no=window.no)


@needs("window.serve")
def finish(window_no: int) -> Response:
    """Note that the visitor was served."""
    window = place(window_no)
    current = tickets.at_window(hall(), window.no).current
    tickets.finish(hall(), present(), window.no)
    drafts.forget(window.no, current.id if current else None)
    return see("window.at", window_no=window.no)


def place(window_no: int) -> Window:
    """Return a window at which the clerk may sit: Forbidden `window.other_unit` elsewhere."""
    window = catalogue.window(hall(), window_no)
    if present().unit_no != window.unit_no:
        raise Forbidden("window.other_unit", window=window.label)
    return window


def counter(
    window: Window,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
    said: str = "",
    status: int = 200,
    found: Mapping[str, object] | None = None,
) -> Response:
    """Return the whole page; `errors` by field and `said` tell what went wrong.

    `found` are the matters of a search by a browser without scripts.
    """
    waiting = tickets.at_window(hall(), window.no)
    case_id = request.args.get("case", "")
    shown = _received(case_id) if case_id and typed is None else {}
    if not shown:
        ticket_id = waiting.current.id if waiting.current else None
        draft = drafts.find(window.no, ticket_id) if typed is None else None
        shown = sheet(window, typed or _begun(waiting, draft), errors or {})
        shown |= {"kept_at": draft.kept_at if draft else None}
    return render(
        "window/counter.html",
        status,
        queue=waiting,
        now=hall().now(),
        said=said,
        to_hand_out=_to_hand_out(window),
        **{"window": window, **shown, **(found or {})},
    )


def sheet(window: Window, typed: Typed, errors: Mapping[str, str]) -> dict[str, object]:
    """Return what the part of the page for the application shows."""
    shown: dict[str, object] = {
        "window": window,
        "typed": typed,
        "errors": errors,
        "draft_place": drafts.place_of(window.no, typed.ticket_id),
    }
    if typed.matter_no is None:
        return shown
    matter = catalogue.matter(hall(), typed.matter_no)
    unit = catalogue.unit(hall(), matter.unit_no)
    shown |= {"matter": matter, "unit": unit, "ours": matter.unit_no == window.unit_no}
    if matter.unit_no != window.unit_no:
        return shown | {"places": catalogue.windows(hall(), unit_no=matter.unit_no)}
    form = intake.application_form(hall(), matter.no)
    return shown | {
        "form": form,
        "answers": forms.read(form, typed.answers) if typed.answers else None,
        "wanting": len(typed.wanting(matter)),
    }


def _queue(window: Window) -> Response:
    found = tickets.at_window(hall(), window.no)
    return render("window/queue.html", window=window, queue=found, now=hall().now())


def _begun(waiting: WindowQueue, draft: drafts.Draft | None) -> Typed:
    """The draft, or an empty sheet; the matter is there when the visitor said it taking a number.

    A matter that the address names is what the clerk chose last.
    """
    asked = request.args.get("matter", type=int)
    if draft is not None:
        return replace(draft.typed, matter_no=asked or draft.typed.matter_no)
    if waiting.current is None:
        return Typed(matter_no=asked)
    return Typed(matter_no=asked or waiting.current.matter_no, ticket_id=waiting.current.id)


def _received(case_id: str) -> dict[str, object]:
    """What the clerk sees after receiving: the case, and its next step if it may be his."""
    view = cases.case(hall(), present(), case_id)
    waiting = [line.task for line in view.tasks if line.task.is_open]
    steps = [work.task(hall(), present(), task.id) for task in waiting]
    return {
        "case": view,
        "steps": [(step, *verdict_words(step.verdict)) for step in steps],
        "posts_said": posts_said,
    }


def _to_hand_out(window: Window) -> int | None:
    if window.purpose != HAND_OUT or not present().may("licence.hand_out"):
        return None
    return len(licences.to_hand_out(hall(), present()))
