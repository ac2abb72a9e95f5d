"""The timers of a case move on by the time for which its clocks stood still (行政许可法 art. 45).

What counts working days moves by working days, what counts calendar time by the days that passed;
a fixed day stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from engine.domain.working_time import ONE_DAY, Calendar, working_days_between
from engine.processes import driving, events, moments, state
from engine.processes.definition import Definition
from engine.processes.formulas import Shift, Timer
from engine.processes.spiff import Engine, Environment

KEY = "timer:"


@dataclass(frozen=True)
class Postponed:
    """A case whose timers have moved: what to store, and when it is to be woken now."""

    state: bytes
    next_due: datetime | None


def postpone(
    definition: Definition,
    state_before: bytes,
    started: date,
    ended: date,
    calendar: Calendar,
    now: datetime,
) -> Postponed:
    """Let the timers of a case move on by the days from `started` up to, not including, `ended`.

    Nothing else of the case changes, and no timer fires. Raises Unavailable as `state.load`.
    """
    environment = Environment(definition.formulas, _ask_nothing, now.astimezone(UTC))
    case = state.load(state_before, definition, Engine(environment))
    working = working_days_between(started - ONE_DAY, ended - ONE_DAY, calendar)
    for task in events.listening(case):
        for key, value in task.internal_data.items():
            if key.startswith(KEY) and value is not None:
                timer = definition.formulas.timers[key]
                task.internal_data[key] = _moved(timer, value, ended - started, working, calendar)
    return Postponed(state.dump(case, definition), driving.due_next(case))


def _moved(timer: Timer, value: Any, passed: Any, working: int, calendar: Calendar) -> Any:
    """Return the stored moment of a timer, moved; of a repeated one the next firing moves."""
    if isinstance(value, dict):
        return {**value, "next": (datetime.fromisoformat(value["next"]) + passed).isoformat()}
    moment = datetime.fromisoformat(value)
    if timer.shift is Shift.WORKING:
        return moments.later_by_working_days(moment, working, calendar).isoformat()
    if timer.shift is Shift.CALENDAR:
        return (moment + passed).isoformat()
    return value


def _ask_nothing(table: str, facts: Mapping[str, object]) -> NoReturn:
    raise AssertionError("moving timers asks no table")
