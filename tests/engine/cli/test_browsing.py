"""The measure over HTTP serves a real hall, reads its pages and completes its tasks."""

import json

from engine.cli.main import main


def test_pages_are_read_and_tasks_completed_and_the_next_read_knows(capsys):
    call = ["bench", "http", "--tasks", "8", "--clients", "2", "--seconds", "2", "--json"]
    assert main(call) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["tasks"], figures["clients"]) == (8, 2)
    assert figures["inbox_requests"] > 0 < figures["task_requests"]
    assert figures["complete_requests"] == 8
    assert figures["looked_up"] == 2
    assert figures["stale_reads"] == 0


def test_fewer_tasks_than_officials_are_no_measure(capsys):
    assert main(["bench", "http", "--tasks", "1", "--clients", "2"]) == 1
    assert "bench.http" in capsys.readouterr().err
