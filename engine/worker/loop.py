"""Runs the jobs that commits have left behind, inside jobs in one transaction with their effect."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.kernel.errors import HallError, Unavailable
from engine.services.hall import Hall
from engine.storage import jobs
from engine.storage.jobs import Job
from engine.storage.unit import Unit

LOG = logging.getLogger(__name__)
IDLE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0

Inside = Callable[[Hall, Unit, Job], None]
Outside = Callable[[Hall, Job], None]


@dataclass(frozen=True)
class Handlers:
    """What a job does, by kind.

    An inside handler works in the unit it is given, which commits with the end of the job. An
    outside handler acts on the world and sends `job.key` with it, so that a repetition after a
    crash is recognised there. `begin` is called once when a worker begins its work.
    """

    inside: Mapping[str, Inside]
    outside: Mapping[str, Outside]
    begin: Callable[[Hall], None] | None = None


def run(hall: Hall, handlers: Handlers, stop: threading.Event) -> None:
    """Run jobs until `stop` is set; a database that does not answer is asked again later."""
    pause, begin = IDLE_SECONDS, handlers.begin
    while not stop.is_set():
        try:
            if begin is not None:
                begin(hall)
                begin = None
            worked = run_once(hall, handlers)
            pause = IDLE_SECONDS
        except Unavailable as error:
            LOG.warning("worker waits: %s", error.code)
            worked, pause = 0, min(pause * 2, LONGEST_PAUSE_SECONDS)
        if not worked:
            stop.wait(pause)


def run_once(hall: Hall, handlers: Handlers) -> int:
    """Run one due job of each lane and return how many there were.

    Raises Unavailable when the database does not answer; the jobs are then as they were.
    """
    return int(_run_inside(hall, handlers)) + int(_run_outside(hall, handlers))


def _run_inside(hall: Hall, handlers: Handlers) -> bool:
    with hall.unit() as unit:
        job = jobs.claim(unit)
        if job is None:
            return False
        handler = handlers.inside.get(job.kind)
        if handler is None:
            _bury_unknown(unit, job)
            return True
        try:
            with unit.savepoint():
                handler(hall, unit, job)
        except Unavailable as error:
            if error.code.startswith("storage."):
                raise
            _put_back(unit, job, error)
        except Exception as error:
            _put_back(unit, job, error)
        else:
            jobs.finish(unit, job)
    return True


def _run_outside(hall: Hall, handlers: Handlers) -> bool:
    with hall.unit() as unit:
        job = jobs.lease(unit, f"{socket.gethostname()}:{os.getpid()}")
        if job is None:
            return False
        handler = handlers.outside.get(job.kind)
        if handler is None:
            _bury_unknown(unit, job)
            return True
    try:
        handler(hall, job)
    except Exception as error:
        with hall.unit() as unit:
            _put_back(unit, job, error)
        return True
    with hall.unit() as unit:
        if not jobs.finish_leased(unit, job):
            LOG.warning("job %s %s: the lease ran out before it was done", job.id, job.kind)
    return True


def _bury_unknown(unit: Unit, job: Job) -> None:
    LOG.error("job %s: nobody knows the kind %s", job.id, job.kind)
    jobs.bury(unit, job, "job.unknown_kind")


def _put_back(unit: Unit, job: Job, error: Exception) -> None:
    # Codes and class names only: the text of an error may quote what an applicant wrote.
    said = error.code if isinstance(error, HallError) else type(error).__name__
    if jobs.retry(unit, job, said):
        LOG.warning("job %s %s failed and is put back: %s", job.id, job.kind, said)
    else:
        LOG.error("job %s %s failed for good: %s", job.id, job.kind, said)
