"""Changes (变更) while they are written: drafts of tables, examples, forms and diagrams.

Everybody of the design and policy offices may draft every part; who approves must hold the
permission of its kind (see `release`). Steps of writing are no history: what was submitted is.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.domain.changes import OPEN, Approval, Change, ChangeState, Drafted
from engine.domain.events.changes import (
    ChangeBegun,
    ChangeDescribed,
    PartAdded,
    PartDropped,
)
from engine.domain.people import SYSTEM, Official
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.services.publishing import KINDS
from engine.storage import changes as rows
from engine.storage import people, publishing
from engine.storage.unit import Unit

DRAFT = "change.draft"
MOST_BYTES = 4_000_000
LONGEST_TITLE = 200
LONGEST_KEY = 120


@dataclass(frozen=True)
class Part:
    """One definition of a change with the text as it is drafted.

    `revision` is what `save` wants to see again; `based_on` the version it began from, None for
    something new; `stale` whether another version holds by now. `saved_by` is an id.
    """

    change: str
    kind: str
    key: str
    text: str
    revision: int
    based_on: str | None
    stale: bool
    saved_by: str
    saved_at: datetime
    undoable: bool
    redoable: bool


@dataclass(frozen=True)
class Whole:
    """A change with its parts and approvals; `others` are changes that write the same parts."""

    change: Change
    parts: tuple[Drafted, ...]
    approvals: tuple[Approval, ...]
    others: tuple[str, ...]


def begin(hall: Hall, by: Official, title: str, note: str = "") -> Change:
    """Begin a change; Forbidden `change.not_allowed`, Invalid `change.title` (most)."""
    refuse_strangers(by)
    with hall.unit(by) as unit:
        begun = Change(
            id=unit.ids(),
            title=_title(title),
            note=note.strip(),
            effective_from=None,
            state=ChangeState.DRAFT,
            begun_by=by.id,
            begun_at=unit.at,
            submitted_by=None,
            submitted_at=None,
            ended_by=None,
            ended_at=None,
            answer="",
        )
        rows.add(unit, begun)
        unit.record(ChangeBegun(begun.id, begun.title, begun.note))
        return begun


def describe(
    hall: Hall, by: Official, change_id: str, title: str, note: str, effective_from: date | None
) -> Change:
    """Write the title, the legal ground and the first day of a change anew.

    Raises as `save` and `begin`.
    """
    with hall.unit(by) as unit:
        found = _draft(unit, by, change_id)
        told = replace(found, title=_title(title), note=note.strip(), effective_from=effective_from)
        if told != found:
            day = effective_from.isoformat() if effective_from else None
            rows.save(unit, told)
            unit.record(ChangeDescribed(told.id, told.title, told.note, day))
        return told


def changes(
    hall: Hall, by: Official, page: int = 1, *, ended: bool = False
) -> tuple[list[Change], int]:
    """Return a page of the changes in hand, or of those that are over, and how many there are."""
    refuse_strangers(by)
    over = ChangeState.PUBLISHED, ChangeState.ABANDONED
    size = hall.rules.page_size
    with hall.reading() as unit:
        return rows.changes(unit, over if ended else OPEN, size, (page - 1) * size)


def change(hall: Hall, by: Official, change_id: str) -> Whole:
    """Return one change; Missing `change.unknown`, Forbidden `change.not_allowed`."""
    refuse_strangers(by)
    with hall.reading() as unit:
        found = rows.change(unit, change_id)
        if found is None:
            raise Missing("change.unknown")
        parts = tuple(rows.parts(unit, change_id))
        others = {other for part in parts for other in rows.elsewhere(unit, part, OPEN)}
        approvals = tuple(rows.approvals(unit, change_id))
        return Whole(found, parts, approvals, tuple(sorted(others)))


def add_part(
    hall: Hall,
    by: Official,
    change_id: str,
    kind: str,
    key: str,
    text: str | None = None,
    version: str | None = None,
) -> Part:
    """Take a definition into a change: what holds today, with other text as its second step.

    With `version` the draft begins with that older version (回退); what does not exist yet begins
    with its `text`. Raises as `save`, and Invalid `definition.kind`, `change.key` (most), Conflict
    `change.has_part`, Missing `definition.none`, `definition.no_version`.
    """
    if kind not in KINDS:
        raise Invalid("definition.kind", kind=kind, allowed=", ".join(KINDS))
    if not key.strip() or len(key) > LONGEST_KEY:
        raise Invalid("change.key", most=LONGEST_KEY)
    with hall.unit(by) as unit:
        _draft(unit, by, change_id)
        if rows.part(unit, change_id, kind, key) is not None:
            raise Conflict("change.has_part", kind=kind, key=key)
        based_on = publishing.in_force(unit, kind, key, hall_day(unit.at))
        first, second = _beginning(unit, kind, key, based_on, text, version)
        part = Drafted(change_id, kind, key, based_on, 1, 1, 1, (), by.id, unit.at)
        rows.add_part(unit, part, first)
        unit.record(PartAdded(change_id, kind, key, based_on))
        if based_on is None or second is not None:
            part = _written(unit, part, second)
        return _part(unit, part)


def drop_part(hall: Hall, by: Official, change_id: str, kind: str, key: str) -> None:
    """Take a definition out of a change, with all that was written of it; raises as `save`."""
    with hall.unit(by) as unit:
        _draft(unit, by, change_id)
        part = _found(unit, change_id, kind, key)
        version = fingerprint(rows.content(unit, part))
        rows.drop_part(unit, part)
        unit.record(PartDropped(change_id, kind, key, version))


def drafting(hall: Hall, by: Official, change_id: str, kind: str, key: str) -> Part:
    """Return a part with its text; Missing `change.no_part`, Forbidden `change.not_allowed`."""
    refuse_strangers(by)
    with hall.reading() as unit:
        return _part(unit, _found(unit, change_id, kind, key))


def save(
    hall: Hall, by: Official, change_id: str, kind: str, key: str, text: str, seen: int
) -> int:
    """Write a draft anew and return its revision; `seen` is the one that was written on.

    Raises Conflict `change.saved_meanwhile` (by: a name, at) when another was saved since,
    `change.not_draft`; Invalid `change.too_large` (most, in bytes); Missing `change.unknown`,
    `change.no_part`; Forbidden `change.not_allowed`.
    """
    content = _content(text)
    with hall.unit(by) as unit:
        part = _seen(unit, by, change_id, kind, key, seen)
        if content == rows.content(unit, part):
            return part.revision
        return _written(unit, part, content).revision


def undo(hall: Hall, by: Official, change_id: str, kind: str, key: str, seen: int) -> Part:
    """Take the last step back; nothing happens without one. Raises as `save`."""
    return _walk(hall, by, change_id, kind, key, seen, -1)


def redo(hall: Hall, by: Official, change_id: str, kind: str, key: str, seen: int) -> Part:
    """Do the step again that was taken back; nothing happens without one. Raises as `save`."""
    return _walk(hall, by, change_id, kind, key, seen, 1)


def rebase(hall: Hall, by: Official, change_id: str, kind: str, key: str, seen: int) -> Part:
    """Say that a draft knows the version that holds by now, and shall replace it.

    Raises as `save`.
    """
    with hall.unit(by) as unit:
        part = _seen(unit, by, change_id, kind, key, seen)
        today = publishing.in_force(unit, kind, key, hall_day(unit.at))
        told = replace(part, based_on=today, revision=part.revision + 1)
        rows.save_part(unit, told)
        return _part(unit, told)


def refuse_strangers(by: Official) -> None:
    """Refuse who drafts no changes; Forbidden `change.not_allowed`."""
    if by.id != SYSTEM.id and not by.may(DRAFT):
        raise Forbidden("change.not_allowed")


def is_stale(unit: Unit, part: Drafted) -> bool:
    """Return whether another version holds today than the one that a draft began from."""
    return publishing.in_force(unit, part.kind, part.key, hall_day(unit.at)) != part.based_on


def _beginning(
    unit: Unit, kind: str, key: str, based_on: str | None, text: str | None, version: str | None
) -> tuple[bytes, bytes | None]:
    """The first step, and the second one where there are two."""
    told = None if text is None else _content(text)
    if version is not None:
        told = publishing.content(unit, kind, key, version)
        if told is None:
            raise Missing("definition.no_version", no=version)
    held = publishing.content(unit, kind, key, based_on) if based_on is not None else None
    if held is None:
        if told is None:
            raise Missing("definition.none", kind=kind, key=key, day="")
        return told, None
    return held, None if told == held else told


def _written(unit: Unit, part: Drafted, content: bytes | None) -> Drafted:
    """Store a step, or only who wrote the first one of something new."""
    place = part.position if content is None else part.position + 1
    told = replace(_touched(unit, part), position=place, top=place)
    rows.save_part(unit, told, content)
    return told


def _touched(unit: Unit, part: Drafted) -> Drafted:
    """The part as written in by who acts, with its next revision."""
    by = unit.by.id
    return replace(
        part,
        revision=part.revision + 1,
        authors=part.authors if by in part.authors else (*part.authors, by),
        saved_by=by,
        saved_at=unit.at,
    )


def _walk(
    hall: Hall, by: Official, change_id: str, kind: str, key: str, seen: int, way: int
) -> Part:
    with hall.unit(by) as unit:
        part = _seen(unit, by, change_id, kind, key, seen)
        place = part.position + way
        if rows.oldest(unit, part) <= place <= part.top:
            part = replace(_touched(unit, part), position=place)
            rows.save_part(unit, part)
        return _part(unit, part)


def _draft(unit: Unit, by: Official, change_id: str) -> Change:
    """The change, locked, if it may be written."""
    refuse_strangers(by)
    found = rows.lock(unit, change_id)
    if found is None:
        raise Missing("change.unknown")
    found.refuse_unless(ChangeState.DRAFT)
    return found


def _seen(unit: Unit, by: Official, change_id: str, kind: str, key: str, seen: int) -> Drafted:
    """The part, if nobody has written it since it was seen."""
    _draft(unit, by, change_id)
    part = _found(unit, change_id, kind, key)
    if part.revision != seen:
        writer = people.official(unit, part.saved_by)
        name = writer.name if writer is not None else part.saved_by
        raise Conflict("change.saved_meanwhile", by=name, at=part.saved_at)
    return part


def _found(unit: Unit, change_id: str, kind: str, key: str) -> Drafted:
    part = rows.part(unit, change_id, kind, key)
    if part is None:
        raise Missing("change.no_part", kind=kind, key=key)
    return part


def _part(unit: Unit, part: Drafted) -> Part:
    try:
        text = rows.content(unit, part).decode()
    except UnicodeDecodeError as error:
        raise Invalid("change.not_text", kind=part.kind, key=part.key) from error
    return Part(
        change=part.change_id,
        kind=part.kind,
        key=part.key,
        text=text,
        revision=part.revision,
        based_on=part.based_on,
        stale=is_stale(unit, part),
        saved_by=part.saved_by,
        saved_at=part.saved_at,
        undoable=part.position > rows.oldest(unit, part),
        redoable=part.position < part.top,
    )


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid("change.title", most=LONGEST_TITLE)
    return title


def _content(text: str) -> bytes:
    try:
        content = text.encode()
    except UnicodeEncodeError as error:  # half of a pair, which no file can hold
        raise Invalid("change.not_text", kind="", key="") from error
    if len(content) > MOST_BYTES:
        raise Invalid("change.too_large", most=MOST_BYTES)
    return content
