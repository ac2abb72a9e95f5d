"""Where a task may go beside being completed: back, to a colleague, to one who is asked."""

from dataclasses import dataclass

from engine.domain.case import Case, Purpose, Task, TaskState
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.services.assignment import may_assign
from engine.services.hall import Hall
from engine.services.tasks import ruled
from engine.storage import cases, people
from engine.storage.unit import Unit


@dataclass(frozen=True)
class Asked:
    """An opinion that was asked for (加签): the task of it, of whom, and whether it is open."""

    task: Task
    name: str


@dataclass(frozen=True)
class Passing:
    """A task with the ways that it may go.

    `verdict` is that on giving it away, `back` that on sending it back; `receivers` are the
    colleagues of its unit who could complete it now, `colleagues` all of them. `earlier` are the
    steps that were done, id and name, the latest first.
    """

    task: Task
    case: Case
    verdict: Verdict
    back: Verdict
    receivers: list[Official]
    colleagues: list[Official]
    earlier: list[tuple[str, str]]
    asked: list[Asked]

    @property
    def is_step(self) -> bool:
        """Whether it is a step of the process; only such go back or are put to others."""
        return self.task.purpose is Purpose.STEP


def passing(hall: Hall, by: Official, task_id: str) -> Passing:
    """Return the ways that a task may go; Missing `task.unknown`."""
    with hall.reading() as unit:
        found = cases.task(unit, task_id)
        case = cases.case(unit, found.case_id)
        tasks = cases.tasks_of(unit, case.id)
        colleagues = [
            one for one in people.officials(unit) if one.unit_no == found.unit_no and one != by
        ]
        return Passing(
            task=found,
            case=case,
            verdict=_unless_taken(found, by, may_assign(hall, unit, by, found, case)),
            back=_unless_taken(found, by, ruled(hall, unit, by, found, case).verdict),
            receivers=[
                one for one in colleagues if ruled(hall, unit, one, found, case).verdict.allowed
            ],
            colleagues=colleagues,
            earlier=_earlier(tasks, found),
            asked=_asked(unit, tasks, found),
        )


def _unless_taken(found: Task, by: Official, verdict: Verdict) -> Verdict:
    held = found.holder_id not in (None, by.id)
    return Verdict(False, "task.taken") if held and found.is_open else verdict


def _earlier(tasks: list[Task], found: Task) -> list[tuple[str, str]]:
    done = {
        one.step: one.name
        for one in reversed(tasks)
        if one.purpose is Purpose.STEP and one.state is TaskState.DONE and one.step != found.step
    }
    return list(done.items())


def _asked(unit: Unit, tasks: list[Task], found: Task) -> list[Asked]:
    names = people.names(unit)
    return [
        Asked(one, names.get(one.holder_id or one.done_by or "", ""))
        for one in tasks
        if one.purpose is Purpose.CONSULT and one.of_task == found.id
    ]
