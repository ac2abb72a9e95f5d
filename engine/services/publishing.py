"""Putting definitions in force: processes, forms and decision tables, checked together.

An official publishes only what a second person of the same permission has approved; the system
itself, which loads the files of the release, needs nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from engine.domain.events.configuration import Published, VersionWithdrawn
from engine.domain.people import SYSTEM, Official
from engine.domain.versions import DAY, Period, VersionState, held, last_day, refuse_clash
from engine.forms.compile import read_form
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.processes.definition import read_definition
from engine.services.gate import gate
from engine.services.hall import Hall
from engine.services.promises import promised
from engine.storage import people, publishing
from engine.storage.publishing import Version
from engine.storage.unit import Unit

KINDS = ("table", "examples", "form", "process")
CHANGES = {
    "table": "rule.change",
    "examples": "rule.change",
    "form": "process.design",
    "process": "process.design",
}
READS = {
    "table": "rule.read",
    "examples": "rule.read",
    "form": "process.read",
    "process": "process.read",
}
NONE: Mapping[str, bytes] = MappingProxyType({})
PLANNED, IN_FORCE, SUPERSEDED = "planned", "in_force", "superseded"


@dataclass(frozen=True)
class Definitions:
    """Sources to be published together, by key: BPMN, form-js JSON, DMN and examples in CSV.

    Examples have the key of their table.
    """

    processes: Mapping[str, bytes]
    forms: Mapping[str, bytes]
    tables: Mapping[str, bytes]
    examples: Mapping[str, bytes] = field(default_factory=lambda: NONE)

    def of(self, kind: str) -> Mapping[str, bytes]:
        """Return the sources of one of `KINDS`."""
        return {
            "process": self.processes,
            "form": self.forms,
            "table": self.tables,
            "examples": self.examples,
        }[kind]


def definitions_of(sources: Mapping[str, Mapping[str, bytes]]) -> Definitions:
    """Return sources by kind and key as what is published together."""
    return Definitions(
        sources.get("process", NONE),
        sources.get("form", NONE),
        sources.get("table", NONE),
        sources.get("examples", NONE),
    )


@dataclass(frozen=True)
class PublishedVersion:
    """One definition that is in force from a day on, until the last day if one was stated."""

    kind: str
    key: str
    version: str
    effective_from: date
    effective_to: date | None = None


@dataclass(frozen=True)
class VersionLine:
    """A version as it is listed; `state` is planned, in_force, superseded or withdrawn.

    `effective_to` is the last day on which it holds, as far as known: the stated one, or the day
    before the next version. People are ids with their names; `note` is the legal ground.
    """

    no: int
    kind: str
    key: str
    version: str
    state: str
    effective_from: date
    effective_to: date | None
    author: str
    author_name: str
    second: str | None
    second_name: str | None
    publisher: str
    publisher_name: str
    published_at: datetime
    note: str


def publish(
    hall: Hall,
    by: Official,
    definitions: Definitions,
    effective_from: date | None = None,
    effective_to: date | None = None,
    *,
    second: Official | None = None,
    note: str = "",
) -> list[PublishedVersion]:
    """Check everything, then put in force what differs from what holds on the first day.

    Without a day it is today. Raises Invalid with the code of the first definition that cannot
    be run, for example `process.unknown_table`, or of the first stop of a table (see `gate`:
    all of them in `findings`), Forbidden `publish.not_allowed`,
    `publish.second_person`, and what `refuse_clash` says; nothing is published then.
    """
    with hall.unit(by) as unit:
        day = effective_from or hall_day(unit.at)
        check_all(unit, definitions, day)
        made: list[PublishedVersion] = []
        for kind in KINDS:
            for key, source in definitions.of(kind).items():
                version = fingerprint(source)
                found = held(publishing.periods(unit, kind, key), day)
                if found is not None and found.version == version:
                    continue
                _refuse_alone(by, second, kind)
                refuse_unfree(unit, kind, key, day, effective_to)
                seconded = second.id if second is not None else None
                publishing.publish(
                    unit, kind, key, version, source, day, effective_to, second=seconded, note=note
                )
                entry = PublishedVersion(kind, key, version, day, effective_to)
                _record(unit, entry, by.id, seconded, note)
                made.append(entry)
    return made


def roll_back(
    hall: Hall,
    by: Official,
    kind: str,
    key: str,
    version: str,
    effective_from: date | None = None,
    *,
    second: Official | None = None,
    note: str = "",
) -> list[PublishedVersion]:
    """Publish the content of an older version as a new one; Missing `definition.no_version`.

    A table brings back the examples that held on its last day.
    """
    with hall.reading() as unit:
        known = [one for one in publishing.versions(unit, kind, key) if one.version == version]
        source = publishing.content(unit, kind, key, version)
        examples = _examples_then(unit, key, version) if kind == "table" else None
    if source is None or all(one.state is not VersionState.PUBLISHED for one in known):
        raise Missing("definition.no_version", no=version)
    sources = {kind: {key: source}}
    if kind == "table" and examples is not None:
        sources["examples"] = {key: examples}
    return publish(hall, by, definitions_of(sources), effective_from, second=second, note=note)


def _examples_then(unit: Unit, table: str, version: str) -> bytes | None:
    """The examples of a table on the last day of the latest period of a version."""
    own = publishing.periods(unit, "table", table)
    then = [one for one in own if one.version == version]
    if not then:
        return None
    last = last_day(own, then[-1]) or date.max
    found = held(publishing.periods(unit, "examples", table), max(last, then[-1].effective_from))
    return None if found is None else publishing.content(unit, "examples", table, found.version)


def withdraw(
    hall: Hall,
    by: Official,
    kind: str,
    key: str,
    day: date | None = None,
    *,
    second: Official | None = None,
    note: str = "",
) -> date | None:
    """Withdraw the version that holds on a day, from that day on; without a day from tomorrow.

    Returns its last day, None for a planned version that never comes into force. This alone may
    leave a hole. Raises Missing `definition.none`, Invalid `definition.past` for a day before
    tomorrow, Forbidden as `publish`.
    """
    _refuse_alone(by, second, kind)
    with hall.unit(by) as unit:
        today = hall_day(unit.at)
        first = day or today + DAY
        periods = publishing.periods(unit, kind, key)
        found = held(periods, first)
        if found is None:
            raise Missing("definition.none", kind=kind, key=key, day=first.isoformat())
        if first <= today:
            raise Invalid(
                "definition.past", kind=kind, key=key, day=str(first), today=today.isoformat()
            )
        last: date | None = first - DAY
        if found.effective_from == first:
            publishing.withdraw(unit, found.no)
            last = None
        else:
            publishing.end(unit, found.no, first - DAY)
        unit.record(
            VersionWithdrawn(
                definition=kind,
                key=key,
                version=found.version,
                last_day=last.isoformat() if last else None,
                note=note,
            )
        )
    return last


def versions(
    hall: Hall,
    by: Official,
    kind: str | None = None,
    key: str | None = None,
    on: date | None = None,
) -> list[VersionLine]:
    """Return versions by kind and key, of each the newest first; with a day those of that day.

    Kinds whose pages do not open for this person are left out; Forbidden `publish.not_allowed`
    when he asks for one. Invalid `definition.kind`.
    """
    if kind is not None and kind not in KINDS:
        raise Invalid("definition.kind", kind=kind, allowed=", ".join(KINDS))
    if kind is not None and not _may(by, READS[kind]):
        raise Forbidden("publish.not_allowed", kind=kind)
    with hall.reading() as unit:
        today = hall_day(unit.at)
        names = people.names(unit)
        rows = [row for row in publishing.versions(unit, kind, key) if _may(by, READS[row.kind])]
        periods: dict[tuple[str, str], list[Period]] = {}
        for row in rows:
            if row.state is VersionState.PUBLISHED:
                periods.setdefault((row.kind, row.key), []).append(row.period)
        lines = []
        for row in rows:
            own = periods.get((row.kind, row.key), [])
            if on is None or held(own, on) == row.period:
                lines.append(_line(row, own, today, names))
    return lines


def in_force(hall: Hall, on: date | None = None) -> Definitions:
    """Return the sources of everything that holds on a day, today without one."""
    with hall.reading() as unit:
        day = on or hall_day(unit.at)
        return definitions_of(
            {kind: publishing.sources_in_force(unit, kind, day) for kind in KINDS}
        )


def source_of(hall: Hall, kind: str, key: str, version: str | None = None) -> bytes:
    """Return one version of a definition, without one that of today.

    Raises Missing `definition.none`, `definition.no_version`.
    """
    with hall.reading() as unit:
        wanted = version
        if wanted is None:
            wanted = hall.library.in_force(unit, kind, key, hall_day(unit.at))
        source = publishing.content(unit, kind, key, wanted)
    if source is None:
        raise Missing("definition.no_version", no=wanted)
    return source


def check_all(unit: Unit, definitions: Definitions, day: date) -> None:
    """Read and prove everything that is to come into force together on a day.

    A process may name tables and forms that stand beside it or are in force on that day.
    """
    gate(unit, definitions.tables, definitions.examples, day)
    fields = {key: read_form(key, source).labels for key, source in definitions.forms.items()}
    if not definitions.processes:
        return
    known_tables = set(definitions.tables) | set(publishing.all_in_force(unit, "table", day))
    for key, source in publishing.sources_in_force(unit, "form", day).items():
        if key not in fields:
            fields[key] = read_form(key, source).labels
    limits = promised(unit)
    processes = publishing.sources_in_force(unit, "process", day) | dict(definitions.processes)
    calls: dict[str, tuple[str, ...]] = {}
    for source in definitions.processes.values():
        found = read_definition(
            source,
            tables=known_tables,
            forms=fields,
            limits=limits,
            processes=processes.keys(),
        )
        calls[found.key] = found.processes
    _refuse_circles(calls, processes)


def _refuse_circles(calls: Mapping[str, tuple[str, ...]], sources: Mapping[str, bytes]) -> None:
    """Refuse processes that open one another as child cases without end.

    `calls` are the calls of those that are to be published, `sources` what holds then.
    """
    known = dict(calls)
    for key in calls:
        ahead, seen = list(known[key]), set[str]()
        while ahead:
            called = ahead.pop()
            if called == key:
                raise Invalid("process.calls_itself", element=key, name=key)
            if called in seen or called not in sources:
                continue
            seen.add(called)
            if called not in known:
                found = read_definition(sources[called], processes=sources.keys())
                known[called] = found.processes
            ahead += known[called]


def _refuse_alone(by: Official, second: Official | None, kind: str) -> None:
    """Refuse to publish without the permission, or without a second person who has it too.

    Raises Forbidden `publish.not_allowed` (kind), `publish.second_person`.
    """
    if by.id == SYSTEM.id:
        return
    if not by.may(CHANGES[kind]) or (second is not None and not second.may(CHANGES[kind])):
        raise Forbidden("publish.not_allowed", kind=kind)
    if second is None or second.id == by.id:
        raise Forbidden("publish.second_person")


def publish_part(
    unit: Unit,
    kind: str,
    key: str,
    source: bytes,
    day: date,
    *,
    author: str,
    second: str,
    note: str,
) -> None:
    """Publish what a second person approved, in the open unit, from a day on.

    Whether it can be run and approved is for the caller to ask (`check_all`); raises what
    `refuse_clash` says.
    """
    refuse_unfree(unit, kind, key, day)
    version = fingerprint(source)
    publishing.publish(
        unit, kind, key, version, source, day, author=author, second=second, note=note
    )
    _record(unit, PublishedVersion(kind, key, version, day), author, second, note)


def refuse_unfree(unit: Unit, kind: str, key: str, first: date, last: date | None = None) -> None:
    """Refuse days that are not free for a definition; raises what `refuse_clash` says."""
    periods = publishing.periods(unit, kind, key)
    refuse_clash(periods, kind, key, first, last, hall_day(unit.at))


def _record(
    unit: Unit, entry: PublishedVersion, author: str, second: str | None, note: str
) -> None:
    unit.record(
        Published(
            definition=entry.kind,
            key=entry.key,
            version=entry.version,
            effective_from=entry.effective_from.isoformat(),
            effective_to=entry.effective_to.isoformat() if entry.effective_to else None,
            author=author,
            second=second,
            note=note,
        )
    )


def _may(by: Official, permission: str) -> bool:
    return by.id == SYSTEM.id or by.may(permission)


def _line(
    row: Version, periods: list[Period], today: date, names: Mapping[str, str]
) -> VersionLine:
    published = row.state is VersionState.PUBLISHED
    last = last_day(periods, row.period) if published else row.effective_to
    return VersionLine(
        no=row.no,
        kind=row.kind,
        key=row.key,
        version=row.version,
        state=_standing(row, last, today) if published else row.state.value,
        effective_from=row.effective_from,
        effective_to=last,
        author=row.author,
        author_name=names.get(row.author, row.author),
        second=row.second,
        second_name=names.get(row.second, row.second) if row.second else None,
        publisher=row.published_by,
        publisher_name=names.get(row.published_by, row.published_by),
        published_at=row.published_at,
        note=row.note,
    )


def _standing(row: Version, last: date | None, today: date) -> str:
    if row.effective_from > today:
        return PLANNED
    return IN_FORCE if last is None or last >= today else SUPERSEDED
