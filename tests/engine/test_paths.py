"""The data folders are found."""

from pathlib import Path

from engine.paths import stock_dir


def test_a_checkout_finds_its_own_folders(monkeypatch):
    monkeypatch.delenv("HALL_HOME", raising=False)
    assert stock_dir("rules") == Path(__file__).parents[2] / "rules"


def test_a_hall_with_its_own_rules_uses_them(monkeypatch, tmp_path):
    (tmp_path / "rules").mkdir()
    monkeypatch.setenv("HALL_HOME", str(tmp_path))
    assert stock_dir("rules") == tmp_path / "rules"
    assert stock_dir("bpmn") == Path(__file__).parents[2] / "bpmn"
