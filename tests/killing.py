"""A worker killed in the middle of its work, for the tests of what is left then."""

import os
import signal
import time

from engine.bootstrap import open_hall
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS

PATIENCE = 60
# Between two jobs of a worker, so that it is killed in the middle of its work.
BREATH = 0.05


def kill_a_worker(city, now, standing):
    """Let a process do the jobs of the hall until `standing()` is another value, then kill it."""
    known, end = standing(), time.monotonic() + PATIENCE
    child = _worker(city, now)
    while standing() == known:
        assert time.monotonic() < end, "nobody works"
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the worker gave up by itself"


def _worker(city, now):
    """Begin a process that does nothing but the jobs of the hall, until it is killed."""
    child = os.fork()
    if child == 0:
        try:
            hall = open_hall(city, now=now)
            while True:
                run_once(hall, HANDLERS)
                time.sleep(BREATH)
        finally:
            os._exit(1)
    return child
