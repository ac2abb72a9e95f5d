"""The examples of a table are looked for beside it."""

import pytest

from engine.cli.beside import examples_beside


@pytest.mark.parametrize("place", ["tables/x.dmn", "x.dmn"], ids=["in tables/", "above examples/"])
def test_examples_stand_in_the_folder_of_that_name(tmp_path, place):
    (tmp_path / "examples").mkdir()
    assert examples_beside(tmp_path / place) == tmp_path / "examples" / "x.csv"


def test_without_the_folder_there_are_none(tmp_path):
    assert examples_beside(tmp_path / "rules" / "tables" / "x.dmn") is None
