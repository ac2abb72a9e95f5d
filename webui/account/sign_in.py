"""Signing in and out; in the demo city also as one of its invented people."""

from dataclasses import dataclass

from flask import Response, request, url_for

from engine.domain.people import Official
from engine.kernel.errors import Forbidden, HallError, Missing
from engine.services import catalogue
from engine.services import sign_in as service
from webui.kit.confirm import demo_open
from webui.kit.errors import sentence, status_of
from webui.kit.guard import public
from webui.kit.i18n import named
from webui.kit.menu import official_links
from webui.kit.pages import back_to, own_page, render
from webui.kit.session import begin, end, hall, official, token

# The three people of the walk-through come first: received, decided, handed out.
STORY = ("clerk06", "chief26", "clerk01")
# Then the posts by how near they are to the applicant.
POSTS = ("clerk", "chief", "stand_in", "reviewer", "head", "hall_manager")
# How many of a post are offered; the rest is found by the account's name.
EACH_POST = 6


@dataclass(frozen=True)
class DemoPost:
    """The people of one post who may be chosen; `more` are not shown."""

    post: str
    people: list[Official]
    more: int


@public
def show() -> Response:
    """Show the form, and on this machine the people of the demo city."""
    if official() is not None:
        return back_to(request.args.get("next"), _first_page())
    return _form(request.args.get("next"))


@public
def open_session() -> Response:
    """Open a session for account and password; the same answer for whichever was wrong."""
    wanted = request.form.get("next")
    name = request.form.get("account", "").strip()
    try:
        session = service.sign_in(
            hall(), name, request.form.get("password", ""), request.remote_addr or ""
        )
    except HallError as refused:
        return _form(wanted, status_of(refused), sentence(refused), name)
    return _signed_in(session, wanted)


@public
def open_demo_session() -> Response:
    """Open a session as one of the invented people; only on this machine (Forbidden)."""
    if not demo_open():
        raise Forbidden("demo.only")
    try:
        session = service.sign_in_as(hall(), request.form.get("account", "").strip())
    except Missing as unknown:
        return _form(request.form.get("next"), status_of(unknown), sentence(unknown))
    return _signed_in(session, request.form.get("next"))


@public
def sign_out() -> Response:
    """End the session and go to the front page."""
    held = token()
    if held:
        service.sign_out(hall(), held)
    return end(back_to(None, url_for("online.home")))


def _signed_in(session: service.Session, wanted: str | None) -> Response:
    held = token()
    if held:
        # A second sign-in in the same browser leaves no session behind (S-11).
        service.sign_out(hall(), held)
    return begin(back_to(wanted, url_for("account.sign_in")), session.token)


def _first_page() -> str:
    places = official_links()
    return places[0].href if places else url_for("online.home")


def _form(wanted: str | None, status: int = 200, wrong: str = "", name: str = "") -> Response:
    everybody = service.demo_people(hall()) if demo_open() else []
    by_account = {person.account: person for person in everybody}
    units = {unit.no: named(unit) for unit in catalogue.units(hall())} if everybody else {}
    return render(
        "account/sign_in.html",
        status,
        wanted=own_page(wanted) or "",
        wrong=wrong,
        account=name,
        story=[by_account[account] for account in STORY if account in by_account],
        posts=_by_post(everybody),
        accounts=sorted(by_account),
        units=units,
    )


def _by_post(everybody: list[Official]) -> list[DemoPost]:
    posts: dict[str, list[Official]] = {post: [] for post in POSTS}
    for person in everybody:
        posts.setdefault(person.post, []).append(person)
    return [
        DemoPost(post, people[:EACH_POST], max(0, len(people) - EACH_POST))
        for post, people in posts.items()
        if people
    ]
