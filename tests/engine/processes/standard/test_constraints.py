"""Each constraint of the standard refuses what breaks it, at the element, and no right model."""

import json
from pathlib import Path

import pytest

from engine.kernel.errors import HallError
from engine.processes.load import load, read_tree
from engine.processes.standard.constraints import CONSTRAINTS, violations
from tests.engine.processes.standard.models import RIGHT, WRONG, file_of
from tests.kits import BPMN, needs_bpmn

ROOT = Path(__file__).resolve().parents[4]
KIT = BPMN / "refuse"


def found(source):
    """Return (rule, element) of every finding about a file, valid by the schema or not."""
    return {
        (rule, one.element)
        for one in violations(read_tree(source))
        for rule in str(one.params["rule"]).split()
    }


@pytest.mark.parametrize("model", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_model_breaks_no_constraint(model):
    source = file_of(model)
    load(source)
    assert violations(load(source)) == []


@pytest.mark.parametrize(("rule", "model", "element"), WRONG, ids=[one[0] for one in WRONG])
def test_a_constraint_is_told_with_its_rule_and_element(rule, model, element):
    assert (rule, element) in found(file_of(model))


def test_no_constraint_stands_twice():
    assert len(set(CONSTRAINTS)) == len(CONSTRAINTS)
    assert all(one.__doc__ for one in CONSTRAINTS)


@needs_bpmn
def test_each_wrong_model_of_the_kit_is_refused_for_its_rule():
    cases = json.loads((KIT / "cases.json").read_bytes())
    missed = []
    for case in cases:
        source = (KIT / case["model"]).read_bytes()
        if case["rule"] not in {rule for rule, _ in found(source)}:
            missed.append(case["model"])
    assert missed == []
    assert len(cases) >= 100


OURS = sorted((ROOT / "bpmn").rglob("*.bpmn"))


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_own_diagrams_break_no_constraint(path):
    found = violations(load(path.read_bytes()))
    # What a file calls may stand in another one of ours.
    elsewhere = {one.stem for one in OURS}
    assert [one for one in found if one.params.get("process") not in elsewhere] == []


def test_a_file_that_breaks_the_schema_says_the_constraint_as_well():
    model = next(model for rule, model, _ in WRONG if rule == "EXT041")
    with pytest.raises(HallError) as refused:
        load(file_of(model))
    rules = {str(one.get("rule")) for one in refused.value.params["findings"]}
    assert refused.value.code == "process.schema"
    assert "EXT041" in rules
