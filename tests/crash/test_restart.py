"""Killing server and worker in the middle of the walk-through loses and doubles nothing."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from engine.bootstrap import open_hall
from engine.services import audit, cases, people
from tests.journeys.walk import complete, hand_out, open_task, receive
from tests.pages import OverTheWire, Visitor

PATIENCE = 40


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(city, port):
    """Run a real server with its worker; what the block leaves alive is killed at its end."""
    environment = os.environ | {
        "HALL_DATA": str(city.data),
        "HALL_PORT": str(port),
        "HALL_DATABASE_URL": city.database_url,
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "engine.cli.main", "serve"],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_open(port)
        yield server
    finally:
        kill(server)


def kill(server):
    """Kill server, its workers and the job worker as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def wait_until_open(port):
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def visitor(port, account):
    arrived = Visitor(OverTheWire(f"http://127.0.0.1:{port}"))
    arrived.sign_in(account)
    return arrived


@pytest.fixture
def hall_now(city):
    """The demo city at the present moment: a real server knows no frozen clock."""
    opened = open_hall(city)
    yield opened
    opened.store.dispose()


def history(hall, case_id):
    official = next(one for one in people.everybody(hall) if one.account == "chief26")
    return [line.kind for line in cases.case(hall, official, case_id).history]


def test_a_case_goes_on_from_the_same_step(city, hall_now):
    port = free_port()
    with serving(city, port) as server:
        clerk = visitor(port, "clerk06")
        case_id = receive(hall_now, clerk)
        task_id = open_task(clerk, case_id)
        clerk.get(f"/desk/tasks/{task_id}")
        kill(server)
    before = history(hall_now, case_id)
    assert (before[0], before[-1]) == ("Applied", "TaskOpened")
    assert "Accepted" in before

    with serving(city, port) as server:
        clerk = visitor(port, "clerk06")
        assert open_task(clerk, case_id) == task_id
        sending = threading.Thread(target=try_to_complete, args=(clerk, task_id))
        sending.start()
        time.sleep(0.02)
        kill(server)
        sending.join()
    acknowledged = history(hall_now, case_id)
    assert acknowledged[: len(before)] == before
    assert acknowledged.count("TaskCompleted") <= 1

    with serving(city, port):
        clerk, chief = visitor(port, "clerk06"), visitor(port, "chief26")
        if "TaskCompleted" not in acknowledged:
            complete(clerk, task_id, review_outcome="pass")
        complete(chief, open_task(chief, case_id), decision_outcome="grant")
        hand_out(visitor(port, "clerk01"), case_id)
    told = history(hall_now, case_id)
    assert told.count("TaskCompleted") == told.count("TaskOpened") == 2
    assert told.count("LicenceIssued") == told.count("HandedOut") == 1
    assert audit.verify_trail(hall_now).intact


def try_to_complete(clerk, task_id):
    """Send the form; that the line breaks is what the test is about."""
    try:
        complete(clerk, task_id, review_outcome="pass")
    except (URLError, ConnectionError, OSError):
        return
