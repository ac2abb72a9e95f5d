"""What cases say to one another: messages, signals, and the outcome of a child to its parent.

The functions take the open unit of the job that calls them. A job that is run twice does nothing
the second time: its key is kept with its effect.
"""

from collections.abc import Iterator

from engine.domain.case import Case
from engine.domain.events.exchange import (
    ChildAnswered,
    MessageMissed,
    MessageReceived,
    MessageUnheard,
)
from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict
from engine.kernel.now import hall_day
from engine.processes.run import Thrown, answer, receive
from engine.services import children, clocks, steps
from engine.services.hall import Hall
from engine.storage import cases, exchange, publishing
from engine.storage.unit import Unit

NOT_AWAITED, NOT_READY = "process.not_awaited", "task.not_ready"
DONE = "done"


def tell(hall: Hall, unit: Unit, key: str, sender_id: str, thrown: Thrown) -> None:
    """Pass on what the case `sender_id` threw: a job for each case that hears it.

    A signal goes to every other case that waits for it, a message to one relative: parent, child
    or sibling. If there is none, a process in force whose start event waits for it begins as a
    child case; a signal starts all of them. What nobody hears is said in the history.
    """
    if unit.once(f"case.tell:{key}") is not None:
        return
    sender = cases.lock(unit, sender_id)
    found = _hearers(unit, sender, thrown)
    for case_id in found:
        unit.enqueue(
            "case.hear",
            f"{key}:{case_id}",
            {
                "case_id": case_id,
                "sender": sender.id,
                "kind": thrown.kind,
                "name": thrown.name,
                "element": thrown.element,
                "data": dict(thrown.data),
            },
            case_id=case_id,
        )
    if not (found and thrown.kind == "message"):
        started = [
            steps.begin(hall, unit, SYSTEM, sender, process, sender.unit_no, thrown=thrown)
            for process in _started(hall, unit, thrown)
        ]
        if not found and not started:
            unit.record(
                MessageUnheard(
                    case_id=sender.id,
                    sent_as=thrown.kind,
                    name=thrown.name,
                    step=thrown.element,
                )
            )
    unit.answer(f"case.tell:{key}", DONE)


def hear(hall: Hall, unit: Unit, key: str, case_id: str, sender_id: str, thrown: Thrown) -> None:
    """Bring a message or signal to one case; one that no longer waits for it is left alone.

    Raises as `engine.processes.run.receive`; the job is then tried again and at last buried.
    """
    if unit.once(f"case.hear:{key}") is not None:
        return
    case = cases.lock(unit, case_id)
    if not _heard(hall, unit, case, sender_id, thrown):
        unit.record(
            MessageMissed(case_id=case.id, sent_as=thrown.kind, name=thrown.name, sender=sender_id)
        )
    unit.answer(f"case.hear:{key}", DONE)


def child_ended(hall: Hall, unit: Unit, key: str, child_id: str) -> bool:
    """Let the outcome of a child case complete the task of its parent that waits for it.

    Returns whether this was the first time. A parent that no longer waits is left alone; one
    whose clocks stand still is asked again when they go on (see `timers.postpone`).
    Raises as `engine.processes.run.answer`; the job is then tried again and at last buried.
    """
    if unit.once(f"case.child_ended:{key}") is not None:
        return False
    child = cases.case(unit, child_id)
    if child.parent_id is not None and child.parent_task is not None:
        parent = cases.lock(unit, child.parent_id)
        if clocks.suspended(unit, parent.id) is not None:
            return False
        if children.is_open(parent):
            _answered(hall, unit, parent, child, child.parent_task)
    unit.answer(f"case.child_ended:{key}", DONE)
    return True


def _answered(hall: Hall, unit: Unit, parent: Case, child: Case, task_id: str) -> None:
    definition = hall.library.process(unit, parent.process, parent.process_version)
    decider = steps.Decider(hall, unit, parent.pinned_at)
    state = parent.process_state or b""
    try:
        step = answer(
            definition,
            state,
            task_id,
            child.outcome,
            child.data,
            decider,
            unit.at,
            calendar=decider.calendar,
        )
    except Conflict as error:
        if error.code != NOT_READY:
            raise
        return
    unit.record(
        ChildAnswered(case_id=parent.id, child_id=child.id, task_id=task_id, outcome=child.outcome)
    )
    matter = hall.library.matter(unit, parent.matter_no)
    followed, _ = steps.follow(hall, unit, SYSTEM, parent, matter, step, task_id)
    cases.update(unit, followed, parent.rev)


def _heard(hall: Hall, unit: Unit, case: Case, sender_id: str, thrown: Thrown) -> bool:
    if case.process_state is None or not children.is_open(case):
        return False
    definition = hall.library.process(unit, case.process, case.process_version)
    decider = steps.Decider(hall, unit, case.accepted_at or unit.at)
    try:
        step = receive(
            definition, case.process_state, thrown, decider, unit.at, calendar=decider.calendar
        )
    except Conflict as error:
        if error.code != NOT_AWAITED:
            raise
        return False
    unit.record(
        MessageReceived(
            case_id=case.id,
            sent_as=thrown.kind,
            name=thrown.name,
            sender=sender_id,
            closed=step.closed,
        )
    )
    matter = hall.library.matter(unit, case.matter_no)
    followed, _ = steps.follow(hall, unit, SYSTEM, case, matter, step)
    cases.update(unit, followed, case.rev)
    return True


def _hearers(unit: Unit, sender: Case, thrown: Thrown) -> list[str]:
    if thrown.kind == "signal":
        return exchange.hearers(unit, thrown.kind, thrown.name, sender.id)
    relative = exchange.relative_that_hears(unit, thrown.kind, thrown.name, sender)
    return [] if relative is None else [relative]


def _started(hall: Hall, unit: Unit, thrown: Thrown) -> list[str]:
    """The processes in force that something thrown starts: of a message only the first."""
    found = list(_starting(hall, unit, thrown))
    return found[:1] if thrown.kind == "message" else found


def _starting(hall: Hall, unit: Unit, thrown: Thrown) -> Iterator[str]:
    in_force = publishing.all_in_force(unit, "process", hall_day(unit.at))
    for process, version in in_force.items():
        starters = hall.library.process(unit, process, version).starters
        if any(one.kind == thrown.kind and one.name in ("", thrown.name) for one in starters):
            yield process
