"""Carries cases of the demo city through the hall by its services, as its people would."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.domain.case import Case, Task
from engine.domain.matter import Matter
from engine.domain.people import SYSTEM, Applicant, Official
from engine.forms.compile import Field, Form
from engine.forms.validate import is_hidden
from engine.kernel.errors import Missing
from engine.services import catalogue, exchange, intake, people, work
from engine.services.hall import Hall
from engine.storage import cases
from engine.storage import exchange as rows

APPLICANT = Applicant("person", "林晓禾", "11010519491231002X", "13900000000")
ENTERPRISE = Applicant(
    "enterprise", "雁城禾木科技有限公司(筹)", "11010519491231002X", "13900000000"
)
PLACE = "雁城"
# A stand-in acts only while somebody is away.
POSTS = ("clerk", "reviewer", "chief", "head")


class Cast:
    """Who acts in the demo city: the officials by unit and post."""

    def __init__(self, officials: Iterable[Official]) -> None:
        self._everybody = tuple(officials)
        self._by_place: dict[tuple[int | None, str], list[Official]] = defaultdict(list)
        for official in self._everybody:
            self._by_place[official.unit_no, official.post].append(official)

    def seated(self, post: str, window_no: int) -> Official:
        """Return who sits with this post at a window."""
        return next(
            one for one in self._everybody if (one.post, one.window_no) == (post, window_no)
        )

    def all_of(self, post: str, unit_no: int) -> list[Official]:
        """Return everybody who holds a post of the unit."""
        return self._by_place[unit_no, post]

    def holder(self, unit_no: int | None, post: str) -> Official:
        """Return the first who holds a post of the unit, or of the hall itself."""
        return self._by_place[unit_no, post][0]

    def clerk(self, unit_no: int) -> Official:
        """Return a clerk of the unit."""
        return self.holder(unit_no, "clerk")

    def for_task(self, task: Task, busy: Iterable[str] = ()) -> Official:
        """Return somebody whose post the task asks for and who is not among `busy`."""
        names = set(busy)
        for post in POSTS:
            if post in task.roles:
                for official in self._by_place[task.unit_no, post]:
                    if official.id not in names:
                        return official
        raise Missing("demo.nobody", step=task.step, unit=task.unit_no)


@dataclass(frozen=True)
class Carried:
    """A case that was carried to its decision, and how many durable steps that took."""

    case: Case
    steps: int


def cast_of(hall: Hall) -> Cast:
    """Return the cast of the hall."""
    return Cast(people.everybody(hall))


def application_for(
    hall: Hall, matter: Matter, wanted: Mapping[str, object] | None = None
) -> intake.Application:
    """Return a complete application for a matter: what is wanted, else what fits the form."""
    form = intake.application_form(hall, matter.no)
    kind = matter.applicant_kinds[0]
    return intake.Application(
        matter_no=matter.no,
        applicant=APPLICANT if kind == APPLICANT.kind else ENTERPRISE,
        answers=answers_for(form, wanted),
        materials={
            paper.no: intake.MaterialHandedIn("received", max(paper.originals, paper.copies))
            for paper in matter.materials
        },
    )


def answers_for(form: Form | None, wanted: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return an answer for each required field of a form: what is wanted, else what fits first.

    A step without a form gets no answers.
    """
    wanted = wanted or {}
    answers: dict[str, object] = {}
    fields = form.fields.values() if form else ()
    # Conditions speak of unconditional fields only, so those are answered first.
    for field in sorted(fields, key=lambda field: field.condition is not None):
        if is_hidden(field, answers):
            continue
        if field.key in wanted:
            answers[field.key] = wanted[field.key]
        elif field.required:
            answers[field.key] = _answer(field)
    return answers


def carry(
    hall: Hall, cast: Cast, matter_no: int, wanted: Mapping[str, object] | None = None
) -> Carried:
    """Receive an application and complete every step until the case is decided."""
    matter = catalogue.matter(hall, matter_no)
    given = application_for(hall, matter)
    return complete(
        hall, cast, matter.unit_no, given, lambda task: work.form_of(hall, task), wanted
    )


def complete(
    hall: Hall,
    cast: Cast,
    unit_no: int,
    given: intake.Application,
    form_of: Callable[[Task], Form | None],
    wanted: Mapping[str, object] | None = None,
) -> Carried:
    """Receive a prepared application and complete every step until the case is decided."""
    receipt = intake.receive(hall, cast.clerk(unit_no), given)
    case, waiting, steps, busy = receipt.case, list(receipt.opened), 1, set[str]()
    while waiting:
        case, done = _work_off(hall, cast, case, waiting, busy, form_of, wanted)
        steps += done
        while parts := _parts_of(hall, case):
            for part, tasks in parts:
                ended, done = _work_off(hall, cast, part, tasks, busy, form_of, wanted)
                steps += done
                with hall.unit(SYSTEM) as unit:
                    exchange.child_ended(hall, unit, ended.id, ended.id)
            case, waiting = _stands(hall, case)
    return Carried(case, steps)


def _work_off(
    hall: Hall,
    cast: Cast,
    case: Case,
    waiting: list[Task],
    busy: set[str],
    form_of: Callable[[Task], Form | None],
    wanted: Mapping[str, object] | None,
) -> tuple[Case, int]:
    """Complete the steps of a case that wait, and those that open behind them."""
    steps = 0
    while waiting:
        task = waiting.pop(0)
        official = cast.for_task(task, busy)
        answers = answers_for(form_of(task), wanted)
        done = work.complete_task(hall, official, task.id, answers, case.rev)
        busy.add(official.id)
        case, steps = done.case, steps + 1
        waiting.extend(done.opened)
    return case, steps


def _parts_of(hall: Hall, case: Case) -> list[tuple[Case, list[Task]]]:
    """The open child cases of a case that is not decided, with the steps that wait in each."""
    if case.decided_at is not None:
        return []
    with hall.reading() as unit:
        children = [one for one in rows.children_of(unit, case.id) if one.decided_at is None]
    return [_stands(hall, child) for child in children]


def _stands(hall: Hall, case: Case) -> tuple[Case, list[Task]]:
    with hall.reading() as unit:
        tasks = cases.tasks_of(unit, case.id)
        return cases.case(unit, case.id), [task for task in tasks if task.is_open]


def _answer(field: Field) -> object:
    if field.choices:
        return field.choices[0][0]
    if field.kind == "number":
        return field.minimum if field.minimum is not None else Decimal(1)
    if field.kind == "checkbox":
        return True
    if field.kind == "datetime":
        return "2015-10-26"
    shortest = field.min_length or len(PLACE)
    text = PLACE * (shortest // len(PLACE) + 1)
    return text[: max(shortest, len(PLACE))][: field.max_length]
