"""`hall bench soundness` proves made shapes and drawn files, and says how long it took."""

import json
from pathlib import Path

from engine.cli.main import main
from tests.engine.processes.drawing import chain, document, end, gateway, start, steps

COMMITMENT = Path(__file__).parents[3] / "bpmn" / "matters" / "commitment.bpmn"


def bench(capsys, *asked):
    assert main(["bench", "soundness", "--times", "2", "--json", *map(str, asked)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_made_shapes_are_sound_and_quick(capsys):
    told = bench(capsys)
    assert [one["elements"] for one in told] == [322, 22, 18]
    assert all(one["codes"] == [] and 0 < one["ms"] < 1000 for one in told)


def test_a_drawn_file_is_proved_with_its_faults(capsys, tmp_path):
    body = start() + gateway("parallel", "g") + steps("a", "b") + gateway("exclusive", "j") + end()
    file = tmp_path / "twice.bpmn"
    file.write_bytes(document(body + chain("s", "g", "a", "j", "e") + chain("g", "b", "j")))
    first, second = bench(capsys, COMMITMENT, file)
    assert (first["name"], first["codes"]) == (str(COMMITMENT), [])
    assert second["codes"] == ["process.second_token"]
    assert main(["bench", "soundness", "--times", "1", str(file)]) == 0
    assert "process.second_token" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    assert main(["bench", "soundness", str(tmp_path / "none.bpmn")]) != 0
    assert "none.bpmn" in capsys.readouterr().err
