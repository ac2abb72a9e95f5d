"""Published definitions and the catalogue, kept in memory by version and read once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import TypeVar

from engine.decisions.decide import Table, read_table
from engine.domain.events.base import CONFIGURATION
from engine.domain.matter import JointProcedure, Matter, MatterType
from engine.domain.people import Unit as PublicUnit
from engine.domain.people import Window, Zone
from engine.domain.versions import Moment, Period, held
from engine.domain.working_time import Calendar
from engine.forms.compile import Form, read_form
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Missing, Unavailable
from engine.kernel.now import hall_day
from engine.processes.definition import Definition, read_definition
from engine.storage import audit, catalogue, publishing
from engine.storage.unit import Unit

T = TypeVar("T")
KEPT = 2000


@dataclass(frozen=True)
class Shelf:
    """The catalogue by number or code, joint procedures by the number of their matter."""

    calendar: Calendar
    matter_types: Mapping[str, MatterType]
    units: Mapping[int, PublicUnit]
    windows: Mapping[int, Window]
    zones: Mapping[int, Zone]
    joint_procedures: Mapping[int, JointProcedure]
    matters: dict[int, Matter] = field(default_factory=dict)


@dataclass
class State:
    """What was read of one state of the configuration; `generation` counts its changes."""

    generation: int
    shelf: Shelf | None = None
    periods: dict[tuple[str, str], tuple[Period, ...]] = field(default_factory=dict)


class Library:
    """Caches what is immutable: a version never changes, a generation of the configuration neither.

    Shared by threads: entries are whole values and are only ever added or dropped. What is asked
    for by many at once, as after a start in the morning, is read by one while the others wait.
    """

    def __init__(self) -> None:
        self._read: dict[tuple[str, str, str], object] = {}
        self._reading: dict[tuple[str, str, str], Lock] = {}
        self._current: State | None = None
        self._shelving = Lock()

    def process(self, unit: Unit, key: str, version: str) -> Definition:
        """Return one version of a process; it was checked when it was published."""

        def read(source: bytes) -> Definition:
            return read_definition(source, processes=publishing.keys(unit, "process"))

        return self._get(unit, "process", key, version, read)

    def form(self, unit: Unit, key: str, version: str) -> Form:
        """Return one version of a form."""
        return self._get(unit, "form", key, version, lambda source: read_form(key, source))

    def table(self, unit: Unit, key: str, version: str) -> Table:
        """Return one version of a decision table, compiled."""
        return self._get(unit, "table", key, version, read_table)

    def in_force(self, unit: Unit, kind: str, key: str, day: date) -> str:
        """Return the version of a definition that holds on `day`; Missing `definition.none`."""
        found = held(self._periods(unit, kind, key), day)
        if found is None:
            raise Missing("definition.none", kind=kind, key=key, day=day.isoformat())
        return found.version

    def judging(self, unit: Unit, key: str, pinned: datetime) -> Table:
        """Return the version of a table that judges a case now.

        `pinned` is when the case was accepted (受理), before that when it was applied for: the
        version in force then, as it was known then, judges the whole case. A table whose newest
        version has the moment `now` judges every case by what is in force today; so does one
        that was not there yet when the case was accepted. Missing `definition.none`.
        """
        periods, today = self._periods(unit, "table", key), hall_day(unit.at)
        newest = held(periods, today)
        if newest is not None:
            table = self.table(unit, key, newest.version)
            if table.moment is Moment.NOW:
                return table
        at_first = held(periods, hall_day(pinned), pinned) or newest
        if at_first is None:
            raise Missing("definition.none", kind="table", key=key, day=today.isoformat())
        found = self.table(unit, key, at_first.version)
        if newest is None and found.moment is Moment.NOW:
            raise Missing("definition.none", kind="table", key=key, day=today.isoformat())
        return found

    def read_ahead(self, unit: Unit) -> None:
        """Read every process, form and table in force on the day of `unit`."""
        self.shelf(unit)
        for kind, read in (("process", self.process), ("form", self.form), ("table", self.table)):
            for key, version in publishing.all_in_force(unit, kind, hall_day(unit.at)).items():
                read(unit, key, version)

    def shelf(self, unit: Unit) -> Shelf:
        """Return the catalogue as the open unit sees it."""
        state = self._state(unit)
        if state.shelf is None:
            with self._shelving:
                state.shelf = state.shelf or _shelf(unit)
        return state.shelf

    def matter(self, unit: Unit, no: int) -> Matter:
        """Return a matter with its papers; Missing `matter.unknown`."""
        matters = self.shelf(unit).matters
        if no not in matters:
            matters[no] = catalogue.matter(unit, no)
        return matters[no]

    def _periods(self, unit: Unit, kind: str, key: str) -> tuple[Period, ...]:
        known = self._state(unit).periods
        if (kind, key) not in known:
            known[kind, key] = publishing.periods(unit, kind, key)
        return known[kind, key]

    def _state(self, unit: Unit) -> State:
        generation = audit.length(unit, CONFIGURATION)
        state = self._current
        if state is None or state.generation != generation:
            state = self._current = State(generation)
        return state

    def _get(self, unit: Unit, kind: str, key: str, version: str, read: Callable[[bytes], T]) -> T:
        name = (kind, key, version)
        found = self._read.get(name)
        if found is None:
            with self._reading.setdefault(name, Lock()):
                found = self._read.get(name) or self._add(unit, name, read)
            self._reading.pop(name, None)
        return found  # type: ignore[return-value]  # the name holds the kind, the kind the type

    def _add(self, unit: Unit, name: tuple[str, str, str], read: Callable[[bytes], T]) -> T:
        kind, key, version = name
        source = publishing.content(unit, kind, key, version)
        if source is None:
            raise Unavailable("definition.lost", kind=kind, key=key, version=version)
        if fingerprint(source) != version:
            raise Unavailable("definition.altered", kind=kind, key=key, version=version)
        found = read(source)
        if len(self._read) >= KEPT:
            self._read.clear()
        self._read[name] = found
        return found


def _shelf(unit: Unit) -> Shelf:
    return Shelf(
        calendar=catalogue.calendar(unit),
        matter_types={row.code: row for row in catalogue.matter_types(unit)},
        units={row.no: row for row in catalogue.units(unit)},
        windows={row.no: row for row in catalogue.windows(unit)},
        zones={row.no: row for row in catalogue.zones(unit)},
        joint_procedures={row.matter_no: row for row in catalogue.joint_procedures(unit)},
    )
