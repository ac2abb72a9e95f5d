"""Tasks beside the process of a case: asked for by a person or a rule, not drawn as a step.

They stand in the same inboxes, under the same guard, and are completed by the same act as steps;
what follows then is said in `engine.services.work.BESIDE` by their purpose.
"""

from collections.abc import Collection, Mapping
from datetime import date

from engine.domain.case import Case, Purpose, Task, TaskState
from engine.domain.events.cases import TaskOpened
from engine.domain.people import Official
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import cases
from engine.storage.unit import Unit


def open_task(
    hall: Hall,
    unit: Unit,
    case: Case,
    purpose: Purpose,
    name: str,
    form: str,
    *,
    roles: tuple[str, ...],
    unit_no: int,
    holder_id: str | None = None,
    power: str | None = None,
    due_on: date | None = None,
    of_task: str | None = None,
    asked: Mapping[str, object] | None = None,
) -> Task:
    """Open a task beside the process, offered to posts of a unit or, with a holder, only his.

    Its step is named after the purpose; until it is done its answers are what was `asked`, and they
    stay with it afterwards. Raises Missing `definition.none` when the form is not in
    force today.
    """
    task = Task(
        id=unit.ids(),
        case_id=case.id,
        step=purpose.value,
        name=name,
        roles=roles,
        power=power,
        form=form,
        form_version=hall.library.in_force(unit, "form", form, hall_day(unit.at)),
        unit_no=unit_no,
        state=TaskState.OFFERED if holder_id is None else TaskState.CLAIMED,
        opened_at=unit.at,
        due_on=due_on,
        holder_id=holder_id,
        answers=dict(asked or {}),
        purpose=purpose,
        of_task=of_task,
    )
    cases.open_tasks(unit, [task])
    unit.record(
        TaskOpened(
            case_id=case.id,
            task_id=task.id,
            step=task.step,
            roles=roles,
            power=power,
            due_on=due_on.isoformat() if due_on else None,
        )
    )
    return task


def consulted(hall: Hall, unit: Unit, by: Official, done: Task, case: Case) -> Case:
    """Tell who has the step in hand that an opinion on it has come; the case stays as it is."""
    unit.enqueue(
        "notice.send",
        f"{case.id}:consulted:{done.id}",
        {"case_id": case.id, "task_id": done.of_task},
        lane="outside",
        case_id=case.id,
    )
    return case


def cancel_of(unit: Unit, case_id: str, closed: Collection[str]) -> None:
    """Close the opinions that were asked for on tasks that are closed: nobody needs them."""
    if not closed:
        return
    waiting = [
        task.id
        for task in cases.tasks_of(unit, case_id)
        if task.is_open and task.purpose is Purpose.CONSULT and task.of_task in closed
    ]
    cases.cancel_tasks(unit, waiting)
