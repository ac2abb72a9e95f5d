"""The files of a case: brought, looked at, taken home, taken away."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from flask import Response, request, send_file

from engine.domain.attachment import LONGEST_NAME, MEGABYTE, FileType, file_name, shown_name
from engine.domain.verdict import Verdict
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid
from engine.services import attachments, cases
from engine.services.attachments import Opened
from webui.kit.errors import said, sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _, known, named
from webui.kit.limits import takes_files
from webui.kit.pages import render, see
from webui.kit.session import hall, present
from webui.kit.verdict import verdict_words

# A file is a guest: it runs nothing, asks for nothing and is framed by nobody.
GUEST = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)


@needs("case.read")
def page(case_id: str) -> Response:
    """Show the files of a case by paper, with the form for one more."""
    return _page(case_id, chosen=request.args.get("material", ""))


@needs("task.work")
def too_large(case_id: str) -> Response:
    """Answer a file that is too large before it is read."""
    limit = attachments.largest(hall()) // MEGABYTE
    return _page(case_id, [("", Invalid("attachment.too_large", limit=limit))])


@needs("task.work")
@takes_files(attachments.largest, too_large)
def add(case_id: str) -> Response:
    """Add files to a paper of a case; one that is refused does not keep the others out."""
    chosen = request.form.get("material", "")
    sent = [one for one in request.files.getlist("file") if one.filename]
    refused: list[tuple[str, HallError]] = [] if sent else [("", Invalid("attachment.none"))]
    for one in sent:
        name = one.filename or ""
        try:
            attachments.attach(
                hall(),
                present(),
                case_id,
                request.form.get("material", default=0, type=int),
                name,
                one.stream,
            )
        except (Invalid, Forbidden) as error:
            refused.append((name, error))
    if refused:
        return _page(case_id, refused, chosen=chosen)
    return see("desk.attachments", case_id=case_id, done="added")


@needs("task.work")
def remove(case_id: str, attachment_id: str) -> Response:
    """Take a file away, and say why."""
    reason = request.form.get("reason", "")
    try:
        attachments.remove(hall(), present(), case_id, attachment_id, reason)
    except (Invalid, Forbidden, Conflict) as error:
        return _page(case_id, [("", error)], at=attachment_id, reason=reason)
    return see("desk.attachments", case_id=case_id, done="removed")


@needs("case.read")
def download(case_id: str, attachment_id: str) -> Response:
    """Give a file out to be kept."""
    opened = attachments.read(hall(), present(), case_id, attachment_id)
    return _file(opened, "attachment")


@needs("case.read")
def preview(case_id: str, attachment_id: str) -> Response:
    """Show a file by itself, as far as a browser can; else give it out to be kept."""
    opened = attachments.read(hall(), present(), case_id, attachment_id)
    return _file(opened, "inline" if opened.type.preview else "attachment")


def _page(
    case_id: str,
    refused: Sequence[tuple[str, HallError]] = (),
    chosen: str = "",
    at: str = "",
    reason: str = "",
) -> Response:
    view = cases.case(hall(), present(), case_id)
    files = attachments.of_case(hall(), present(), view)
    because, row = verdict_words(files.verdict)
    told = [_of(name, _said(error, files.types)) for name, error in refused]
    done = request.args.get("done", "")
    return render(
        "desk/attachments.html",
        status_of(refused[0][1]) if refused else 200,
        view=view,
        files=files,
        because=because,
        row=row,
        kinds=_("acts.comma").join(named(one) for one in files.types.values()),
        accepted=",".join(f".{end}" for one in files.types.values() for end in one.endings),
        megabytes=files.largest // MEGABYTE,
        chosen=chosen,
        done=done if known(f"attachment.done.{done}") else "",
        errors={f"reason-{at}" if at else "file": " ".join(told)} if told else {},
        at=at,
        reason=reason,
    )


def _of(name: str, told: str) -> str:
    if not name.strip():
        return told
    return _("attachment.of", name=shown_name(name[:LONGEST_NAME]), told=told)


def _said(error: HallError, types: Mapping[str, FileType]) -> str:
    refused = error.params.get("verdict")
    if isinstance(refused, Verdict):
        because, row = verdict_words(refused)
        return _("desk.refused", because=because, row=_("verdict.row", row=row) if row else "")
    found = str(error.params.get("found", ""))
    if not found:
        return sentence(error)
    word = named(types[found]) if found in types else _(f"attachment.found.{found}")
    return said(error.code, {**error.params, "found": word}) or sentence(error)


def _file(opened: Opened, way: str) -> Response:
    response = send_file(opened.content, mimetype=opened.type.media_type, max_age=0)
    name = file_name(opened.file.name)
    # RFC 6266: the plain name for old browsers, the true one percent-encoded.
    plain = f"file.{opened.type.endings[0]}"
    response.headers["Content-Disposition"] = (
        f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = GUEST
    response.headers["Cache-Control"] = "no-store"
    response.content_length = opened.file.size
    return response
