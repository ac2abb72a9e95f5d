"""The tables of the catalogue have the columns of its files."""

import csv
from pathlib import Path

import pytest

from engine.storage.catalogue_files import COUNTS, TABLES

STOCK = Path(__file__).parents[3] / "rules" / "catalogue"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_has_the_columns_of_its_file_in_their_order(name):
    with (STOCK / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    stored = [column for column in header if column not in COUNTS.get(name, ())]
    assert [column.name for column in TABLES[name].c] == stored
