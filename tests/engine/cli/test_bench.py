"""The measure measures."""

import json

from engine.cli.main import main


def test_the_last_line_holds_the_figures(tmp_path, capsys):
    call = ["bench", "process", "--process", "instant", "--seconds", "0.5", "--json"]
    assert main([*call, "--db", str(tmp_path / "bench.sqlite")]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(figures) == {"name", "cases", "steps", "cpu_s", "wall_s", "db"}
    assert figures["name"] == "instant"
    assert figures["steps"] == 2 * figures["cases"] > 0
    assert figures["cpu_s"] > 0


def test_a_process_that_no_matter_uses_is_named(capsys):
    assert main(["bench", "process", "--process", "nowhere", "--seconds", "0"]) == 1
    assert "bench.no_matter" in capsys.readouterr().err


def test_without_a_process_all_are_measured_beside_peers_and_the_raw_limit(capsys):
    call = ["bench", "process", "--seconds", "0.2", "--loop", "120", "--waiting", "100", "--json"]
    assert main(call) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["name"] for line in lines] == [
        "instant",
        "one_review",
        "commitment",
        "SpiffWorkflow: commitment",
        "SpiffWorkflow, timers: commitment",
        "raw limit",
        "loop",
        "sweep",
    ]
    assert all(line["steps"] == 4 * line["cases"] > 0 for line in lines[3:5])
    assert lines[-2]["steps"] == 120
    assert lines[-2]["first_ms"] > 0 < lines[-2]["last_ms"]
    assert (lines[-1]["waiting"], lines[-1]["due"], lines[-1]["touched"]) == (100, 1, 1)


def test_sizes_that_say_nothing_are_refused(capsys):
    assert main(["bench", "process", "--loop", "10"]) == 1
    assert "bench.sizes" in capsys.readouterr().err
