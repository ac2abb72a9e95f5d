"""Decisions are measured on equal answers, and a given table answers every case."""

import json
from pathlib import Path

import pytest

from engine.cli.main import main

TABLE = Path(__file__).resolve().parents[3] / "rules" / "tables" / "classification.dmn"
NONE = dict.fromkeys(["现场勘查", "听证", "检验检测", "专家评审", "数量限制"], False)
CASES = [
    {"id": 1, "input": {"法定天数": 20, "涉及单位数": 1, "仅形式审查": True, **NONE}},
    {"id": "二", "input": {"法定天数": 20.5, "涉及单位数": None}},
    {"id": 3, "input": {}},
]


@pytest.fixture
def given(tmp_path):
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(json.dumps(case) for case in CASES) + "\n\n", encoding="utf-8")
    return ["--dmn", str(TABLE), "--cases", str(cases), "--results", str(tmp_path / "out.jsonl")]


@pytest.mark.parametrize("live", [[], ["--live"]], ids=["reference", "live"])
def test_every_case_of_a_given_table_is_answered_once_then_measured(given, live, tmp_path, capsys):
    assert main(["bench", "decision", *given, *live, "--seconds", "0.05", "--json"]) == 0
    results = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [one["id"] for one in results] == [1, "二", 3]
    assert results[0]["result"]
    assert all(isinstance(row, str) for one in results for row in one["result"])
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(figures) == {"name", "evals", "cpu_s", "wall_s", "load_s"}
    assert figures["name"] == ("durable-rules" if live else "index")
    assert figures["evals"] >= 3
    assert figures["load_s"] > 0


def test_made_tables_are_measured_beside_other_engines(capsys):
    assert main(["bench", "decision", "--rows", "3,20", "--seconds", "0.02", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = [line["name"] for line in lines if line["rows"] == 20]
    assert names[:4] == ["index", "live, classes repeat", "live, all distinct", "closures"]
    assert names[-1] == "SpiffWorkflow DMN"
    assert all(line["evals"] > 0 for line in lines)


def test_a_peer_that_answers_otherwise_voids_the_comparison(monkeypatch, capsys):
    monkeypatch.setattr("engine.cli.deciding._closures", lambda table: lambda facts: ["r?"])
    assert main(["bench", "decision", "--rows", "3", "--seconds", "0.01"]) == 1
    assert "bench.differs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "code"),
    [
        pytest.param(["--rows", "10,x"], "bench.rows", id="no number"),
        pytest.param(["--rows", "0"], "bench.rows", id="no rows"),
        pytest.param(["--dmn", str(TABLE)], "bench.no_cases", id="no cases"),
        pytest.param(
            ["--dmn", "no.dmn", "--cases", "c", "--results", "r"],
            "definition.no_file",
            id="no file",
        ),
    ],
)
def test_a_wrong_call_is_named(call, code, capsys):
    assert main(["bench", "decision", *call]) == 1
    assert code in capsys.readouterr().err


@pytest.mark.parametrize("line", ["{", '{"id": 1}', '{"id": 1, "input": {"法定天数": NaN}}', "[]"])
def test_a_broken_case_is_named_by_its_line(given, line, capsys):
    path = Path(given[3])
    path.write_text(json.dumps(CASES[0]) + "\n" + line, encoding="utf-8")
    assert main(["bench", "decision", *given]) == 1
    assert "bench.case" in capsys.readouterr().err
