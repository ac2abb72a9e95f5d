"""Completion of like tasks in one go (批量办理): the same answers, each task for itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.domain.case import Case, Purpose, Task
from engine.domain.matter import Matter
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.forms.compile import Form
from engine.kernel.errors import HallError, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import work
from engine.services.hall import Hall
from engine.services.tasks import ruled
from engine.storage import cases, inbox
from engine.storage.unit import Unit

MOST = 200


@dataclass(frozen=True)
class Done:
    """A task of the batch that was completed, and its case as it stands then."""

    task_id: str
    case: Case


@dataclass(frozen=True)
class Refused:
    """A task of the batch that stays as it was, and why; the number is "" for an unknown task."""

    task_id: str
    case_no: str
    error: HallError


@dataclass(frozen=True)
class Line:
    """One of the tasks that are alike, with the verdict on completing it."""

    task: Task
    case: Case
    matter_name: str
    verdict: Verdict


@dataclass(frozen=True)
class Alike:
    """A task, its form, the tasks of an official that are like it, and how many more wait."""

    task: Task
    matter: Matter
    form: Form | None
    lines: list[Line]
    more: int


def alike(hall: Hall, by: Official, task_id: str) -> Alike:
    """Return the tasks that may be completed together with one, at most 200, and how many more.

    Raises Missing `task.unknown`, Invalid `batch.steps` for a type of matter of more steps.
    """
    with hall.reading() as unit:
        task = cases.task(unit, task_id)
        case = cases.case(unit, task.case_id)
        matter = hall.library.matter(unit, case.matter_no)
        if matter.type.steps != 1 or task.purpose is not Purpose.STEP:
            raise Invalid("batch.steps", case=case.case_no)
        found, total = inbox.alike(
            unit,
            by,
            task,
            case,
            matter_type=matter.type.code,
            limit=MOST,
            today=hall_day(unit.at),
        )
        lines = [_line(hall, unit, by, task_id) for task_id in found]
    return Alike(task, matter, work.form_of(hall, task), lines, total - len(lines))


def _line(hall: Hall, unit: Unit, by: Official, task_id: str) -> Line:
    task = cases.task(unit, task_id)
    case = cases.case(unit, task.case_id)
    name = hall.library.matter(unit, case.matter_no).name
    return Line(task, case, name, ruled(hall, unit, by, task, case).verdict)


def complete(
    hall: Hall, by: Official, chosen: Sequence[tuple[str, int]], answers: Mapping[str, object]
) -> list[Done | Refused]:
    """Complete tasks with the same answers; each is named with the revision of its case seen.

    Each is completed for itself, as `work.complete_task` does it: one that is refused does not
    undo the others. Only like tasks may go together: steps of one type of matter that has a single
    step, in one version of process and form. Raises Invalid `batch.empty`, `batch.limit` over 200,
    `batch.twice`, `batch.steps` for a type of more steps, `batch.unlike`; nothing was done then.
    """
    _refuse_wrong(chosen)
    known = _known(hall, [task_id for task_id, _ in chosen])
    _refuse_unlike(hall, known.values())
    return [_one(hall, by, task_id, seen, answers, known) for task_id, seen in chosen]


def _one(
    hall: Hall,
    by: Official,
    task_id: str,
    seen: int,
    answers: Mapping[str, object],
    known: Mapping[str, tuple[Task, Case]],
) -> Done | Refused:
    try:
        return Done(task_id, work.complete_task(hall, by, task_id, answers, seen).case)
    except HallError as error:
        number = known[task_id][1].case_no if task_id in known else ""
        return Refused(task_id, number, error)


def _refuse_wrong(chosen: Sequence[tuple[str, int]]) -> None:
    if not chosen:
        raise Invalid("batch.empty")
    if len(chosen) > MOST:
        raise Invalid("batch.limit", most=MOST, found=len(chosen))
    if len({task_id for task_id, _ in chosen}) < len(chosen):
        raise Invalid("batch.twice")


def _known(hall: Hall, task_ids: Sequence[str]) -> dict[str, tuple[Task, Case]]:
    with hall.reading() as unit:
        found = {task_id: _task(unit, task_id) for task_id in task_ids}
        return {
            task_id: (task, cases.case(unit, task.case_id))
            for task_id, task in found.items()
            if task is not None
        }


def _task(unit: Unit, task_id: str) -> Task | None:
    try:
        return cases.task(unit, task_id)
    except Missing:
        return None


def _refuse_unlike(hall: Hall, known: Iterable[tuple[Task, Case]]) -> None:
    first: tuple[object, ...] | None = None
    with hall.reading() as unit:
        for task, case in known:
            matter_type = hall.library.matter(unit, case.matter_no).type
            if matter_type.steps != 1 or task.purpose is not Purpose.STEP:
                raise Invalid("batch.steps", case=case.case_no)
            kind = (
                matter_type.code,
                case.process,
                case.process_version,
                task.step,
                task.form,
                task.form_version,
            )
            if first is not None and kind != first:
                raise Invalid("batch.unlike", case=case.case_no)
            first = kind
