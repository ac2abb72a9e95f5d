"""The people of the hall: found, added, let in with a new first password, shut out, leaving."""

from collections.abc import Callable
from datetime import date

from flask import Response, request

from engine.domain.people import Official
from engine.kernel.errors import HallError
from engine.kernel.now import hall_day
from engine.services import catalogue, directory, leaving, people
from webui.admin.refusals import NOTHING, Refusal, day, refused
from webui.kit.guard import needs
from webui.kit.i18n import _, known, named, post_name
from webui.kit.pages import render, see
from webui.kit.paging import Paging, page_asked
from webui.kit.session import hall, present
from webui.kit.verdict import verdict_words


@needs("people.manage")
def page() -> Response:
    """Show the accounts, by unit, post, state or a name."""
    query, post = request.args.get("q", "").strip(), request.args.get("post", "")
    unit_no = request.args.get("unit", type=int)
    state = request.args.get("state", "")
    found = directory.find(
        hall(),
        present(),
        query,
        unit_no,
        post or None,
        state if state in directory.STATES else None,
        page_asked(),
    )
    return render(
        "admin/people.html",
        rows=found.rows,
        paging=Paging(found.page, found.size, found.total),
        units={one.no: one for one in catalogue.units(hall())},
        unit_choices=_units(),
        post_choices=_posts(),
        state_choices=[(one, _(f"people.state.{one}")) for one in directory.STATES],
        query=query,
        unit_no=unit_no,
        post=post,
        state=state,
    )


@needs("people.manage")
def new() -> Response:
    """Show the form for a new account."""
    return _new()


@needs("people.manage")
def add() -> Response:
    """Open an account; its first password is made on its page."""
    form = request.form
    wanted = people.NewOfficial(
        account=form.get("account", "").strip(),
        name=form.get("name", "").strip(),
        post=form.get("post", ""),
        unit_no=form.get("unit_no", type=int),
        window_no=form.get("window_no", type=int),
    )
    try:
        people.add(hall(), present(), [wanted])
    except HallError as error:
        return _new(refused("add", error))
    return see("admin.person", account=wanted.account, done="added")


@needs("people.manage")
def person(account: str) -> Response:
    """Show one person and what may be changed of his account."""
    return _person(account)


@needs("people.manage")
def password(account: str) -> Response:
    """Make a new first password and show it this once."""
    try:
        secret = people.new_password(hall(), present(), account)
    except HallError as error:
        return _person(account, refused("password", error))
    return _person(account, secret=secret)


@needs("people.manage")
def disable(account: str) -> Response:
    """Shut an account out at once."""
    reason = request.form.get("reason", "")
    return _done(
        account, "disable", lambda: people.disable(hall(), present(), account, reason), "disabled"
    )


@needs("people.manage")
def cover(account: str) -> Response:
    """Name who acts for the person while he is away."""
    form = request.form
    return _done(
        account,
        "cover",
        lambda: people.cover_absence(
            hall(),
            present(),
            form.get("account", ""),
            account,
            day("first"),
            day("last"),
            form.get("ground", ""),
        ),
        "covered",
    )


@needs("people.manage")
def end_absence(account: str) -> Response:
    """Let an absence of the person end earlier than was planned."""
    form = request.form
    return _done(
        account,
        "end",
        lambda: people.end_absence(
            hall(),
            present(),
            form.get("account", ""),
            account,
            day("first"),
            day("last_day"),
            form.get("reason", ""),
        ),
        "back",
    )


@needs("people.manage")
def leave_page(account: str) -> Response:
    """Show what would move, to whom, and what would stay, before somebody leaves."""
    return _leave(account, request.args.get("to", ""), _last_day(request.args.get("last_day", "")))


@needs("people.manage")
def leave(account: str) -> Response:
    """Let somebody leave; what he holds goes to another or to his post again."""
    form = request.form
    to = form.get("to", "")
    try:
        people.leave(
            hall(),
            present(),
            account,
            day("last_day"),
            form.get("reason", ""),
            to or None,
            form.get("mandate_no", "").strip() or None,
        )
    except HallError as error:
        return _leave(account, to, _last_day(form.get("last_day", "")), refused("leave", error))
    return see("admin.person", account=account, done="left")


def _done(account: str, act: str, deed: Callable[[], object], done: str) -> Response:
    """Do a deed and show the person with it; what goes wrong is said in its form."""
    try:
        deed()
    except HallError as error:
        return _person(account, refused(act, error))
    return see("admin.person", account=account, done=done)


def _new(wrong: Refusal = NOTHING) -> Response:
    return render(
        "admin/person_new.html",
        wrong.status,
        wrong=wrong,
        unit_choices=_units(),
        post_choices=_posts(),
    )


def _person(account: str, wrong: Refusal = NOTHING, secret: str = "") -> Response:
    it, done = directory.person(hall(), present(), account), request.args.get("done", "")
    one, today = it.listed.official, hall_day(hall().now())
    return render(
        "admin/person.html",
        wrong.status,
        it=it,
        one=one,
        unit=catalogue.unit(hall(), one.unit_no) if one.unit_no is not None else None,
        window=catalogue.window(hall(), one.window_no) if one.window_no is not None else None,
        today=today,
        ending=sum(
            each.post is None and (each.last_day is None or each.last_day >= today)
            for each in it.grants
        ),
        kinds={kind.code: kind for kind in catalogue.matter_types(hall())},
        wrong=wrong,
        secret=secret,
        done=done if known(f"person.done.{done}") else "",
        verdict=verdict_words(it.verdict),
        absence=verdict_words(it.absence),
        deputies=people_choices(it.deputies),
    )


def _leave(account: str, to: str, last_day: date, wrong: Refusal = NOTHING) -> Response:
    it = directory.person(hall(), present(), account)
    receivers = {one.account: one for one in it.colleagues}
    receiver = receivers.get(to)
    return render(
        "admin/leaving.html",
        wrong.status,
        it=it,
        one=it.listed.official,
        going=leaving.preview(
            hall(), present(), account, receiver.account if receiver else None, last_day
        ),
        receiver=receiver,
        receivers=people_choices(it.colleagues),
        last_day=last_day,
        wrong=wrong,
        verdict=verdict_words(it.verdict),
    )


def _last_day(text: str) -> date:
    """Return the day of a preview: as it was typed, today for nonsense."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return hall_day(hall().now())


def people_choices(found: list[Official]) -> list[tuple[str, str]]:
    """Return people to choose from: account, and name with post."""
    return [
        (one.account, _("acts.person", name=one.name, post=post_name(one.post))) for one in found
    ]


def _units() -> list[tuple[int, str]]:
    return [(one.no, named(one)) for one in catalogue.units(hall())]


def _posts() -> list[tuple[str, str]]:
    return [(post, post_name(post)) for post in directory.posts(hall())]
