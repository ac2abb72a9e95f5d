"""Opening the hall's doors; the crash test runs the whole server."""

import signal
import socket
import subprocess
import sys

import pytest

from engine.cli.main import main


def test_a_hall_that_was_never_made_is_not_served(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("HALL_DATA", str(tmp_path))
    assert main(["serve"]) == 1
    assert "hall.not_set_up" in capsys.readouterr().err


def test_a_taken_port_is_said_before_anything_starts(city, monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("HALL_DATA", str(city.data))
        monkeypatch.setenv("HALL_PORT", str(taken.getsockname()[1]))
        assert main(["serve"]) == 1
    assert "serve.port_taken" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_when_it_is_asked_to(city, monkeypatch, number):
    monkeypatch.setenv("HALL_DATA", str(city.data))
    call = [sys.executable, "-m", "engine.cli.main", "work"]
    worker = subprocess.Popen(call, stdout=subprocess.PIPE)  # noqa: S603  # our own words
    assert worker.stdout.readline(), "it says that it works"
    worker.send_signal(number)
    assert worker.wait(timeout=20) == 0
    worker.stdout.close()


def test_the_worker_ends_with_its_parent(city, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(city.data))
    call = [sys.executable, "-m", "engine.cli.main", "work", "--parent", "1"]
    orphan = subprocess.Popen(call)  # noqa: S603  # our own words
    assert orphan.wait(timeout=20) == 0
