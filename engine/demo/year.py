"""A year of the hall: drawn lives played through the services, act by act, on one moving clock."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from engine.demo.carry import Cast, answers_for, application_for
from engine.demo.lives import ACT_MINUTES, Kind, Life, Stop
from engine.domain.case import Case, CaseState, Task
from engine.domain.matter import Matter
from engine.domain.working_time import Calendar
from engine.forms.compile import Form
from engine.kernel.now import HALL_ZONE, FrozenNow, hall_day
from engine.services import (
    catalogue,
    endings,
    extensions,
    intake,
    licences,
    notices,
    papers,
    special_procedures,
    work,
)
from engine.services.hall import Hall

MORNING = time(9, 0)
# The limits of the steps as the processes are drawn, and which types the many short cases have.
STEP_DAYS = {"instant": (1,), "one_review": (1, 2), "commitment": (2, 5, 3)}
SHORT = ("instant", "one_review")
REASON = "案情复杂，需要进一步核实"
PROCEDURE, LAW = "appraisal", "《中华人民共和国行政许可法》第四十五条"
GRANT = {"decision_outcome": "grant", "review_outcome": "pass"}
REFUSE = {
    "decision_outcome": "refuse",
    "refuse_reason": "不符合法定条件",
    "refuse_law": "《中华人民共和国行政许可法》第三十八条",
    "refuse_remedy": "六十日内可以申请行政复议，六个月内可以提起行政诉讼",
}
# What waits for the next act: when it comes, and what is done then; the number settles ties.
Act = Callable[[], None]


@dataclass
class Year:
    """One hall with its people, its clock and the acts that are still to come.

    `work_off` carries out the jobs that commits left behind; it is called each working morning.
    """

    hall: Hall
    cast: Cast
    now: FrozenNow
    work_off: Callable[[], None]
    calendar: Calendar
    ahead: list[tuple[datetime, int, Act]] = field(default_factory=list)
    number: int = 0
    forms: dict[tuple[str, str], Form | None] = field(default_factory=dict)

    def at(self, moment: datetime, act: Act) -> None:
        """Plan an act."""
        self.number += 1
        heapq.heappush(self.ahead, (moment, self.number, act))

    def later(self, days: int, act: Act) -> None:
        """Plan an act some working days from now, on the same day a little later."""
        if days == 0:
            self.at(self.now() + timedelta(minutes=ACT_MINUTES), act)
            return
        today = hall_day(self.now())
        day = self.calendar.day_of_rank(self.calendar.rank(today) + days)
        clock = self.now().astimezone(HALL_ZONE).timetz()
        self.at(datetime.combine(day, clock.replace(tzinfo=None), HALL_ZONE), act)

    def morning(self) -> None:
        """Let the worker do what waits, and plan the next working morning while there is one."""
        self.work_off()
        if self.ahead:
            today = hall_day(self.now())
            day = self.calendar.day_of_rank(self.calendar.rank(today) + 1)
            self.at(_opening(day), self.morning)

    def form_of(self, task: Task) -> Form | None:
        """Return the form of a task, read once for each version."""
        name = (task.form or "", task.form_version or "")
        if name not in self.forms:
            self.forms[name] = work.form_of(self.hall, task)
        return self.forms[name]


def play(
    hall: Hall,
    cast: Cast,
    now: FrozenNow,
    lives: Iterable[Life],
    work_off: Callable[[], None],
    calendar: Calendar,
) -> None:
    """Play lives through the services until every act is done; `now` moves with them."""
    year = Year(hall, cast, now, work_off, calendar)
    for life in lives:
        year.at(life.applied, _Story(year, life).apply)
    if year.ahead:
        year.at(_opening(hall_day(year.ahead[0][0])), year.morning)
    while year.ahead:
        moment, _, act = heapq.heappop(year.ahead)
        now.move_to(moment)
        act()


def _opening(day: date) -> datetime:
    return datetime.combine(day, MORNING, HALL_ZONE)


def kinds(hall: Hall) -> dict[str, Kind]:
    """Return the types of matter that are drawn, each with its matters that ask for a paper."""
    found: dict[str, list[int]] = {name: [] for name in STEP_DAYS}
    days: dict[str, int] = {}
    for row in _matters(hall):
        days[row.type.code] = row.type.promised_days
        papers_of = catalogue.matter(hall, row.no).materials
        if _is_plain(row) and any(paper.required for paper in papers_of):
            found[row.type.code].append(row.no)
    return {
        name: Kind(tuple(numbers), STEP_DAYS[name], days[name]) for name, numbers in found.items()
    }


def _matters(hall: Hall) -> Iterator[Matter]:
    page = 1
    while rows := catalogue.matters(hall, page=page).rows:
        yield from rows
        page += 1


def _is_plain(matter: Matter) -> bool:
    """Whether a matter runs by the process of its type and promises its days."""
    kind = matter.type
    return (
        kind.code in STEP_DAYS
        and matter.process == kind.process
        and matter.promised_days == kind.promised_days
    )


class _Story:
    """One life on its way; each act plans the next."""

    def __init__(self, year: Year, life: Life) -> None:
        self.year, self.life = year, life
        self.matter = catalogue.matter(year.hall, life.matter_no)
        self.clerk = year.cast.clerk(self.matter.unit_no)
        self.case: Case
        self.hands: set[str] = set()

    def apply(self) -> None:
        """The applicant hands in his papers, complete or with one missing."""
        hall, given = self.year.hall, application_for(self.year.hall, self.matter)
        if self.life.papers is None:
            self._accepted(intake.receive(hall, self.clerk, given))
            return
        missing = next(paper for paper in self.matter.materials if paper.required)
        short = {no: paper for no, paper in given.materials.items() if no != missing.no}
        case = intake.apply(hall, self.clerk, replace(given, materials=short)).case
        why: dict[int | str, str] = {missing.no: "未提交"}
        self.case = notices.issue(hall, self.clerk, case.id, why, "window", case.rev).case
        brought = {missing.no: given.materials[missing.no]}
        self.year.later(self.life.papers, lambda: self._supplement(brought))

    def _supplement(self, brought: dict[int, intake.MaterialHandedIn]) -> None:
        hall, case = self.year.hall, self.case
        case = papers.supplement(hall, self.clerk, case.id, brought, case.rev)
        self._accepted(intake.accept(hall, self.clerk, case.id, case.rev))

    def _accepted(self, receipt: intake.Receipt) -> None:
        self.case = receipt.case
        if self.life.extended:
            self.year.later(1, self._extend)
        self._step(0, receipt.opened[0])

    def _extend(self) -> None:
        if self.case.state is CaseState.ACCEPTED:
            head, case = self.year.cast.holder(self.matter.unit_no, "head"), self.case
            self.case = extensions.extend(self.year.hall, head, case.id, REASON, case.rev)

    def _step(self, place: int, task: Task) -> None:
        life = self.life
        if life.withdrawn == place:
            self.year.later(life.steps[place], self._withdraw)
        elif life.stop is not None and life.stop.step == place:
            stop = life.stop
            self.year.later(stop.after, lambda: self._stop(stop, place, task))
        else:
            self.year.later(life.steps[place], lambda: self._complete(place, task))

    def _stop(self, stop: Stop, place: int, task: Task) -> None:
        cast, unit_no, case = self.year.cast, self.matter.unit_no, self.case
        chief = cast.holder(unit_no, "chief")
        free = [*cast.all_of("clerk", unit_no), *cast.all_of("reviewer", unit_no)]
        people = [one.account for one in free if one.id not in self.hands][:1]
        begun = special_procedures.start(
            self.year.hall, chief, case.id, PROCEDURE, stop.announced, LAW, people, case.rev
        )
        self.case = begun.case
        self.year.later(stop.lasted, lambda: self._resume(begun.procedure.id, place, task))

    def _resume(self, procedure: str, place: int, task: Task) -> None:
        chief = self.year.cast.holder(self.matter.unit_no, "chief")
        ended = special_procedures.end(
            self.year.hall, chief, procedure, "broken_off", self.case.rev
        )
        self.case = ended.case
        self.year.later(self.life.steps[place], lambda: self._complete(place, task))

    def _withdraw(self) -> None:
        hall, case = self.year.hall, self.case
        self.case = endings.withdraw(hall, self.clerk, case.id, "申请人不再办理", case.rev)

    def _complete(self, place: int, task: Task) -> None:
        official = self.year.cast.for_task(task, self.hands)
        wanted = {**GRANT, **(REFUSE if self.life.refused else {})}
        answers = answers_for(self.year.form_of(task), wanted)
        done = work.complete_task(self.year.hall, official, task.id, answers, self.case.rev)
        self.hands.add(official.id)
        self.case = done.case
        if done.opened:
            self._step(place + 1, done.opened[0])
        else:
            self.year.later(self.life.handed_out, self._hand_out)

    def _hand_out(self) -> None:
        hall, case = self.year.hall, self.case
        self.case = licences.hand_out(
            hall, self.clerk, case.id, case.applicant_name, case.window_no, case.rev
        )
