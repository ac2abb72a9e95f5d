"""Carrying running cases over to another version of their process, one by one or all at once."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from engine.domain.case import Case, TaskState
from engine.domain.events.cases import Migrated
from engine.domain.people import Official
from engine.kernel.errors import Conflict, HallError
from engine.kernel.now import hall_day
from engine.processes.definition import Definition
from engine.processes.migrate import carry_over
from engine.processes.run import Step, wake
from engine.services.hall import Hall
from engine.services.steps import Decider, follow
from engine.storage import cases, exchange
from engine.storage.unit import Unit


@dataclass(frozen=True)
class Outcome:
    """What becomes of one case: its open steps and next moment there, or why it stays.

    `because` is the code of the refusal and `element` the drawn id that is in the way; both are
    None for a case that can be carried over.
    """

    case_id: str
    case_no: str
    from_version: str
    to_version: str
    open_steps: tuple[str, ...]
    next_due: datetime | None
    because: str | None
    element: str | None


def plan(
    hall: Hall, process: str, to_version: str | None = None, case_nos: Collection[str] = ()
) -> list[Outcome]:
    """Return what `migrate` would do, case by case, and change nothing.

    Raises Missing `definition.none` without a version in force, Unavailable `definition.lost`
    for a version that was never published.
    """
    with hall.reading() as unit:
        version, found = _running(hall, unit, process, to_version, case_nos)
    outcomes = []
    for case_id in found:
        with hall.reading() as unit:
            case = cases.case(unit, case_id)
            outcomes.append(_tried(hall, unit, case, version)[0])
    return outcomes


def migrate(
    hall: Hall,
    by: Official,
    process: str,
    to_version: str | None = None,
    case_nos: Collection[str] = (),
) -> list[Outcome]:
    """Carry the running cases of a process over to a version (that in force without one).

    Each case is a unit of its own, so that one refusal stops no other. A case that cannot be
    carried stays in its version. Raises as `plan`.
    """
    with hall.reading() as unit:
        version, found = _running(hall, unit, process, to_version, case_nos)
    outcomes = []
    for case_id in found:
        with hall.unit(by) as unit:
            outcomes.append(_migrate(hall, unit, by, case_id, version))
    return outcomes


def _running(
    hall: Hall, unit: Unit, process: str, to_version: str | None, case_nos: Collection[str]
) -> tuple[str, list[str]]:
    version = to_version or hall.library.in_force(unit, "process", process, hall_day(unit.at))
    hall.library.process(unit, process, version)
    return version, cases.running(unit, process, version, case_nos)


def _migrate(hall: Hall, unit: Unit, by: Official, case_id: str, version: str) -> Outcome:
    case = cases.lock(unit, case_id)
    outcome, step = _tried(hall, unit, case, version)
    if step is None:
        return outcome
    unit.record(
        Migrated(
            case_id=case.id,
            process=case.process,
            from_version=case.process_version,
            to_version=version,
        )
    )
    for one in step.open:
        cases.redraw_task(unit, one.id, one.name, one.roles, one.power)
    matter = hall.library.matter(unit, case.matter_no)
    if hall.library.process(unit, case.process, case.process_version).listens:
        exchange.note_awaited(unit, case.id, ())
    moved, _ = follow(hall, unit, by, replace(case, process_version=version), matter, step)
    cases.update(unit, moved, case.rev)
    return outcome


def _tried(hall: Hall, unit: Unit, case: Case, version: str) -> tuple[Outcome, Step | None]:
    try:
        step = _carried(hall, unit, case, version)
    except HallError as error:
        element = str(error.params.get("element", ""))
        return _outcome(case, version, None, error.code, element), None
    return _outcome(case, version, step, None, None), step


def _carried(hall: Hall, unit: Unit, case: Case, version: str) -> Step:
    old = hall.library.process(unit, case.process, case.process_version)
    new = hall.library.process(unit, case.process, version)
    if case.process_state is None or case.decided_at is not None:
        raise Conflict("migrate.ended", element="")
    _refuse_removed(unit, case, new)
    decider = Decider(hall, unit, case.pinned_at)
    carried = carry_over(old, new, case.process_state)
    return wake(new, carried, decider, unit.at, calendar=decider.calendar)


def _refuse_removed(unit: Unit, case: Case, new: Definition) -> None:
    # The state forgets finished steps in the end; the rows of the tasks never do.
    for task in cases.tasks_of(unit, case.id):
        if task.state is not TaskState.CANCELLED and task.step not in new.tasks:
            raise Conflict("migrate.removed", element=task.step)


def _outcome(
    case: Case, version: str, step: Step | None, because: str | None, element: str | None
) -> Outcome:
    return Outcome(
        case_id=case.id,
        case_no=case.case_no,
        from_version=case.process_version,
        to_version=version,
        open_steps=tuple(one.step for one in step.open) if step else (),
        next_due=step.next_due if step else case.next_due,
        because=because,
        element=element,
    )
