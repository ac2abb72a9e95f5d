"""The command hall as people call it."""

import pytest

from engine.cli.main import main


def test_an_error_is_a_sentence_with_its_code(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("HALL_DATA", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert main(["verify-trail"]) == 1
    said = capsys.readouterr().err
    assert "hall init" in said
    assert "hall.not_set_up" in said


@pytest.mark.parametrize(
    "call", [[], ["dance"], ["decide"]], ids=["nothing", "unknown", "no table"]
)
def test_a_wrong_call_shows_how_to_call_it(call, capsys):
    with pytest.raises(SystemExit) as ended:
        main(call)
    assert ended.value.code == 2
    assert "usage: hall" in capsys.readouterr().err
