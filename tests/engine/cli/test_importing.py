import json

import pytest

from engine.cli.main import main
from engine.processes.definition import read_definition
from tests.engine.processes.importing.samples import FILES, chained, text

READY = chained(
    '<userTask id="n1" name="审批" camunda:candidateGroups="首席代表" camunda:formKey="p.n1"/>'
)


@pytest.fixture
def foreign(tmp_path):
    path = tmp_path / "foreign.bpmn"
    path.write_text(text(READY), encoding="utf-8")
    return path


def test_import_writes_a_diagram_that_loads(foreign, tmp_path, capsys):
    out = tmp_path / "ours.bpmn"
    assert main(["import", str(foreign), "--out", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ready"] is True
    assert said["out"] == str(out)
    assert read_definition(out.read_bytes()).tasks["n1"].roles == ("chief",)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_import_counts_and_tells_every_entry(path, capsys):
    assert main(["import", str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert sum(said["counts"].values()) == len(said["entries"])
    for entry in said["entries"]:
        assert {"element", "name", "what", "from", "to", "kind", "code", "params"} <= set(entry)
        assert entry["text"] != entry["code"], entry
        assert "%(" not in entry["text"], entry


def test_import_prints_one_line_for_each_entry(foreign, capsys):
    assert main(["import", str(foreign)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("chief" in line and "n1" in line for line in lines)
    assert str(foreign) in lines[-1]


def test_import_never_writes_over_the_source(foreign, capsys):
    before = foreign.read_bytes()
    assert main(["import", str(foreign), "--out", str(foreign)]) == 1
    assert "import.same_file" in capsys.readouterr().err
    assert foreign.read_bytes() == before


@pytest.mark.parametrize(
    ("source", "code"),
    [(b"<a/>", "process.not_bpmn"), (b"\xff\xfe<", "import.encoding"), (b"", "process.broken")],
)
def test_what_is_no_diagram_is_refused_and_nothing_is_written(tmp_path, capsys, source, code):
    path, out = tmp_path / "x.bpmn", tmp_path / "y.bpmn"
    path.write_bytes(source)
    assert main(["import", str(path), "--out", str(out)]) == 1
    assert code in capsys.readouterr().err
    assert not out.exists()


def test_a_file_that_is_not_there_is_missing(tmp_path, capsys):
    assert main(["import", str(tmp_path / "no.bpmn")]) == 1
    assert "definition.no_file" in capsys.readouterr().err
