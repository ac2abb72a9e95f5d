"""Every table of the hall: no gap, every row with its law, every example right, both ways agree."""

import csv
from pathlib import Path

import pytest

from engine.decisions.check import Severity, check
from engine.decisions.decide import decide, explain, read_table
from engine.decisions.examples import read_examples, try_examples
from engine.kernel.errors import HallError

RULES = Path(__file__).resolve().parents[2] / "rules"
TABLES = sorted((RULES / "tables").glob("*.dmn"))


@pytest.fixture(params=TABLES, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def table(path):
    """Read and prove the table: closures, index and durable-rules agree on the boundary cases."""
    return read_table(path.read_bytes())


@pytest.fixture
def examples(path, table):
    return read_examples((RULES / "examples" / f"{path.stem}.csv").read_bytes(), table)


def test_the_walk_found_tables():
    assert {path.stem for path in TABLES} >= {"classification", "authority", "escalation"}


def test_a_table_is_named_like_its_file_and_its_rows_like_the_table(path, table):
    assert table.id == path.stem
    names = [rule.id for rule in table.draft.source.rules]
    assert all(name.startswith(f"{table.id}-") for name in names)
    assert len(set(names)) == len(names)


def test_no_case_is_without_a_row_and_every_row_can_decide_by_law(table):
    findings = check(table.draft)
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []


def test_both_ways_of_matching_are_asked(table):
    assert table.alone is None


def test_every_example_is_answered_as_written_and_every_row_has_one(table, examples):
    tried = try_examples(table, examples)
    wrong = [(one.example.line, one.example.note, one.found) for one in tried.differences]
    assert wrong == []
    assert tried.uncovered == ()


def test_both_ways_agree_on_every_example(table, examples):
    for example in examples:
        if example.error:
            with pytest.raises(HallError):
                decide(table, example.facts)
        else:
            assert decide(table, example.facts) == explain(table, example.facts)


def test_the_files_open_in_a_spreadsheet(path):
    source = (RULES / "examples" / f"{path.stem}.csv").read_bytes()
    assert source.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Chinese"


SPECIAL = ("survey", "hearing", "testing", "expert_review")


@pytest.mark.parametrize("procedure", SPECIAL)
def test_a_matter_with_a_special_procedure_is_never_done_on_the_spot(procedure):
    """M-CLASS-1: the answer names the row and the input."""
    table = read_table((RULES / "tables" / "classification.dmn").read_bytes())
    facts = {"units_involved": 1, "statutory_days": 1}
    facts |= {"quantity_limit": False, "formal_review": True}
    facts |= {name: name == procedure for name in SPECIAL}
    decision = explain(table, facts)
    assert decision.outcome["matter_type"] != "instant"
    assert decision.rows
    instant = next(row for row in decision.trace if row.row == "classification-7")
    assert [cell.value for cell in instant.failed] == [True]


@pytest.mark.parametrize(
    ("left", "level"),
    [(2, "none"), (1, "reminder"), (0, "reminder"), (-1, "yellow"), (-3, "yellow"), (-4, "red")],
)
def test_the_level_grows_with_the_days_over_the_promise(left, level):
    """M-SUP-1 and M-SUP-2."""
    table = read_table((RULES / "tables" / "escalation.dmn").read_bytes())
    facts = {"suspended": False, "promised_left": left, "statutory_left": left + 10}
    assert explain(table, facts).outcome["level"] == level


@pytest.mark.parametrize("post", ["clerk", "reviewer", "chief", "stand_in", "head"])
@pytest.mark.parametrize("power", ["decide", "accept_review", "joint"])
def test_nobody_does_two_steps_of_one_case_whatever_the_post(post, power):
    """M-REV-1."""
    table = read_table((RULES / "tables" / "authority.dmn").read_bytes())
    facts = {"post": post, "power": power, "same_person": True, "holds_grant": True}
    facts |= {"matter_type": "instant", "steps": 1, "over_amount": False, "outside_region": False}
    assert decide(table, facts).outcome == {"allowed": False, "because": "four_eyes"}


FLAGS = ("formal_review", "survey", "hearing", "testing", "expert_review", "quantity_limit")


def test_every_matter_of_the_catalogue_is_of_the_type_that_the_table_gives_it():
    table = read_table((RULES / "tables" / "classification.dmn").read_bytes())
    with (RULES / "catalogue" / "matters.csv").open(encoding="utf-8", newline="") as file:
        matters = list(csv.DictReader(file))
    wrong = [
        row["name"]
        for row in matters
        if decide(
            table,
            {
                "units_involved": int(row["units_involved"]),
                "statutory_days": int(row["statutory_days"]),
                **{flag: row[flag] == "1" for flag in FLAGS},
            },
        ).outcome["matter_type"]
        != row["matter_type"]
    ]
    assert wrong == []
    assert len(matters) == 494
