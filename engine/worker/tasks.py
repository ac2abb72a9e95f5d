"""What each kind of job does."""

import logging
from collections.abc import Mapping

from engine.processes.run import Thrown
from engine.services import children, exchange, timers, warnings
from engine.services.hall import Hall
from engine.storage.jobs import Job
from engine.storage.unit import Unit
from engine.worker.loop import Handlers

LOG = logging.getLogger(__name__)


def look_around(hall: Hall, unit: Unit, job: Job) -> None:
    """Find what presses this morning, and plan the next one."""
    warnings.morning(hall, unit)


def watch_case(hall: Hall, unit: Unit, job: Job) -> None:
    """Ask the tables of escalation and supervision about a case."""
    warnings.watch(hall, unit, str(job.payload["case_id"]))


def wake_case(hall: Hall, unit: Unit, job: Job) -> None:
    """Let the timers of a process fire that are due."""
    timers.wake_case(hall, unit, str(job.payload["case_id"]))


def tell_cases(hall: Hall, unit: Unit, job: Job) -> None:
    """Find who hears a message or signal that a case threw."""
    exchange.tell(hall, unit, job.key, str(job.payload["case_id"]), _thrown(job))


def hear_case(hall: Hall, unit: Unit, job: Job) -> None:
    """Bring a message or signal to a case that waited for it."""
    said = job.payload
    exchange.hear(hall, unit, job.key, str(said["case_id"]), str(said["sender"]), _thrown(job))


def end_children(hall: Hall, unit: Unit, job: Job) -> None:
    """Let the open children of a case end that has ended."""
    children.end_all(hall, unit, str(job.payload["case_id"]))


def end_child(hall: Hall, unit: Unit, job: Job) -> None:
    """End one child case that its parent needs no longer."""
    children.end(hall, unit, str(job.payload["case_id"]))


def _thrown(job: Job) -> Thrown:
    said = job.payload
    data = said["data"]
    return Thrown(
        kind=str(said["kind"]),
        name=str(said["name"]),
        element=str(said["element"]),
        data=data if isinstance(data, Mapping) else {},
    )


def log_notice(hall: Hall, job: Job) -> None:
    """Send a notice by the channel that every hall has, its log; ids only, never a name."""
    LOG.info("notice %s of case %s", job.key, job.case_id or job.payload.get("case_id"))


HANDLERS = Handlers(
    inside={
        "clock.morning": look_around,
        "clock.watch": watch_case,
        "case.wake": wake_case,
        "case.tell": tell_cases,
        "case.hear": hear_case,
        "case.end_children": end_children,
        "case.end_child": end_child,
    },
    outside={"notice.send": log_notice},
    begin=warnings.keep_watch,
)
