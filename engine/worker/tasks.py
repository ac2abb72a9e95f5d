"""What each kind of job does."""

import logging

from engine.services import clocks, timers
from engine.services.hall import Hall
from engine.storage.jobs import Job
from engine.storage.unit import Unit
from engine.worker.loop import Handlers

LOG = logging.getLogger(__name__)


def watch_clock(hall: Hall, unit: Unit, job: Job) -> None:
    """Ask the escalation table about the case and plan the next look."""
    clocks.watch(hall, unit, str(job.payload["case_id"]))


def wake_case(hall: Hall, unit: Unit, job: Job) -> None:
    """Let the timers of a process fire that are due."""
    timers.wake_case(hall, unit, str(job.payload["case_id"]))


def log_notice(hall: Hall, job: Job) -> None:
    """Send a notice by the channel that every hall has, its log; ids only, never a name."""
    LOG.info("notice %s of case %s", job.key, job.case_id or job.payload.get("case_id"))


HANDLERS = Handlers(
    inside={"clock.watch": watch_clock, "case.wake": wake_case},
    outside={"notice.send": log_notice},
)
