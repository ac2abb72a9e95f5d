"""A joint matter for the tests: its units answer in child cases of their own."""

from engine.domain.case import CaseState
from engine.services import catalogue, intake, work
from engine.services.people import everybody
from engine.storage import cases as rows
from engine.storage import exchange
from engine.worker.loop import Handlers, run_once
from engine.worker.tasks import HANDLERS
from tests.story import answers, application


def open_matter(hall, cast, name="联合选址"):
    """Receive and review an application for a joint matter and return its parent case."""
    row = next(row for row in catalogue.matters(hall, name).rows if row.name == name)
    matter = catalogue.matter(hall, row.no)
    clerk = cast.clerk(matter.unit_no)
    case = intake.receive(hall, clerk, application(hall, matter)).case
    while not children(hall, case):
        do(hall, cast, case.id)
    return stands(hall, case.id)


def sweep(hall):
    """Do all jobs that are due."""
    while run_once(hall, Handlers(HANDLERS.inside, {"notice.send": lambda *_: None})):
        pass


def stands(hall, case_id):
    """Return a case as it stands."""
    with hall.reading() as unit:
        return rows.case(unit, case_id)


def children(hall, parent):
    """Return the child cases by unit."""
    with hall.reading() as unit:
        return {child.unit_no: child for child in exchange.children_of(unit, parent.id)}


def open_tasks(hall, case_id):
    """Return the tasks of a case that wait."""
    with hall.reading() as unit:
        return [task for task in rows.tasks_of(unit, case_id) if task.is_open]


def do(hall, cast, case_id, wanted=None, purpose="step"):
    """Complete the first task of a purpose that waits in a case."""
    task = next(task for task in open_tasks(hall, case_id) if task.purpose.value == purpose)
    official = next(
        (one for one in everybody(hall) if one.id == task.holder_id), None
    ) or cast.for_task(task, _hands(hall, case_id))
    seen = stands(hall, case_id).rev
    return work.complete_task(hall, official, task.id, answers(hall, task, **(wanted or {})), seen)


def _hands(hall, case_id):
    """Return who did a step of a case: another does the next (审核分离)."""
    with hall.reading() as unit:
        return {who for _, who in rows.done_by(unit, case_id)}


def give(hall, cast, parent, unit_no, outcome="agree"):
    """Let a unit give its opinion."""
    said = {"opinion_outcome": outcome}
    if outcome != "agree":
        said |= {"opinion_text": "须补充消防水源的证明", "opinion_law": "城乡规划法第三十六条"}
    done = do(hall, cast, children(hall, parent)[unit_no].id, said)
    sweep(hall)
    return done.case


def is_waiting(case):
    """Say whether a case is accepted and undecided."""
    return case.state is CaseState.ACCEPTED and case.decided_at is None
