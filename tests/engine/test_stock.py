"""The files of bpmn/ and rules/."""

import pytest

from engine.kernel.errors import Invalid
from engine.stock import read_catalogue, read_definitions


def test_the_stock_has_every_file_of_the_catalogue():
    assert set(read_catalogue()) >= {
        "matters",
        "materials",
        "units",
        "windows",
        "zones",
        "calendar",
    }


def test_the_stock_has_processes_forms_and_tables():
    definitions = read_definitions()
    assert set(definitions.processes) >= {"instant", "one_review", "commitment", "parallel"}
    assert set(definitions.processes) >= {"hearing", "special_procedure", "survey"}
    assert set(definitions.tables) == {
        "acceptance",
        "assessment",
        "authority",
        "classification",
        "escalation",
        "four_eyes",
        "joining",
        "materials",
        "participants",
        "priority",
        "routing",
        "special_law",
        "special_procedure",
        "supervision",
    }
    assert "one_review.approve" in definitions.forms


def test_a_row_with_too_many_columns_is_named(monkeypatch, tmp_path):
    (tmp_path / "rules/catalogue").mkdir(parents=True)
    (tmp_path / "rules/catalogue/zones.csv").write_text(
        "no,name\n1,甲\n2,乙,丙\n", encoding="utf-8"
    )
    monkeypatch.setenv("HALL_HOME", str(tmp_path))
    with pytest.raises(Invalid) as refused:
        read_catalogue()
    assert refused.value.params == {"file": "zones.csv", "line": 3}
