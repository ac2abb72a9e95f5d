"""Files of the catalogue are read whole or refused with file, row and column."""

import csv
from pathlib import Path

import pytest

from engine.kernel.errors import Conflict, Invalid
from engine.storage import catalogue
from engine.storage.catalogue_files import TABLES
from tests.engine.storage.samples import EVENT, FILES, add_official, case_of, load, put

STOCK = Path(__file__).parents[3] / "rules" / "catalogue"


def replace_files(office, files):
    with office.unit() as unit:
        catalogue.replace(unit, files)
        unit.record(EVENT)


def with_cell(file, row, column, value):
    """Return the files with one cell changed; None takes it away."""
    rows = [dict(one) for one in FILES[file]]
    if value is None:
        del rows[row][column]
    else:
        rows[row][column] = value
    return FILES | {file: rows}


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "code"),
    [
        ("zones", 0, "floor", "一", "catalogue.value"),
        ("zones", 0, "floor", "-1", "catalogue.value"),
        ("zones", 0, "floor", "1_0", "catalogue.value"),
        ("zones", 0, "floor", "１", "catalogue.value"),
        ("zones", 0, "floor", str(2**31), "catalogue.value"),
        ("zones", 0, "name", "  ", "catalogue.value"),
        ("zones", 0, "name", None, "catalogue.column_missing"),
        ("zones", 0, "colour", "red", "catalogue.column_unknown"),
        ("matters", 1, "survey", "yes", "catalogue.value"),
        ("matters", 1, "applicant_kinds", "person;;enterprise", "catalogue.value"),
        ("matters", 1, "unit_no", "99", "catalogue.reference"),
        ("matters", 1, "matter_type", "slow", "catalogue.reference"),
        ("matters", 1, "no", "1", "catalogue.repeated"),
        ("windows", 2, "unit_no", "99", "catalogue.reference"),
        ("materials", 0, "of", "3", "catalogue.reference"),
        ("joint_procedures", 0, "unit_nos", "26;99", "catalogue.reference"),
        ("joint_procedures", 0, "unit_nos", "26;27;26", "catalogue.unit_twice"),
        ("joint_procedures", 0, "unit_nos", "27", "catalogue.lead_missing"),
        ("joint_procedures", 0, "silence_consents", "maybe", "catalogue.value"),
        ("baselines", 0, "matter_no", "99", "catalogue.reference"),
        ("calendar", 0, "day", "2015-02-30", "catalogue.value"),
    ],
)
def test_a_bad_cell_is_refused_and_nothing_changes(office, file, row, column, value, code):
    load(office)
    with pytest.raises(Invalid) as refused:
        replace_files(office, with_cell(file, row, column, value))
    error = refused.value
    assert (error.code, error.params["file"], error.params["row"]) == (code, file, row + 2)
    with office.reading() as unit:
        assert catalogue.counts(unit)["matters"] == 2


def test_an_unknown_file_is_refused(office):
    with pytest.raises(Invalid) as refused:
        replace_files(office, {"secrets": []})
    assert refused.value.code == "catalogue.file_unknown"


def test_new_rows_take_the_place_of_the_old_ones(office):
    load(office)
    matters = [dict(FILES["matters"][0], name="换了名字"), *FILES["matters"][1:]]
    replace_files(office, {"matters": matters})
    with office.reading() as unit:
        assert catalogue.matter(unit, 1).name == "换了名字"
        assert catalogue.counts(unit)["windows"] == 3


def test_a_file_alone_is_checked_against_the_rows_in_the_database(office):
    load(office)
    with pytest.raises(Invalid) as refused:
        replace_files(office, {"units": FILES["units"][:1]})
    assert refused.value.code == "catalogue.reference"
    assert refused.value.params["value"] == 27


def test_what_cases_speak_of_cannot_be_left_out(office):
    load(office)
    with office.unit() as unit:
        put(unit, case_of(office, matter_no=2))
    with pytest.raises(Conflict) as refused:
        replace_files(
            office, {"matters": FILES["matters"][:1], "joint_procedures": [], "baselines": []}
        )
    assert refused.value.code == "catalogue.in_use"
    assert refused.value.params == {"file": "matters", "value": 2}


def test_what_people_hold_cannot_be_left_out(office):
    load(office)
    add_official(office, post="chief", window_no=8)
    with pytest.raises(Conflict) as refused:
        replace_files(office, {"windows": FILES["windows"][:2]})
    assert refused.value.params == {"file": "windows", "value": 8}
    with pytest.raises(Conflict) as refused:
        replace_files(office, {"roles": FILES["roles"][:1]})
    assert refused.value.params == {"file": "roles", "value": "chief"}


def test_the_rows_of_every_table_are_those_of_a_file():
    assert set(TABLES) == {path.stem for path in STOCK.glob("*.csv")}


def test_the_catalogue_of_the_demo_city_loads(office):
    files = {}
    for path in STOCK.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            files[path.stem] = list(csv.DictReader(file))
    replace_files(office, files)
    with office.reading() as unit:
        counts = catalogue.counts(unit)
    assert (counts["matters"], counts["units"], counts["windows"], counts["zones"]) == (
        494,
        50,
        258,
        6,
    )
