"""Tasks beside the process of a case: asked for by a person or a rule, not drawn as a step.

They stand in the same inboxes, under the same guard, and are completed by the same act as steps;
what follows then is said in `engine.services.work.BESIDE` by their purpose.
"""

from datetime import date

from engine.domain.case import Case, Purpose, Task, TaskState
from engine.domain.events.cases import TaskOpened
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
) -> Task:
    """Open a task beside the process, offered to posts of a unit or, with a holder, only his.

    Its step is named after the purpose. Raises Missing `definition.none` when the form is not in
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
