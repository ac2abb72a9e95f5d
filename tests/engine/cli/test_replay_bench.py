"""`hall bench replay` decides what it says, on as many cores as it says."""

import json

import pytest

from engine.cli.main import main
from engine.paths import stock_dir


@pytest.mark.parametrize("cores", ["1", "2"])
def test_made_decisions_are_decided_again(capsys, cores):
    assert main(["bench", "replay", "--decisions", "300", "--cores", cores, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["table"], told["decisions"], told["cores"]) == ("authority", 300, int(cores))
    assert told["seconds"] > 0


def test_any_table_may_be_given(capsys):
    table = str(stock_dir("rules") / "tables" / "classification.dmn")
    assert main(["bench", "replay", "--table", table, "--decisions", "20", "--cores", "1"]) == 0
    assert "table classification" in capsys.readouterr().out


def test_nothing_is_not_measured(capsys):
    assert main(["bench", "replay", "--decisions", "0"]) == 1
    assert "bench.replay" in capsys.readouterr().err
