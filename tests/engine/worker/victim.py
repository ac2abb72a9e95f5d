"""A worker that is killed amid its jobs: python -m tests.engine.worker.victim URL WORLD."""

import sqlite3
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from engine.domain.events.people import SignedIn
from engine.kernel.crypto import Vault
from engine.kernel.ids import timed_ids
from engine.kernel.now import system_now
from engine.services.hall import Hall
from engine.storage import jobs
from engine.storage.blobs import Blobs
from engine.storage.serials import next_serial
from engine.storage.unit import Store
from engine.worker.loop import Handlers, run

INSIDE, OUTSIDE = "test.inside", "test.outside"
SHORT_LEASE = timedelta(seconds=1)
# A folder is made when the first file comes, and none comes here.
NO_FILES = Path("no-files")


def hall_of(url: str) -> Hall:
    """Return a hall over a database, without catalogue and people."""
    return Hall(
        store=Store(url),
        now=system_now,
        ids=timed_ids(system_now),
        vault=Vault({"k1": b"0" * 32}, "k1"),
        blobs=Blobs(NO_FILES),
    )


def handlers(world: str) -> Handlers:
    """Return handlers that note each job's effect: inside in a serial, outside in a file."""
    outer = sqlite3.connect(world, timeout=30, isolation_level=None)

    def inside(_hall, unit, job):
        next_serial(unit, job.key)
        unit.record(SignedIn(account=job.key))
        time.sleep(0.002)

    def outside(_hall, job):
        outer.execute("INSERT INTO asked VALUES (?)", (job.key,))
        outer.execute("INSERT OR IGNORE INTO sent VALUES (?)", (job.key,))
        time.sleep(0.002)

    return Handlers({INSIDE: inside}, {OUTSIDE: outside})


if __name__ == "__main__":
    jobs.LEASE = SHORT_LEASE
    run(hall_of(sys.argv[1]), handlers(sys.argv[2]), threading.Event())
