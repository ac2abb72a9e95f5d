"""The timers of a process stand still with the clocks of its case, and move on with them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from engine.domain.case import Case
from engine.domain.working_time import Suspension
from engine.processes.run import postpone as postponed
from engine.services.hall import Hall
from engine.storage import exchange
from engine.storage.unit import Unit


def run_on(
    hall: Hall, unit: Unit, case: Case, ended: Suspension, before: Iterable[Suspension]
) -> Case:
    """Let the timers of a case run on after one suspension has ended.

    Days that one of those that ended `before` has covered already move nothing a second time. The
    case itself is not written.
    """
    for start, end in _not_covered(ended, before):
        case = postpone(hall, unit, case, start, end)
    return case


def postpone(hall: Hall, unit: Unit, case: Case, started: date, ended: date) -> Case:
    """Move the timers of a case on by the days from `started` up to, not including, `ended`.

    Working days move by working days, calendar time by the days that passed, fixed days stay;
    what came due meanwhile happens now. The answers of children that ended meanwhile are asked
    for again. The case itself is not written: the caller does it once.
    """
    if case.process_state is None or case.decided_at is not None or case.closed_at is not None:
        return case
    definition = hall.library.process(unit, case.process, case.process_version)
    calendar = hall.library.shelf(unit).calendar
    moved = postponed(definition, case.process_state, started, ended, calendar, unit.at)
    if moved.next_due is not None:
        # A job of the same moment may have come and gone while the clocks stood still.
        key = f"{case.id}:{moved.next_due.isoformat()}:{case.rev}"
        payload = {"case_id": case.id}
        unit.enqueue("case.wake", key, payload, due_at=moved.next_due, case_id=case.id)
    if definition.processes:
        _ask_again(unit, case)
    return replace(case, process_state=moved.state, next_due=moved.next_due)


def _not_covered(ended: Suspension, before: Iterable[Suspension]) -> Iterator[tuple[date, date]]:
    """The pieces of a suspension that no other covers, the last one even if it is empty."""
    start = ended.start
    for other in sorted(before, key=lambda one: one.start):
        if other.start >= ended.end:
            break
        if start < other.start:
            yield start, other.start
        start = max(start, other.end)
    yield min(start, ended.end), ended.end


def _ask_again(unit: Unit, case: Case) -> None:
    for child in exchange.children_of(unit, case.id):
        if child.parent_task is not None and child.decided_at is not None:
            key = f"{child.id}:{case.rev}"
            unit.enqueue("case.child_ended", key, {"case_id": child.id}, case_id=child.id)
