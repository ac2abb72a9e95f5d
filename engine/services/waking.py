"""A case is woken when the moment comes that its process waits for."""

from engine.domain.events.cases import CaseWoken
from engine.domain.people import SYSTEM
from engine.processes.run import wake
from engine.services import clocks
from engine.services.hall import Hall
from engine.services.steps import Decider, follow
from engine.storage import cases
from engine.storage.unit import Unit


def wake_case(hall: Hall, unit: Unit, case_id: str) -> None:
    """Let the due timers of a case fire; a case that moved on meanwhile is left alone.

    So is one whose clocks stand still: its timers move on when they run again.

    Raises as `engine.processes.run.wake`; the job is then tried again and at last buried.
    """
    case = cases.lock(unit, case_id)
    if case.next_due is None or case.next_due > unit.at or case.closed_at is not None:
        return
    if clocks.suspended(unit, case.id) is not None:
        return
    definition = hall.library.process(unit, case.process, case.process_version)
    decider = Decider(hall, unit, case.pinned_at)
    state = case.process_state or b""
    step = wake(definition, state, decider, unit.at, calendar=decider.calendar)
    unit.record(CaseWoken(case_id=case.id, due=case.next_due.isoformat(), closed=step.closed))
    matter = hall.library.matter(unit, case.matter_no)
    followed, _ = follow(hall, unit, SYSTEM, case, matter, step)
    cases.update(unit, followed, case.rev)
