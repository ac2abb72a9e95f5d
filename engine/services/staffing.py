"""Tells which steps of a process nobody may do today, in the units that run it.

It only warns (M-GRANT-3): a unit may be given its mandates after a process is published.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from engine.decisions.decide import Table, decide
from engine.domain.authority import Grant, asked
from engine.domain.matter import MatterType
from engine.domain.people import Official
from engine.kernel.now import hall_day
from engine.processes.definition import Definition, UserTask, read_definition
from engine.services.authority import STAND_IN, TABLE
from engine.services.hall import Hall
from engine.storage import authority, catalogue, people, publishing
from engine.storage.unit import Unit

EVERY = 1_000_000


@dataclass(frozen=True)
class Unheld:
    """A user task of a process that nobody in some `units` (numbers) may do on a day."""

    process: str
    task: str
    name: str
    power: str | None
    roles: tuple[str, ...]
    units: tuple[int, ...]


@dataclass(frozen=True)
class _Staff:
    """Who works in which unit on a day, and the mandates that hold."""

    people: Mapping[int, Collection[Official]]
    grants: Mapping[tuple[int, str], Collection[Grant]]
    table: Table

    def posts(self, task: UserTask, unit_no: int, kind: MatterType) -> set[str]:
        """Return the posts of a unit in which somebody may do a task of a type of matter.

        A stand-in is not counted: he acts only while somebody is away.
        """
        here = [
            one
            for one in self.people.get(unit_no, ())
            if one.post in task.roles and one.post != STAND_IN
        ]
        if task.power is None:
            return {one.post for one in here}
        held = [
            grant
            for grant in self.grants.get((unit_no, task.power), ())
            if grant.covers(task.power, unit_no, kind.code)
        ]
        able = {one.post for one in here if any(_names(grant, one) for grant in held)}
        return {post for post in able if self._allowed(task.power, post, kind)}

    def _allowed(self, power: str, post: str, kind: MatterType) -> bool:
        return decide(self.table, asked(power, post, kind)).outcome["allowed"] is True


def unheld(hall: Hall, processes: Mapping[str, bytes], on: date | None = None) -> list[Unheld]:
    """Return the user tasks of processes (BPMN by key) that nobody may do on a day, today without.

    The units are those whose matters run by the process, or by one that calls it. A step that the
    process gives to a named official is not asked about. Raises as `read_definition`.
    """
    if not processes:
        return []
    with hall.reading() as unit:
        day = on or hall_day(unit.at)
        drawn = _drawn(hall, unit, processes, day)
        staff = _staff(hall, unit, day)
        runs = _runs(unit, drawn)
    found = []
    for key in processes:
        for task in drawn[key].tasks.values():
            if task.child is not None or task.holder is not None:
                continue
            wanting = {no for no, kind in runs[key] if not staff.posts(task, no, kind)}
            if wanting:
                units = tuple(sorted(wanting))
                found.append(Unheld(key, task.id, task.name, task.power, task.roles, units))
    return found


def _drawn(
    hall: Hall, unit: Unit, processes: Mapping[str, bytes], day: date
) -> Mapping[str, Definition]:
    sources = publishing.sources_in_force(unit, "process", day)
    known = {*processes, *sources}
    drawn = {key: read_definition(source, processes=known) for key, source in processes.items()}
    for key in sources:
        if key not in drawn:
            version = hall.library.in_force(unit, "process", key, day)
            drawn[key] = hall.library.process(unit, key, version)
    return drawn


def _staff(hall: Hall, unit: Unit, day: date) -> _Staff:
    grants: dict[tuple[int, str], list[Grant]] = defaultdict(list)
    for grant in authority.holding_on(unit, day):
        grants[grant.unit_no, grant.power].append(grant)
    working: dict[int, list[Official]] = defaultdict(list)
    for one in people.officials(unit):
        if one.unit_no is not None and one.works_on(day):
            working[one.unit_no].append(one)
    return _Staff(working, grants, hall.library.judging(unit, TABLE, unit.at))


def _runs(unit: Unit, drawn: Mapping[str, Definition]) -> Mapping[str, set[tuple[int, MatterType]]]:
    """Return in which units, for which types of matter, each process runs."""
    own: dict[str, set[tuple[int, MatterType]]] = defaultdict(set)
    matters, _ = catalogue.matters(unit, limit=EVERY)
    for matter in matters:
        own[matter.process].add((matter.unit_no, matter.type))
    kinds = {matter.no: matter.type for matter in matters}
    for procedure in catalogue.joint_procedures(unit):
        own[procedure.process].add((procedure.lead_unit_no, kinds[procedure.matter_no]))
    runs = {key: set(own[key]) for key in drawn}
    # A process that is called runs where its callers run; a chain of calls is as long at most.
    for _ in drawn:
        before = sum(map(len, runs.values()))
        for definition in drawn.values():
            for called in definition.processes:
                runs.setdefault(called, set()).update(runs[definition.key])
        if sum(map(len, runs.values())) == before:
            break
    return runs


def _names(grant: Grant, one: Official) -> bool:
    return one.id == grant.official_id if grant.post is None else one.post == grant.post
