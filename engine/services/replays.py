"""What a replay asks, and past cases read for it: tables, processes and promises alike."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from engine.analysis.limits import Promise, Timed, time_again
from engine.analysis.replay import decide_again, spread
from engine.analysis.tally import Part, Tally
from engine.analysis.ways import Answered, Decided, Drawn, Walked, lead_again
from engine.decisions.table import read_draft
from engine.domain.clocks import EXTENSION_DAYS, PROMISED
from engine.domain.people import SYSTEM, Official
from engine.kernel.errors import Forbidden, Invalid, Missing
from engine.kernel.now import HALL_ZONE, hall_day
from engine.processes.definition import read_definition
from engine.services.hall import Hall
from engine.storage import past_cases, publishing
from engine.storage.past_cases import Scope, TimedRow, WalkedRow
from engine.storage.unit import Unit

TABLE, PROCESS, PROMISE = "table", "process", "promise"
READS = {TABLE: "rule.read", PROCESS: "process.read", PROMISE: "rule.read"}
# Cases that are read, run again and stored at once: about a second of work.
AT_ONCE = {TABLE: 10_000, PROCESS: 200, PROMISE: 10_000}
# From how many cases on a second process repays its start.
WORTH_IT = {TABLE: 100_000, PROCESS: 2_000, PROMISE: 1_000_000}
MOST_DAYS = 1_000
Batch = Sequence[Any]


@dataclass(frozen=True)
class Question:
    """What is replayed: a file, or other promised days of a type, over days of acceptance.

    `key` is the table or process of the file `source`, or the code of the type of matter, whose
    promised working days go from `days_before` to `days_after`. Both days belong to the period.
    """

    kind: str
    key: str
    source: bytes
    first_day: date
    last_day: date
    days_before: int | None = None
    days_after: int | None = None

    @property
    def scope(self) -> Scope:
        """The cases that it is about."""
        first, until = _midnight(self.first_day), _midnight(self.last_day + timedelta(days=1))
        return Scope(
            first,
            until,
            process=self.key if self.kind == PROCESS else None,
            matter_type=self.key if self.kind == PROMISE else None,
        )


def of_table(by: Official, source: bytes, first: date, last: date) -> Question:
    """Ask what a table would have decided; raises as `of_promise` and Invalid as `read_draft`."""
    _refuse(by, TABLE, first, last)
    return Question(TABLE, read_draft(source).id, source, first, last)


def of_process(hall: Hall, by: Official, source: bytes, first: date, last: date) -> Question:
    """Ask where a diagram would have led; raises as `of_promise`, Invalid as `read_definition`."""
    _refuse(by, PROCESS, first, last)
    with hall.reading() as unit:
        known = publishing.keys(unit, "process")
    return Question(PROCESS, read_definition(source, processes=known).key, source, first, last)


def of_promise(
    hall: Hall, by: Official, matter_type: str, days: int, first: date, last: date
) -> Question:
    """Ask which cases of a type would have been late, had it promised other working days.

    Raises Forbidden `what_if.not_allowed` (kind); Invalid `what_if.period` (first, last),
    `what_if.days` (most); Missing `what_if.no_type` (type).
    """
    _refuse(by, PROMISE, first, last)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("what_if.days", field="days", most=MOST_DAYS)
    with hall.reading() as unit:
        found = hall.library.shelf(unit).matter_types.get(matter_type)
    if found is None:
        raise Missing("what_if.no_type", type=matter_type)
    return Question(PROMISE, found.code, b"", first, last, found.promised_days, days)


def refuse_reader(by: Official, kind: str) -> None:
    """Refuse who may not read what is replayed; Forbidden `what_if.not_allowed` (kind)."""
    if by.id != SYSTEM.id and not by.may(READS[kind]):
        raise Forbidden("what_if.not_allowed", kind=kind)


def worker_of(hall: Hall, unit: Unit, question: Question) -> Callable[[Batch], Part]:
    """Return the pure function that replays one batch, with all that it needs in it."""
    shelf = hall.library.shelf(unit)
    match question.kind:
        case "table":
            return partial(decide_again, question.source)
        case "process":
            tables = publishing.sources_in_force(unit, "table", hall_day(unit.at))
            known = publishing.keys(unit, "process")
            return partial(lead_again, Drawn(question.source, tables, known, shelf.calendar))
    before, after = question.days_before or 0, question.days_after or 0
    rules = hall.rules
    return partial(
        time_again,
        Promise(before, after, shelf.calendar, rules.count_first_day, rules.close_of_business),
    )


def read(unit: Unit, question: Question, ids: Sequence[str]) -> Batch:
    """Return what is to be replayed of some cases, given in the order of their ids."""
    if not ids:
        return []
    match question.kind:
        case "table":
            return past_cases.decisions_between(unit, question.scope, question.key, ids[0], ids[-1])
        case "process":
            return [_walked(row) for row in past_cases.walked(unit, ids)]
    return [one for row in past_cases.timed(unit, ids) if (one := _timed(row)) is not None]


def replay(hall: Hall, question: Question, processes: int = 1) -> Iterator[Part]:
    """Replay all cases of a question at once and yield what each batch came to, in order.

    With several `processes` the batches are spread over them where that is worth it.
    """
    with hall.reading() as unit:
        worker = worker_of(hall, unit, question)
        many = past_cases.count(unit, question.scope) >= WORTH_IT[question.kind]
        yield from spread(worker, _batches(unit, question), processes if many else 1)


def replay_all(hall: Hall, question: Question, processes: int = 1) -> Tally:
    """Replay all cases of a question at once and return the counts."""
    tally = Tally()
    for part in replay(hall, question, processes):
        tally.add(part.tally)
    return tally


def _batches(unit: Unit, question: Question) -> Iterator[Batch]:
    after, size = "", AT_ONCE[question.kind]
    while ids := past_cases.next_ids(unit, question.scope, after, size):
        yield read(unit, question, ids)
        after = ids[-1]


def _timed(row: TimedRow) -> Timed | None:
    """A case as its promise is timed again; None for one that was promised nothing."""
    promised = next((clock for clock in row.clocks if clock.kind == PROMISED), None)
    if promised is None:
        return None
    by_law = [clock for clock in row.clocks if clock.kind in EXTENSION_DAYS]
    return Timed(
        row.case_id,
        row.matter_no,
        row.unit_no,
        row.decided_at,
        promised,
        row.stops,
        extended_days=max((clock.extended_days for clock in by_law), default=0),
        extended_on=hall_day(row.extended_at) if row.extended_at else None,
        limit=min((clock.due_on for clock in by_law), default=None),
    )


def _walked(row: WalkedRow) -> Walked:
    """A case with the variables it had at its acceptance, as far as later ones are known."""
    later = {name for _, _, answers, _ in row.steps for name in answers}
    later |= {name for _, _, outcome in row.decisions for name in outcome}
    data = {name: value for name, value in row.data.items() if name not in later}
    return Walked(
        row.case_id,
        row.matter_no,
        row.unit_no,
        row.accepted_at,
        {**data, **row.application},
        tuple(Answered(*step) for step in row.steps),
        tuple(Decided(*one) for one in row.decisions),
        row.outcome,
    )


def _refuse(by: Official, kind: str, first: date, last: date) -> None:
    refuse_reader(by, kind)
    if first > last:
        raise Invalid(
            "what_if.period", field="last_day", first=first.isoformat(), last=last.isoformat()
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HALL_ZONE)
