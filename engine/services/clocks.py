"""Watching the legal clocks of a case: warn and escalate as the escalation table says.

Both functions take the open unit: the act that starts a clock, and the job that looks at it.
"""

from datetime import UTC, date, datetime, time

from engine.decisions.decide import decide
from engine.domain.case import Case
from engine.domain.events.clocks import LimitWarned
from engine.domain.working_time import days_left, due_on
from engine.kernel.now import HALL_ZONE, hall_day
from engine.services.hall import Hall
from engine.storage import audit, cases
from engine.storage.unit import Unit

TABLE = "escalation"
NOTHING = "none"
OPENING = time(9, 0)


def plan_watch(hall: Hall, unit: Unit, case: Case) -> None:
    """Leave a job that looks at the case on the morning of the next day that may matter."""
    if case.promised_due is None or case.statutory_due is None:
        return
    today = hall_day(unit.at)
    calendar = hall.library.shelf(unit).calendar
    warning_day = calendar.day_of_rank(calendar.rank(case.promised_due) - 1)
    day = max(warning_day, due_on(today, 1, calendar).day)
    unit.enqueue(
        "clock.watch",
        f"{case.id}:{day.isoformat()}",
        {"case_id": case.id},
        due_at=morning(day),
        case_id=case.id,
    )


def watch(hall: Hall, unit: Unit, case_id: str) -> None:
    """Ask the escalation table about an open case and record each warning once."""
    case = cases.lock(unit, case_id)
    if case.decided_at is not None or case.closed_at is not None:
        return
    today = hall_day(unit.at)
    calendar = hall.library.shelf(unit).calendar
    table = hall.library.judging(unit, TABLE, case.pinned_at)
    facts: dict[str, object] = {
        "promised_left": _left(hall, unit, today, case.promised_due),
        "statutory_left": _left(hall, unit, today, case.statutory_due),
        "suspended": False,
    }
    waiting = [task for task in cases.tasks_of(unit, case.id) if task.is_open]
    step_due = [task.due_on for task in waiting if task.due_on is not None]
    facts["step_left"] = days_left(today, min(step_due), calendar) if step_due else None
    decision = decide(table, facts)
    level, rule = str(decision.outcome["level"]), str(decision.outcome["rule"])
    if level != NOTHING and rule not in _raised(unit, case.id):
        recipients = str(decision.outcome["recipients"]).split(";")
        unit.record(
            LimitWarned(
                case_id=case.id,
                level=level,
                rule=rule,
                row=f"{TABLE}#{decision.rows[0]}",
                recipients=tuple(recipients),
                table_version=table.version,
            )
        )
        key = f"{case.id}:{rule}"
        unit.enqueue("notice.send", key, {"case_id": case.id, "rule": rule}, lane="outside")
    plan_watch(hall, unit, case)


def _left(hall: Hall, unit: Unit, today: date, due: date | None) -> int | None:
    return None if due is None else days_left(today, due, hall.library.shelf(unit).calendar)


def _raised(unit: Unit, case_id: str) -> set[str]:
    events = audit.events_of(unit, f"case:{case_id}")
    return {str(event.body["rule"]) for event in events if event.kind == LimitWarned.__name__}


def morning(day: date) -> datetime:
    """Return when the hall opens on a day, the moment at which clocks are looked at."""
    return datetime.combine(day, OPENING, HALL_ZONE).astimezone(UTC)
