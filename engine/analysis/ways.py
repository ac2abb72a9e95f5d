"""Past cases led through another diagram by what people answered then.

`lead_again` is a pure function of files and a batch of cases. Only what is reliable is told: a
case whose way asks for something that nobody answered, waits for another or was sent back is
counted as untold, with the reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from engine.analysis.tally import Changed, Part, Tally
from engine.decisions.decide import Table, explain
from engine.decisions.table import read_draft
from engine.decisions.trace import plain
from engine.domain.facts import plain_facts
from engine.domain.working_time import Calendar
from engine.kernel.errors import HallError, Missing
from engine.processes.definition import Definition, read_definition
from engine.processes.run import OpenTask, Step, advance, start

GRANTED = "granted"
UNANSWERED, CHILD, WAITS, SENT_BACK = (
    "what_if.unanswered",
    "what_if.child",
    "what_if.waits",
    "what_if.sent_back",
)


@dataclass(frozen=True)
class Answered:
    """One step that somebody completed, with the name that it had."""

    step: str
    at: datetime
    answers: Mapping[str, object]
    name: str


@dataclass(frozen=True)
class Decided:
    """What a table said on the way, and the facts that it looked at."""

    table: str
    facts: Mapping[str, object]
    outcome: Mapping[str, object]


@dataclass(frozen=True)
class Walked:
    """A decided case: the variables it started with, its steps in order, and what tables said."""

    case_id: str
    matter_no: int
    unit_no: int
    accepted_at: datetime
    data: Mapping[str, object]
    steps: tuple[Answered, ...]
    decided: tuple[Decided, ...]
    outcome: str


@dataclass(frozen=True)
class Drawn:
    """A diagram with all that it needs to run: tables by key, known processes, the calendar."""

    source: bytes
    tables: Mapping[str, bytes]
    processes: frozenset[str]
    calendar: Calendar


@dataclass(frozen=True)
class Way:
    """How a case went: the drawn ids of its steps, its outcome; or why that cannot be told."""

    steps: tuple[str, ...]
    outcome: str | None
    untold: str = ""
    element: str = ""


@dataclass(frozen=True)
class _Said:
    outcome: Mapping[str, object]


def lead_again(drawn: Drawn, batch: Sequence[Walked]) -> Part:
    """Lead a batch of cases through a diagram; changed are those whose steps or outcome differ.

    Raises Invalid as `read_definition` and `read_draft`.
    """
    definition = _definition(drawn.source, drawn.processes)
    tally, changed = Tally(), []
    for case in batch:
        way = lead(definition, case, _decide(drawn, case), lambda: drawn.calendar)
        tally.asked += 1
        if way.untold:
            tally.untold[way.untold] += 1
        went = tuple(one.step for one in case.steps)
        differs = not way.untold and (went, case.outcome) != (way.steps, way.outcome)
        before = _told([one.name for one in case.steps], case.outcome)
        after = _told([definition.tasks[step].name or step for step in way.steps], way.outcome)
        tally.count(case.matter_no, case.unit_no, differs)
        if differs:
            tally.note(before, after)
        if differs or way.untold:
            stuck = {"untold": way.untold, "element": way.element} if way.untold else {}
            changed.append(
                Changed(
                    case.case_id,
                    case.case_id,
                    case.matter_no,
                    case.unit_no,
                    before,
                    {**after, **stuck},
                )
            )
    return Part(tally, tuple(changed))


def lead(
    definition: Definition,
    case: Walked,
    decide: Callable[[str, Mapping[str, object]], _Said],
    calendar: Callable[[], Calendar],
) -> Way:
    """Lead one case through a diagram, each step answered as it was answered then."""
    left, went = list(case.steps), list[str]()
    try:
        step = start(definition, case.data, decide, case.accepted_at, calendar=calendar)
        while not step.ended:
            found = _next(step, left)
            if found is None:
                return _stuck(step, went)
            task, answered = found
            left.remove(answered)
            went.append(task.step)
            step = advance(
                definition,
                step.state,
                task.id,
                answered.answers,
                decide,
                answered.at,
                calendar=calendar,
            )
    except HallError as error:
        return Way(tuple(went), None, error.code, str(error.params.get("element", "")))
    again = next((one.step for one in left if one.step in went), None)
    if again is not None:
        return Way(tuple(went), None, SENT_BACK, again)
    return Way(tuple(went), step.end or GRANTED)


def _next(step: Step, left: Sequence[Answered]) -> tuple[OpenTask, Answered] | None:
    """The open task that was answered first."""
    waiting = {task.step: task for task in reversed(step.open) if task.child is None}
    return next(((waiting[one.step], one) for one in left if one.step in waiting), None)


def _stuck(step: Step, went: Sequence[str]) -> Way:
    if not step.open:
        return Way(tuple(went), None, WAITS)
    first = step.open[0]
    because = UNANSWERED if first.child is None else CHILD
    return Way(tuple(went), None, because, first.name or first.step)


def _decide(drawn: Drawn, case: Walked) -> Callable[[str, Mapping[str, object]], _Said]:
    """What was decided then on the same facts; anything else by the table as it is given."""

    def decide(table: str, facts: Mapping[str, object]) -> _Said:
        given = plain_facts(facts)
        for one in case.decided:
            if one.table == table and _same(one.facts, given):
                return _Said(one.outcome)
        source = drawn.tables.get(table)
        if source is None:
            raise Missing("definition.none", kind="table", key=table, day="")
        return _Said(explain(_table(source), given).outcome)

    return decide


def _same(then: Mapping[str, object], given: Mapping[str, object]) -> bool:
    return all(plain(given.get(name)) == plain(value) for name, value in then.items())


@lru_cache(maxsize=2)
def _definition(source: bytes, processes: frozenset[str]) -> Definition:
    return read_definition(source, processes=processes)


@lru_cache(maxsize=100)
def _table(source: bytes) -> Table:
    return Table(read_draft(source))


def _told(names: Sequence[str], outcome: str | None) -> dict[str, object]:
    return {"path": " → ".join(names), "step_count": len(names), "outcome": outcome}
