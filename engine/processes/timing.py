"""Timers of the moment that a command brings; stock SpiffWorkflow asks the machine's clock."""

from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    TimerEventDefinition,
)

from engine.processes.spiff import environment_of


class FixedTimer(TimerEventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A timer that fires once.

    The moment stands under the timer's own key, because an event with several timers and an
    event gateway keep all of them in one task; None stands there when it is over.
    """

    def has_fired(self, task: Any) -> bool:
        """Return whether the moment has come; the first call fixes it."""
        if self.is_due(task):
            task.internal_data["event_fired"] = True
        fired: bool = task.internal_data.get("event_fired", False)
        return fired

    def is_due(self, task: Any) -> bool:
        """Return whether the moment has come, without letting the event happen."""
        environment = environment_of(task)
        if self.expression not in task.internal_data:
            timer = environment.formulas.timers[self.expression]
            due = timer.due(task.data, environment.now, environment.calendar)
            task.internal_data[self.expression] = due.isoformat()
        known = task.internal_data[self.expression]
        return known is not None and datetime.fromisoformat(known) <= environment.now

    def settle(self, task: Any) -> None:
        """Note that the timer is over."""
        task.internal_data[self.expression] = None


class RepeatedTimer(CycleTimerEventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A repeated timer, `times` firings in all (-1: as often as it comes)."""

    def cycle_complete(self, task: Any) -> bool:
        """Return whether a period has just ended, and set out for the next."""
        fires = self.is_due(task)
        if fires:
            task.internal_data["event_fired"] = task.internal_data[self.expression]["cycles"] == 0
        return fires

    def is_due(self, task: Any) -> bool:
        """Return whether a period has just ended, without letting the event happen."""
        environment = environment_of(task)
        if self.expression not in task.internal_data:
            cycle = environment.formulas.timers[self.expression].cycle(task.data, environment.now)
            task.internal_data[self.expression] = {
                "cycles": cycle.times,
                "next": (environment.now + cycle.every).isoformat(),
                "duration": cycle.every.total_seconds(),
            }
        value = task.internal_data[self.expression]
        if value is None or value["cycles"] == 0:
            return False
        following = datetime.fromisoformat(value["next"])
        if following > environment.now:
            return False
        later = following + timedelta(seconds=value["duration"])
        if value["cycles"] < 0:
            # One without a count says the same each time: what was slept through is left out.
            missed = (environment.now - following) // timedelta(seconds=value["duration"])
            later += missed * timedelta(seconds=value["duration"])
        left = max(value["cycles"] - 1, -1)
        task.internal_data[self.expression] = {
            **value,
            "next": later.isoformat(),
            "cycles": left,
        }
        return True

    def settle(self, task: Any) -> None:
        """Note that the timer is over once it has no firing left."""
        value = task.internal_data.get(self.expression)
        if value is not None and value["cycles"] == 0:
            task.internal_data[self.expression] = None


def is_spent(definition: Any, task: Any) -> bool:
    """Return whether an event is a repeated timer without a firing left."""
    if not isinstance(definition, RepeatedTimer):
        return False
    spent: bool = task.internal_data[definition.expression]["cycles"] == 0
    return spent


def next_due(task: Any) -> datetime | None:
    """Return when the first timer of a waiting event is due, None for never."""
    dues = [
        datetime.fromisoformat(value["next"] if isinstance(value, dict) else value)
        for key, value in task.internal_data.items()
        if key.startswith("timer:") and value is not None
    ]
    return min(dues, default=None)
