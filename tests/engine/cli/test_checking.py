"""`hall check` proves what policy staff drew, and says where it is wrong."""

import json
import re
import shutil
from pathlib import Path

import pytest

from engine.cli.main import main

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules" / "tables", folder)
    return folder


def check(capsys, *files):
    code = main(["check", *map(str, files), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_definitions_of_the_hall_are_without_errors(capsys):
    code, said = check(capsys, ROOT / "bpmn", ROOT / "rules")
    assert (code, said["errors"]) == (0, 0)
    assert {Path(file).suffix for file in said["files"]} == {".bpmn", ".form", ".dmn"}


def test_a_gap_is_told_with_a_case_and_a_missing_basis_with_its_row(rules, capsys):
    file = rules / "classification.dmn"
    text = file.read_text(encoding="utf-8")
    without = re.sub(r"<rule\b.*?</rule>", "", text, count=1, flags=re.DOTALL)
    file.write_text(
        re.sub(r"(<annotationEntry[^>]*>\s*<text>)[^<]*", r"\1", without, count=1), encoding="utf-8"
    )
    code, said = check(capsys, rules)
    assert code == 1
    found = {one["code"]: one for one in said["findings"] if one["severity"] == "error"}
    assert set(found) == {"check.gap", "check.no_basis"}
    assert found["check.gap"]["case"]
    assert len(found["check.no_basis"]["rows"]) == 1
    assert main(["check", str(rules)]) == 1
    assert "check.gap" in capsys.readouterr().out


def test_an_unknown_name_is_told_with_row_and_cell(rules, capsys):
    file = rules / "classification.dmn"
    text = file.read_text(encoding="utf-8")
    changed = re.sub(r"(<inputEntry[^>]*>\s*<text>)[^<]*", r"\1不存在的事实", text, count=1)
    file.write_text(changed, encoding="utf-8")
    code, said = check(capsys, file)
    assert code == 1
    (one,) = said["findings"]
    assert (one["rows"], one["column"]) == ([1], "1")
    assert one["code"].startswith("feel.")
    assert "不存在的事实" in one["text"]


def test_a_diagram_that_names_an_absent_form_is_refused_in_a_folder(tmp_path, capsys):
    shutil.copy(ROOT / "bpmn" / "matters" / "instant.bpmn", tmp_path)
    assert check(capsys, tmp_path)[0] == 0
    shutil.copy(ROOT / "bpmn" / "forms" / "one_review.apply.form", tmp_path)
    code, said = check(capsys, tmp_path)
    assert code == 1
    assert said["findings"][0]["code"] == "process.unknown_form"
    assert said["findings"][0]["column"]


def test_a_broken_form_is_told(tmp_path, capsys):
    (tmp_path / "a.form").write_text("{", encoding="utf-8")
    code, said = check(capsys, tmp_path / "a.form")
    assert code == 1
    assert said["findings"][0]["code"] == "form.broken"


@pytest.mark.parametrize(
    "name", ["nowhere.dmn", "readme.txt", ""], ids=["absent", "other", "empty"]
)
def test_nothing_to_check_is_an_error(tmp_path, capsys, name):
    (tmp_path / "readme.txt").write_text("", encoding="utf-8")
    assert main(["check", str(tmp_path / name)]) == 1
    assert "check.no_file" in capsys.readouterr().err
