"""The release of a change: proved, approved by a second person for each kind, published whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.decisions.table import read_draft
from engine.domain.changes import Approval, Change, ChangeState, Drafted
from engine.domain.events.changes import (
    ChangeAbandoned,
    ChangeApproved,
    ChangeGivenBack,
    ChangePublished,
    ChangeSubmitted,
)
from engine.domain.people import Official
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid, Missing
from engine.kernel.now import hall_day
from engine.processes.definition import read_definition
from engine.services.changes import is_stale, refuse_strangers
from engine.services.hall import Hall
from engine.services.publishing import (
    CHANGES,
    KINDS,
    check_all,
    definitions_of,
    publish_part,
    refuse_unfree,
)
from engine.storage import changes as rows
from engine.storage.unit import Unit


@dataclass(frozen=True)
class Stop:
    """What stands between a change and its publication: a code with the params of its sentence.

    `kind` and `key` name the part, both empty for what the parts are together.
    """

    kind: str
    key: str
    code: str
    params: Mapping[str, object]


def stops(hall: Hall, by: Official, change_id: str) -> list[Stop]:
    """Return what keeps a change from being submitted now, nothing when it may be.

    Codes are `change.empty`, `change.unchanged`, `change.stale`, `change.other_key` (found), and
    those of `publishing.check_all` and `refuse_clash`. Raises Missing `change.unknown`,
    Forbidden `change.not_allowed`.
    """
    refuse_strangers(by)
    with hall.reading() as unit:
        return _stops(unit, _known(rows.change(unit, change_id)))


def submit(hall: Hall, by: Official, change_id: str) -> Change:
    """Hand a change in for approval.

    Raises as `stops`, Conflict `change.not_draft`, and Invalid `change.stopped` (count) with the
    stops in `findings`.
    """

    def act(unit: Unit, change: Change) -> Change:
        change.refuse_unless(ChangeState.DRAFT)
        _refuse_stopped(unit, change)
        versions = {f"{one.kind}:{one.key}": _version(unit, one) for one in _parts(unit, change)}
        unit.record(ChangeSubmitted(change.id, versions))
        return replace(
            change,
            state=ChangeState.SUBMITTED,
            submitted_by=by.id,
            submitted_at=unit.at,
            answer="",
        )

    return _act(hall, by, change_id, act)


def approve(hall: Hall, by: Official, change_id: str) -> Change:
    """Approve, as the second person, all parts whose kinds one may change.

    The change is approved once every kind has been. Raises Conflict `change.not_in_state`;
    Forbidden `publish.second_person` for who wrote in any part, `publish.not_allowed` (kind) for
    who may change nothing of what is still to be approved.
    """

    def act(unit: Unit, change: Change) -> Change:
        change.refuse_unless(ChangeState.SUBMITTED)
        parts = _parts(unit, change)
        if any(by.id in part.authors for part in parts):
            raise Forbidden("publish.second_person")
        open_ = _wanting(unit, change, parts)
        given = [permission for permission in open_ if by.may(permission)]
        if not given:
            kind = next(part.kind for part in parts if CHANGES[part.kind] in open_)
            raise Forbidden("publish.not_allowed", kind=kind)
        for permission in given:
            rows.add_approval(unit, Approval(change.id, permission, by.id, unit.at))
            unit.record(ChangeApproved(change.id, permission))
        done = len(given) == len(open_)
        return replace(change, state=ChangeState.APPROVED) if done else change

    return _act(hall, by, change_id, act)


def wanting(hall: Hall, by: Official, change_id: str) -> list[str]:
    """Return the permissions with which a change is still to be approved; raises as `stops`."""
    refuse_strangers(by)
    with hall.reading() as unit:
        change = _known(rows.change(unit, change_id))
        return _wanting(unit, change, _parts(unit, change))


def give_back(hall: Hall, by: Official, change_id: str, reason: str) -> Change:
    """Make a change a draft again, for a reason; what was approved is so no more.

    Raises Conflict `change.not_in_state`, Invalid `change.no_reason`, and as `stops`.
    """

    def act(unit: Unit, change: Change) -> Change:
        change.refuse_unless(ChangeState.SUBMITTED, ChangeState.APPROVED)
        if not reason.strip():
            raise Invalid("change.no_reason")
        rows.drop_approvals(unit, change.id)
        unit.record(ChangeGivenBack(change.id, reason.strip()))
        return replace(change, state=ChangeState.DRAFT, answer=reason.strip())

    return _act(hall, by, change_id, act)


def publish(hall: Hall, by: Official, change_id: str) -> Change:
    """Put all parts of an approved change in force from its first day on, or none of them.

    They are proved once more: what they were proved beside may not be in force. The author of a
    version is who wrote in it last, its second person who approved it. Raises as `submit`,
    Conflict `change.not_in_state`.
    """

    def act(unit: Unit, change: Change) -> Change:
        change.refuse_unless(ChangeState.APPROVED)
        _refuse_stopped(unit, change)
        seconds = {one.permission: one.by for one in rows.approvals(unit, change.id)}
        day = _day(unit, change)
        for part in _parts(unit, change):
            publish_part(
                unit,
                part.kind,
                part.key,
                rows.content(unit, part),
                day,
                author=part.saved_by,
                second=seconds[CHANGES[part.kind]],
                note=change.note,
            )
        rows.forget_steps(unit, change.id)
        unit.record(ChangePublished(change.id, day.isoformat()))
        return replace(
            change,
            state=ChangeState.PUBLISHED,
            effective_from=day,
            ended_by=by.id,
            ended_at=unit.at,
        )

    return _act(hall, by, change_id, act)


def abandon(hall: Hall, by: Official, change_id: str) -> Change:
    """Give a change up; it can be read, not gone on with. Raises as `save` of changes."""

    def act(unit: Unit, change: Change) -> Change:
        change.refuse_unless(ChangeState.DRAFT)
        rows.forget_steps(unit, change.id)
        unit.record(ChangeAbandoned(change.id))
        return replace(change, state=ChangeState.ABANDONED, ended_by=by.id, ended_at=unit.at)

    return _act(hall, by, change_id, act)


def _act(hall: Hall, by: Official, change_id: str, act: Callable[[Unit, Change], Change]) -> Change:
    refuse_strangers(by)
    with hall.unit(by) as unit:
        done = act(unit, _known(rows.lock(unit, change_id)))
        rows.save(unit, done)
        return done


def _known(found: Change | None) -> Change:
    if found is None:
        raise Missing("change.unknown")
    return found


def _parts(unit: Unit, change: Change) -> list[Drafted]:
    """The parts in the order in which they are published."""
    return sorted(rows.parts(unit, change.id), key=lambda one: KINDS.index(one.kind))


def _day(unit: Unit, change: Change) -> date:
    return change.effective_from or hall_day(unit.at)


def _version(unit: Unit, part: Drafted) -> str:
    return fingerprint(rows.content(unit, part))


def _wanting(unit: Unit, change: Change, parts: Sequence[Drafted]) -> list[str]:
    given = {one.permission for one in rows.approvals(unit, change.id)}
    return sorted({CHANGES[part.kind] for part in parts} - given)


def _refuse_stopped(unit: Unit, change: Change) -> None:
    found = _stops(unit, change)
    if found:
        told = [{"code": one.code, "kind": one.kind, "key": one.key, **one.params} for one in found]
        raise Invalid("change.stopped", count=len(found), findings=told)


def _stops(unit: Unit, change: Change) -> list[Stop]:
    parts = _parts(unit, change)
    if not parts:
        return [_stop(None, Invalid("change.empty"))]
    day = _day(unit, change)
    found = [stop for part in parts for stop in _stops_of(unit, part, day)]
    if any(one.code == "change.other_key" for one in found):
        return found
    return [*found, *_unproved(unit, parts, day)]


def _stops_of(unit: Unit, part: Drafted, day: date) -> Iterator[Stop]:
    """What one part is in itself: begun from another version, unchanged, without free days."""
    content = rows.content(unit, part)
    if is_stale(unit, part):
        yield _stop(part, Conflict("change.stale", key=part.key))
    elif fingerprint(content) == part.based_on:
        yield _stop(part, Invalid("change.unchanged", key=part.key))
    try:
        refuse_unfree(unit, part.kind, part.key, day)
    except HallError as error:
        yield _stop(part, error)
    found = _key_of(part.kind, content)
    if found is not None and found != part.key:
        yield _stop(part, Invalid("change.other_key", key=part.key, found=found))


def _stop(part: Drafted | None, error: HallError) -> Stop:
    kind, key = (part.kind, part.key) if part is not None else ("", "")
    return Stop(kind, key, error.code, error.params)


def _key_of(kind: str, content: bytes) -> str | None:
    """The key that a file itself gives, None for one without or that cannot be read."""
    try:
        if kind == "table":
            return read_draft(content).id
        if kind == "process":
            return read_definition(content).key
    except HallError:  # told by the proof
        return None
    return None


def _unproved(unit: Unit, parts: Sequence[Drafted], day: date) -> list[Stop]:
    sources: dict[str, dict[str, bytes]] = {kind: {} for kind in KINDS}
    for part in parts:
        sources[part.kind][part.key] = rows.content(unit, part)
    try:
        check_all(unit, definitions_of(sources), day)
    except HallError as error:
        return list(_spread(error, parts))
    return []


def _spread(error: HallError, parts: Sequence[Drafted]) -> Iterator[Stop]:
    """Each finding of a refusal, with the part that it names, if it names one."""
    findings = error.params.get("findings")
    each = findings if isinstance(findings, list) else [{"code": error.code, **error.params}]
    for one in each:
        params = {name: value for name, value in one.items() if name not in ("code", "findings")}
        kind, key = _part_of(str(one["code"]), params, parts)
        yield Stop(kind, key, str(one["code"]), params)


def _part_of(code: str, params: Mapping[str, object], parts: Sequence[Drafted]) -> tuple[str, str]:
    """The part that a finding is about: the only one of the kinds that its code speaks of."""
    named = {"table": params.get("table"), "form": params.get("form")}
    for part in parts:
        if part.key == named.get(part.kind) and not code.startswith("process."):
            return part.kind, part.key
    drawn = [part for part in parts if part.kind == "process"]
    if code.startswith("process.") and len(drawn) == 1:
        return drawn[0].kind, drawn[0].key
    return "", ""
