"""Versions before they are published: written, checked, approved by a second person."""

from collections.abc import Callable, Sequence
from datetime import date

from engine.domain.events.configuration import DraftApproved, DraftChecked, DraftWritten
from engine.domain.people import SYSTEM, Official
from engine.domain.versions import VersionState
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Conflict, Forbidden, Unavailable
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.services.publishing import (
    CHANGES,
    KINDS,
    Definitions,
    check_all,
    definitions_of,
    put_in_force,
    refuse_alone,
)
from engine.storage import people, publishing
from engine.storage.publishing import Version
from engine.storage.unit import Unit


def write(
    hall: Hall,
    by: Official,
    definitions: Definitions,
    effective_from: date | None = None,
    effective_to: date | None = None,
    note: str = "",
) -> list[int]:
    """Keep versions that are to be in force from a day on, unchecked; return their numbers.

    Raises Forbidden `publish.not_allowed` (kind).
    """
    numbers = []
    with hall.unit(by) as unit:
        day = effective_from or hall_day(unit.at)
        for kind in KINDS:
            for key, source in definitions.of(kind).items():
                _refuse(by, kind)
                version = fingerprint(source)
                numbers.append(
                    publishing.publish(
                        unit,
                        kind,
                        key,
                        version,
                        source,
                        day,
                        effective_to,
                        note=note,
                        state=VersionState.DRAFT,
                    )
                )
                unit.record(
                    DraftWritten(
                        definition=kind,
                        key=key,
                        version=version,
                        effective_from=day.isoformat(),
                        effective_to=effective_to.isoformat() if effective_to else None,
                        note=note,
                    )
                )
    return numbers


def check(hall: Hall, by: Official, numbers: Sequence[int]) -> None:
    """Read and prove drafts together; they are then checked.

    Raises what `publishing.publish` says of what cannot be run, Conflict `draft.not_in_state`.
    """

    def act(unit: Unit, rows: Sequence[Version]) -> None:
        _check_together(unit, rows)
        for row in rows:
            publishing.move_on(unit, row.no, VersionState.CHECKED)
            unit.record(DraftChecked(definition=row.kind, key=row.key, version=row.version))

    _step(hall, by, numbers, VersionState.DRAFT, act)


def approve(hall: Hall, by: Official, numbers: Sequence[int]) -> None:
    """Approve checked versions as the second person.

    Raises Forbidden `publish.second_person` for the author, `publish.not_allowed`; Conflict
    `draft.not_in_state`.
    """

    def act(unit: Unit, rows: Sequence[Version]) -> None:
        for row in rows:
            if row.author == by.id:
                raise Forbidden("publish.second_person")
            publishing.move_on(unit, row.no, VersionState.APPROVED, second=by.id)
            unit.record(
                DraftApproved(
                    definition=row.kind, key=row.key, version=row.version, author=row.author
                )
            )

    _step(hall, by, numbers, VersionState.CHECKED, act)


def publish(hall: Hall, by: Official, numbers: Sequence[int]) -> None:
    """Publish approved versions for the days that were meant when they were written.

    They are read and proved once more: what they were checked beside may not be in force. Raises
    what `check` and `refuse_clash` say; `definition.past` when the first day has gone by.
    """

    def act(unit: Unit, rows: Sequence[Version]) -> None:
        _check_together(unit, rows)
        for row in rows:
            author = people.official(unit, row.author)
            second = people.official(unit, row.second) if row.second else None
            refuse_alone(author or SYSTEM, second, row.kind)
            put_in_force(unit, row)

    _step(hall, by, numbers, VersionState.APPROVED, act)


def _step(
    hall: Hall,
    by: Official,
    numbers: Sequence[int],
    state: VersionState,
    act: Callable[[Unit, Sequence[Version]], None],
) -> None:
    with hall.unit(by) as unit:
        rows = [publishing.version(unit, no) for no in numbers]
        for row in rows:
            _refuse(by, row.kind)
            if row.state is not state:
                raise Conflict(
                    "draft.not_in_state", key=row.key, state=row.state.value, needed=state.value
                )
        if rows:
            act(unit, rows)


def _check_together(unit: Unit, rows: Sequence[Version]) -> None:
    sources: dict[str, dict[str, bytes]] = {kind: {} for kind in KINDS}
    for row in rows:
        sources[row.kind][row.key] = _source(unit, row)
    check_all(unit, definitions_of(sources), max(row.effective_from for row in rows))


def _refuse(by: Official, kind: str) -> None:
    if by.id != SYSTEM.id and not by.may(CHANGES[kind]):
        raise Forbidden("publish.not_allowed", kind=kind)


def _source(unit: Unit, row: Version) -> bytes:
    source = publishing.content(unit, row.kind, row.key, row.version)
    if source is None:
        raise Unavailable("definition.lost", kind=row.kind, key=row.key, version=row.version)
    return source
