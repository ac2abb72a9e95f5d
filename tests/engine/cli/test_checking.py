"""`hall check` proves what policy staff drew, and says where it is wrong."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.cli.main import main
from tests.engine.processes.drawing import chain, document, end, flow, gateway, start, steps

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


FOURTH = """
    <bpmn:userTask id="again" name="再审">
      <bpmn:extensionElements>
        <hall:step days="2" role="head" power="decide" form="commitment.decide" />
      </bpmn:extensionElements>
      <bpmn:incoming>decide_to_outcome</bpmn:incoming>
      <bpmn:outgoing>again_to_outcome</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="again_to_outcome" sourceRef="again" targetRef="outcome" />
    <bpmn:exclusiveGateway id="outcome" """


@pytest.fixture
def diagram(tmp_path):
    """A diagram with a fourth step, beside the catalogue whose matters allow three."""
    shutil.copytree(ROOT / "bpmn" / "forms", tmp_path / "bpmn" / "forms")
    shutil.copytree(ROOT / "rules" / "catalogue", tmp_path / "rules" / "catalogue")
    text = (ROOT / "bpmn" / "matters" / "commitment.bpmn").read_text(encoding="utf-8")
    text = text.replace('\n    <bpmn:exclusiveGateway id="outcome" ', FOURTH)
    text = text.replace(
        "<bpmn:incoming>decide_to_outcome</bpmn:incoming>\n      <bpmn:outgoing>to_granted",
        "<bpmn:incoming>again_to_outcome</bpmn:incoming>\n      <bpmn:outgoing>to_granted",
    )
    text = text.replace(
        'sourceRef="decide" targetRef="outcome"', 'sourceRef="decide" targetRef="again"'
    )
    file = tmp_path / "bpmn" / "commitment.bpmn"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_fourth_step_is_told_with_the_way_that_is_too_long(diagram, capsys, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(diagram.parent / "none"))
    code, said = check(capsys, diagram.parent)
    assert code == 1
    found = {one["code"]: one for one in said["findings"]}
    assert set(found) == {"process.too_many_steps", "process.too_many_days"}
    steps = [name for name in found["process.too_many_steps"]["path"] if "_to_" not in name]
    assert steps[:5] == ["apply", "review", "examine", "decide", "again"]
    assert "4" in found["process.too_many_steps"]["text"]
    assert main(["check", str(diagram.parent)]) == 1
    assert "apply → apply_to_review → review" in capsys.readouterr().out


def test_without_a_catalogue_and_a_hall_nothing_is_promised(diagram, capsys, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(diagram.parent / "none"))
    shutil.rmtree(diagram.parents[1] / "rules")
    assert check(capsys, diagram.parent)[1]["errors"] == 0


def test_without_a_catalogue_beside_it_the_hall_tells_what_is_promised(
    diagram, capsys, monkeypatch, hall
):
    shutil.rmtree(diagram.parents[1] / "rules")
    monkeypatch.setattr("engine.cli.checking.read_settings", lambda: _Settings(diagram.parent))
    (diagram.parent / "hall.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr("engine.cli.checking.open_hall", lambda _: hall)
    found = {one["code"] for one in check(capsys, diagram.parent)[1]["findings"]}
    assert found == {"process.too_many_steps", "process.too_many_days"}


@dataclass(frozen=True)
class _Settings:
    data: Path


def test_a_catalogue_that_cannot_be_read_is_told(diagram, capsys):
    file = diagram.parents[1] / "rules" / "catalogue" / "matter_types.csv"
    file.write_text("code,process\na,b\n", encoding="utf-8")
    assert main(["check", str(diagram)]) != 0
    assert "rules/catalogue" in capsys.readouterr().err


def test_a_diagram_that_gets_stuck_is_told_with_the_path_into_it(tmp_path, capsys):
    body = start() + gateway("exclusive", "g") + steps("a", "b") + gateway("parallel", "j") + end()
    body += chain("s", "g") + flow("g", "a", "amount > 1") + flow("g", "b", "amount <= 1")
    file = tmp_path / "stuck.bpmn"
    file.write_bytes(document(body + chain("a", "j", "e") + chain("b", "j")))
    code, said = check(capsys, file)
    assert code == 1
    (one,) = said["findings"]
    assert (one["code"], one["column"]) == ("process.deadlock", "j")
    assert one["path"] == ["s", "f_s_g", "g", "f_g_a", "a", "f_a_j"]
    assert main(["check", str(file)]) == 1
    assert "s → f_s_g → g → f_g_a → a → f_a_j" in capsys.readouterr().out


def test_a_matter_may_call_a_part_of_the_folder_beside_it(tmp_path, capsys):
    for folder in ("matters", "parts"):
        (tmp_path / folder).mkdir()
    matter = tmp_path / "matters" / "parallel.bpmn"
    shutil.copy(ROOT / "bpmn" / "matters" / "parallel.bpmn", matter)
    code, said = check(capsys, matter)
    assert (code, said["findings"][0]["code"]) == (1, "process.unknown_process")
    shutil.copy(ROOT / "bpmn" / "parts" / "opinion.bpmn", tmp_path / "parts")
    assert check(capsys, matter)[0] == 0
