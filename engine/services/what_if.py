"""Replays that the worker does (历史回放): begun, followed, cancelled, and what they found.

A replay changes nothing in the hall, so no event speaks of it. It is done in slices, each stored
with where it ended and with the job of the next: whoever is killed in the middle loses no more
than one slice, which is done again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.analysis.tally import Changed, Part, Tally
from engine.decisions.decide import Table
from engine.decisions.decide import explain as explain_rows
from engine.decisions.reasons import reasons
from engine.decisions.table import read_draft
from engine.domain.people import Official
from engine.domain.what_if import CANCELLED, DONE, FAILED, RUNNING, WAITING, Run
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Conflict, HallError, Missing
from engine.services import replays
from engine.services.hall import Hall
from engine.services.replays import AT_ONCE, TABLE, Question
from engine.storage import cases, past_cases
from engine.storage import what_if as rows
from engine.storage.unit import Unit


@dataclass(frozen=True)
class Line:
    """A case that comes out otherwise, with its number."""

    no: int
    case_id: str
    case_no: str
    matter_no: int
    unit_no: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """A case under the rules as they were and under the draft.

    `old` and `new` are explanations as of `cases.explain`, empty unless a table was replayed.
    """

    run: Run
    line: Line
    old: Mapping[str, object]
    new: Mapping[str, object]


def begin(hall: Hall, by: Official, question: Question) -> Run:
    """Begin a replay, which the worker does; Forbidden `what_if.not_allowed`."""
    replays.refuse_reader(by, question.kind)
    with hall.unit(by) as unit:
        run = Run(
            id=unit.ids(),
            kind=question.kind,
            key=question.key,
            digest=fingerprint(question.source) if question.source else "",
            days_before=question.days_before,
            days_after=question.days_after,
            first_day=question.first_day,
            last_day=question.last_day,
            state=WAITING,
            done=0,
            total=past_cases.count(unit, question.scope),
            position="",
            changes=0,
            result=Tally().plain(),
            failure={},
            started_by=by.id,
            started_at=unit.at,
            ended_at=None,
        )
        rows.add(unit, run, question.source)
        _go_on(unit, run)
        return run


def run(hall: Hall, by: Official, run_id: str) -> Run:
    """Return how far a replay is; Missing `what_if.unknown`, Forbidden `what_if.not_allowed`."""
    with hall.reading() as unit:
        return _run(unit, by, run_id)


def runs(hall: Hall, by: Official, page: int = 1) -> tuple[list[Run], int]:
    """Return a page of the replays, the newest first, and how many there are."""
    size = hall.rules.page_size
    with hall.reading() as unit:
        return rows.runs(unit, size, (page - 1) * size)


def cancel(hall: Hall, by: Official, run_id: str) -> Run:
    """Stop a replay after the slice in hand; what it found so far stays.

    Raises as `run`, and Conflict `what_if.ended` for one that is over.
    """
    with hall.unit(by) as unit:
        _run(unit, by, run_id)
        locked = rows.lock(unit, run_id)
        if locked is None or not locked.open:
            raise Conflict("what_if.ended")
        stopped = replace(locked, state=CANCELLED, ended_at=unit.at)
        rows.save(unit, stopped)
        return stopped


def changed(hall: Hall, by: Official, run_id: str, page: int = 1) -> list[Line]:
    """Return a page of the cases that come out otherwise or cannot be told; raises as `run`."""
    size = hall.rules.page_size
    with hall.reading() as unit:
        _run(unit, by, run_id)
        found = rows.changes(unit, run_id, size, (page - 1) * size)
        return _lines(unit, found)


def pair(hall: Hall, by: Official, run_id: str, no: int) -> Pair:
    """Return one of them with both explanations; raises as `run`."""
    with hall.reading() as unit:
        found = _run(unit, by, run_id)
        change = rows.change(unit, run_id, no)
        if change is None:
            raise Missing("what_if.unknown")
        line = _lines(unit, [change])[0]
        if found.kind != TABLE:
            return Pair(found, line, {}, {})
        stored = cases.decision(unit, change.subject)
        if stored is None:
            raise Missing("decision.unknown", decision=change.subject)
        old = hall.library.table(unit, stored.table, stored.version)
        source = rows.source(unit, run_id)
    new = Table(read_draft(source))
    return Pair(found, line, *(_explained(table, stored.facts) for table in (old, new)))


def work_on(hall: Hall, run_id: str, after: str) -> None:
    """Do the slice of a replay that begins after a case; what was done already is left."""
    with hall.reading() as unit:
        current = rows.run(unit, run_id)
        if current is None or not current.open or current.position != after:
            return
        question = _question(unit, current)
        size = AT_ONCE[question.kind]
        ids = past_cases.next_ids(unit, question.scope, after, size)
        worker, batch = replays.worker_of(hall, unit, question), replays.read(unit, question, ids)
    try:
        part = worker(batch)
    except HallError as error:
        part, failure = Part(Tally(), ()), {"code": error.code, "params": dict(error.params)}
    else:
        failure = {}
    with hall.unit() as unit:
        current = rows.lock(unit, run_id)
        if current is None or not current.open or current.position != after:
            return
        tally = Tally.of(current.result)
        tally.add(part.tally)
        ended = FAILED if failure else DONE if len(ids) < size else None
        progress = replace(
            current,
            state=ended or RUNNING,
            done=current.done + len(ids),
            position=ids[-1] if ids else after,
            changes=current.changes + len(part.changed),
            result=tally.plain(),
            failure=failure,
            ended_at=unit.at if ended else None,
        )
        rows.add_changes(unit, _numbered(current, part.changed))
        rows.save(unit, progress)
        if not ended:
            _go_on(unit, progress)


def _go_on(unit: Unit, run: Run) -> None:
    payload = {"run": run.id, "after": run.position}
    unit.enqueue("what_if.slice", f"{run.id}:{run.position}", payload, lane="outside")


def _numbered(run: Run, found: tuple[Changed, ...]) -> list[rows.Change]:
    return [
        rows.Change(
            run.id,
            no,
            one.case_id,
            one.subject,
            one.matter_no,
            one.unit_no,
            one.before,
            one.after,
        )
        for no, one in enumerate(found, run.changes + 1)
    ]


def _run(unit: Unit, by: Official, run_id: str) -> Run:
    found = rows.run(unit, run_id)
    if found is None:
        raise Missing("what_if.unknown")
    replays.refuse_reader(by, found.kind)
    return found


def _question(unit: Unit, run: Run) -> Question:
    return Question(
        run.kind,
        run.key,
        rows.source(unit, run.id),
        run.first_day,
        run.last_day,
        run.days_before,
        run.days_after,
    )


def _lines(unit: Unit, found: list[rows.Change]) -> list[Line]:
    numbers = past_cases.numbers(unit, [one.case_id for one in found])
    return [
        Line(
            one.no,
            one.case_id,
            numbers.get(one.case_id, ""),
            one.matter_no,
            one.unit_no,
            one.before,
            one.after,
        )
        for one in found
    ]


def _explained(table: Table, facts: Mapping[str, object]) -> Mapping[str, object]:
    decision = explain_rows(table, facts)
    return {**decision.plain(), "reasons": reasons(decision)}
