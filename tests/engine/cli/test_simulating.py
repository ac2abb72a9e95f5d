"""A year of the hall from a terminal."""

import json

import pytest

from engine.cli.main import main


def test_a_small_year_is_played_and_told_as_figures(tmp_path, capsys):
    data = tmp_path / "year"
    assert main(["simulate", "--cases", "6", "--seed", "3", "--data", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["applied"] == told["accepted"] == 6
    assert told["decided"] + told["withdrawn"] == 6
    assert (data / "hall.sqlite").exists()


def test_a_folder_with_a_hall_is_not_written_over(city, capsys):
    assert main(["simulate", "--cases", "1", "--data", str(city.data)]) == 1
    assert "simulate.not_empty" in capsys.readouterr().err


@pytest.mark.parametrize("cases", ["0", "-3"])
def test_a_year_has_cases(cases, capsys):
    assert main(["simulate", "--cases", cases]) == 1
    assert "simulate.cases" in capsys.readouterr().err
