"""What an expression sees at a task: the variables of the process, and what is its instance's own.

There is one set of variables per process. On top of it stand the item of an instance of a loop
and the data of an activity (its inputs, outputs and properties), which its inside sees as well.
Source: BPMN 2.0.2, 10.4.1 (visibility of data) and 10.3.8 (loops).
"""

from collections.abc import Iterator, Mapping
from typing import Any

ITEM, LOCAL, NUMBER, ANSWERS = "item", "local", "key_or_index", "answers"


def seen(task: Any) -> Mapping[str, object]:
    """Return all that a task sees by name: the nearest wins, the variables come last."""
    data: Mapping[str, object] = task.data
    own = list(_own(task))
    if not own:
        return data
    found = dict(data)
    for values in reversed(own):
        found.update(values)
    return found


def keep(task: Any, name: str, value: object, outside: bool = False) -> None:
    """Give a name its value: where an activity around the task owns the name, or as a variable.

    With `outside` what the task itself owns is passed over.
    """
    hosts = _hosts(task)
    if outside:
        next(hosts)
    for host in hosts:
        local = host.internal_data.get(LOCAL)
        if local is not None and name in local:
            local[name] = value
            return
    task.data[name] = value


def answer(task: Any, answers: Mapping[str, object]) -> None:
    """Take in the answers of a person: they stay with an instance whose answers are gathered."""
    if ANSWERS in task.internal_data:
        task.internal_data[ANSWERS] = dict(answers)
        return
    for name, value in answers.items():
        keep(task, name, value)


def report(task: Any, said: Mapping[str, object]) -> None:
    """Take in what a child case reports to the call that opened it.

    It becomes the context variable named after the call, or stays with an instance whose answers
    are gathered.
    """
    if ANSWERS in task.internal_data:
        task.internal_data[ANSWERS] = dict(said)
    else:
        keep(task, task.task_spec.bpmn_id, dict(said))


def _own(task: Any) -> Iterator[Mapping[str, object]]:
    for host in _hosts(task):
        kept = host.internal_data
        if kept:
            if LOCAL in kept:
                yield kept[LOCAL]
            if ITEM in kept:
                yield kept[ITEM]
            if NUMBER in kept:
                yield {"loopCounter": kept[NUMBER] + 1}


def _hosts(task: Any) -> Iterator[Any]:
    """Yield a task, the loop it is a turn of, the activity that it runs inside, and so on."""
    here = task
    while here is not None:
        yield here
        workflow = here.workflow
        above = workflow.tasks.get(here._parent)
        if above is not None and getattr(above.task_spec, "task_spec", "") == here.task_spec.name:
            here = above
            continue
        caller = workflow.parent_task_id
        here = None if caller is None else workflow.top_workflow.get_task_from_id(caller)
