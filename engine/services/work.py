"""The work of officials: what waits for whom, claim, release, complete."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine.domain.case import Case, Purpose, Task, TaskState
from engine.domain.clocks import SOON_DAYS, light
from engine.domain.events.cases import TaskClaimed, TaskCompleted, TaskReleased
from engine.domain.masking import mask_name
from engine.domain.matter import MatterType
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.domain.working_time import Calendar, days_left, due_on
from engine.forms.compile import Form
from engine.forms.validate import validate
from engine.kernel.errors import Conflict, Forbidden
from engine.kernel.now import hall_day
from engine.processes.run import Step, advance
from engine.services import beside, joint, urgent
from engine.services.authority import Ruling, record_refusal, refused
from engine.services.hall import Hall
from engine.services.library import Shelf
from engine.services.steps import Decider, as_decision, follow
from engine.services.tasks import consulting, locked, name, refuse_gone, ruled
from engine.storage import cases
from engine.storage import inbox as rows
from engine.storage.unit import Unit

TABS = ("mine", "offered", "today", "soon", "overdue", "done")

# What follows when a task beside the process is done; the case comes back as it stands then.
BESIDE: Mapping[Purpose, Callable[[Hall, Unit, Official, Task, Case], Case]] = {
    Purpose.CONSULT: beside.consulted,
    Purpose.AFTER_REVIEW: urgent.reviewed,
    Purpose.DATE: joint.date_answered,
    Purpose.SURVEY: joint.survey_done,
}


@dataclass(frozen=True)
class InboxLine:
    """One task in the inbox; `…_left` are working days, negative when overdue."""

    task_id: str
    case_id: str
    case_no: str
    matter_name: str
    type: MatterType
    applicant_name: str
    step_name: str
    promised_left: int | None
    statutory_left: int | None
    step_left: int | None
    promised_due: date | None
    statutory_due: date | None
    provisional: bool
    holder_name: str | None
    light: str
    urgent: bool = False


@dataclass(frozen=True)
class InboxPage:
    """One page of a tab, and how many tasks each tab holds."""

    rows: list[InboxLine]
    counts: Mapping[str, int]
    total: int
    page: int
    size: int


@dataclass(frozen=True)
class TaskView:
    """A task as its page shows it; `verdict` says beforehand what completing would answer."""

    task: Task
    case: Case
    form: Form | None
    verdict: Verdict
    mandate_no: str | None
    holder_name: str | None
    done_by_name: str | None
    mine: bool
    open: bool


@dataclass(frozen=True)
class Completed:
    """The case after a step was completed, and the steps that now wait for somebody."""

    case: Case
    opened: tuple[Task, ...]


def inbox(hall: Hall, by: Official, tab: str = "mine", query: str = "", page: int = 1) -> InboxPage:
    """Return one page of an official's inbox, the most pressing first."""
    size = hall.rules.page_size
    with hall.reading() as unit:
        today = hall_day(unit.at)
        shelf = hall.library.shelf(unit)
        soon = due_on(today, SOON_DAYS, shelf.calendar).day
        found = rows.page(
            unit,
            by,
            tab=tab,
            query=query.strip(),
            limit=size,
            offset=(page - 1) * size,
            today=today,
            soon=soon,
        )
        counts = rows.counts(unit, by, today=today, soon=soon)
        total = (
            rows.found(unit, by, tab=tab, query=query.strip(), today=today, soon=soon)
            if query.strip()
            else counts.get(tab, 0)
        )
    lines = [_line(row, shelf, today) for row in found]
    return InboxPage(lines, counts, total, page, size)


def most_pressing(hall: Hall, by: Official) -> str | None:
    """Return the claimed task of an official that presses most, or None when he has none."""
    with hall.reading() as unit:
        return rows.most_pressing(unit, by)


def task(hall: Hall, by: Official, task_id: str) -> TaskView:
    """Return a task with its form and the verdict on completing it; Missing `task.unknown`."""
    with hall.reading() as unit:
        found = cases.task(unit, task_id)
        case = cases.case(unit, found.case_id)
        held = found.holder_id not in (None, by.id)
        answer = ruled(hall, unit, by, found, case)
        form = _form(hall, unit, found)
        return TaskView(
            task=found,
            case=case,
            form=form,
            verdict=Verdict(False, "task.taken") if held and found.is_open else answer.verdict,
            mandate_no=answer.mandate_no,
            holder_name=name(unit, found.holder_id),
            done_by_name=name(unit, found.done_by),
            mine=found.holder_id == by.id,
            open=found.is_open,
        )


def asked(hall: Hall, task_id: str) -> Form | None:
    """Return what a task asks for, the form of its version; Missing `task.unknown`."""
    with hall.reading() as unit:
        return _form(hall, unit, cases.task(unit, task_id))


def form_of(hall: Hall, found: Task) -> Form | None:
    """Return the form of a task in the version that it was opened with."""
    with hall.reading() as unit:
        return _form(hall, unit, found)


def claim(hall: Hall, by: Official, task_id: str) -> Task:
    """Take a task for oneself (签收).

    Raises Conflict `task.taken` or `task.done`, Forbidden `authority.refused` for one who could
    not complete it.
    """
    with hall.unit(by) as unit:
        found, case = locked(unit, task_id)
        refuse_gone(unit, found, by)
        answer = ruled(hall, unit, by, found, case)
        if answer.verdict.allowed:
            claimed = replace(found, state=TaskState.CLAIMED, holder_id=by.id)
            cases.save_task(unit, claimed)
            unit.record(TaskClaimed(case_id=case.id, task_id=found.id, step=found.step))
            return claimed
        record_refusal(unit, found, answer.verdict)
    raise refused(answer.verdict)


def release(hall: Hall, by: Official, task_id: str) -> Task:
    """Give a claimed task back; Forbidden `task.not_mine` for somebody else's.

    Raises Conflict `task.named` for an opinion that was asked of this person and no other.
    """
    with hall.unit(by) as unit:
        found, case = locked(unit, task_id)
        refuse_gone(unit, found, by)
        if found.holder_id != by.id:
            raise Forbidden("task.not_mine")
        if found.purpose is Purpose.CONSULT:
            raise Conflict("task.named")
        released = replace(found, state=TaskState.OFFERED, holder_id=None)
        cases.save_task(unit, released)
        unit.record(TaskReleased(case_id=case.id, task_id=found.id, step=found.step))
        return released


def complete_task(
    hall: Hall, by: Official, task_id: str, answers: Mapping[str, object], seen: int
) -> Completed:
    """Complete a step with its answers; `seen` is the revision of the case on the page.

    Raises Conflict `task.done`, `task.taken`, `case.changed`, `task.consulting` while an opinion
    that was asked for has not come; Forbidden `authority.refused` with the verdict and its row (the
    try is kept in the history); Invalid `form.answers` by field.
    """
    with hall.unit(by) as unit:
        found, case = locked(unit, task_id)
        refuse_gone(unit, found, by)
        cases.refuse_changed(case, seen)
        answer = ruled(hall, unit, by, found, case)
        if answer.verdict.allowed:
            return _complete(hall, unit, by, found, case, answers, answer)
        record_refusal(unit, found, answer.verdict)
    raise refused(answer.verdict)


def _complete(
    hall: Hall,
    unit: Unit,
    by: Official,
    found: Task,
    case: Case,
    answers: Mapping[str, object],
    answer: Ruling,
) -> Completed:
    _refuse_consulting(unit, found)
    form = _form(hall, unit, found)
    clean = validate(form, answers, case.data) if form else {}
    step = _advanced(hall, unit, found, case, clean) if found.purpose is Purpose.STEP else None
    done = replace(
        found,
        state=TaskState.DONE,
        done_at=unit.at,
        done_by=by.id,
        holder_id=by.id,
        answers={**found.answers, **clean},
    )
    cases.save_task(unit, done)
    if answer.decision is not None:
        cases.add_decisions(unit, case.id, [(found.id, answer.decision)])
    unit.record(
        TaskCompleted(
            case_id=case.id,
            task_id=found.id,
            step=found.step,
            power=found.power,
            because=(answer.verdict.row,) if answer.verdict.row else (),
            mandate_no=answer.mandate_no,
            acting_for=answer.acting_for,
            decisions=tuple(
                f"{made.table}@{made.version}"
                for made in map(as_decision, (one.decision for one in step.decisions))
            )
            if step
            else (),
            answers=clean,
        )
    )
    if step is None:
        after = BESIDE[found.purpose](hall, unit, by, done, case)
        return Completed(cases.update(unit, after, case.rev), ())
    matter = hall.library.matter(unit, case.matter_no)
    followed, opened = follow(hall, unit, by, case, matter, step, found.id)
    if followed.passed_at is None:
        followed = replace(followed, passed_at=unit.at)
    return Completed(cases.update(unit, followed, case.rev), opened)


def _advanced(
    hall: Hall, unit: Unit, found: Task, case: Case, answers: Mapping[str, object]
) -> Step:
    decider = Decider(hall, unit, case.pinned_at)
    return advance(
        hall.library.process(unit, case.process, case.process_version),
        case.process_state or b"",
        found.id,
        answers,
        decider,
        unit.at,
        calendar=decider.calendar,
    )


def _refuse_consulting(unit: Unit, found: Task) -> None:
    names = consulting(unit, found)
    if names:
        raise Conflict("task.consulting", names=names)


def _form(hall: Hall, unit: Unit, found: Task) -> Form | None:
    if found.form is None or found.form_version is None:
        return None
    return hall.library.form(unit, found.form, found.form_version)


def _line(row: rows.InboxRow, shelf: Shelf, today: date) -> InboxLine:
    calendar = shelf.calendar
    promised, statutory, step = (
        _left(calendar, today, due) for due in (row.promised_due, row.statutory_due, row.due_on)
    )
    return InboxLine(
        task_id=row.task_id,
        case_id=row.case_id,
        case_no=row.case_no,
        matter_name=row.matter_name,
        type=shelf.matter_types[row.matter_type],
        applicant_name=mask_name(row.applicant_name),
        step_name=row.step_name,
        promised_left=promised,
        statutory_left=statutory,
        step_left=step,
        promised_due=row.promised_due,
        statutory_due=row.statutory_due,
        provisional=row.provisional,
        holder_name=row.holder_name,
        light=light(min((n for n in (promised, statutory, step) if n is not None), default=None)),
        urgent=row.urgent,
    )


def _left(calendar: Calendar, today: date, due: date | None) -> int | None:
    return None if due is None else days_left(today, due, calendar)
