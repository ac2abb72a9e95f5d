"""Constraints on references: each is told by its own module, and right models pass."""

import pytest

from engine.processes.standard import references
from tests.engine.processes.standard.models import RIGHT, told_by, wrong_for

WRONG = wrong_for(references)


def test_there_are_wrong_models_for_these_constraints():
    assert len(WRONG) >= 4


@pytest.mark.parametrize(("rule", "model", "element"), WRONG, ids=[one[0] for one in WRONG])
def test_a_wrong_model_is_told_here(rule, model, element):
    assert (rule, element) in told_by(references, model)


@pytest.mark.parametrize("model", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_model_is_left_alone(model):
    assert told_by(references, model) == set()
