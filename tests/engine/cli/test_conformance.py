"""`hall conform dmn` prints what the kit says, honestly."""

import json
import shutil

import pytest

from engine.cli.main import main
from tests.kits import DMN, needs_dmn

NAME = "0004-simpletable-U"


@pytest.fixture
def part(tmp_path):
    shutil.copytree(DMN / "compliance-level-2" / NAME, tmp_path / "compliance-level-2" / NAME)
    return tmp_path


def run(capsys, path):
    assert main(["conform", "dmn", str(path), "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@needs_dmn
def test_one_object_is_printed_for_each_level(part, capsys):
    (level,) = run(capsys, part)
    assert level["level"] == 2
    assert level["passed"] == level["total"] > 0
    assert level["non_null_passed"] == level["non_null_total"] > 0
    assert level["failures"] == []


@needs_dmn
def test_an_altered_kit_fails_where_it_was_altered(part, capsys):
    file = next(part.rglob("*.xml"))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(">Approved<", ">Approvd<", 1), encoding="utf-8")
    (level,) = run(capsys, part)
    assert level["passed"] == level["total"] - 1
    (failure,) = level["failures"]
    assert failure["case"].startswith(f"2/{NAME}/")
    assert (failure["expected"], failure["actual"]) == ('"Approvd"', '"Approved"')
    assert main(["conform", "dmn", str(part)]) == 0
    assert '"Approvd" ≠ "Approved"' in capsys.readouterr().out


def test_an_absent_kit_is_said(tmp_path, capsys):
    assert main(["conform", "dmn", str(tmp_path / "nowhere")]) == 1
    assert "conform.no_kit" in capsys.readouterr().err
    assert main(["conform", "dmn", str(tmp_path)]) == 1
    assert "conform.no_cases" in capsys.readouterr().err
