"""The measure of a change of the calendar moves every clock."""

import json

from engine.cli.main import main


def test_every_clock_moves(capsys):
    assert main(["bench", "calendar", "--clocks", "20", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["clocks"], figures["moved"], figures["jobs"]) == (20, 20, 1)
    assert figures["wall_s"] > 0


def test_no_clock_is_no_measure(capsys):
    assert main(["bench", "calendar", "--clocks", "1"]) == 1
    assert "bench.calendar" in capsys.readouterr().err
