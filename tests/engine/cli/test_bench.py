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


def test_without_a_process_all_are_measured_beside_the_raw_limit(capsys):
    assert main(["bench", "process", "--seconds", "0.2", "--json"]) == 0
    names = [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()]
    assert names == ["instant", "one_review", "commitment", "raw limit"]
