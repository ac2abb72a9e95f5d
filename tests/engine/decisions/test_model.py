"""What the values of a model say of themselves."""

import pytest

from engine.decisions.dmn import read_model
from engine.decisions.model import HitPolicy, Reference


@pytest.mark.parametrize("policy", HitPolicy)
def test_a_policy_knows_whether_one_row_decides(policy):
    many = {HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT}
    assert policy.single == (policy not in many)


def test_a_model_lists_its_decisions_and_inputs_in_the_order_of_the_file(days):
    model = read_model(days([("-", "-", '"a"')]))
    assert [node.name for node in model.decisions] == ["d"]
    assert [item.name for item in model.inputs] == ["法定天数", "现场勘查"]
    assert model.decisions[0].requires[0] == Reference("urn:test", "i-法定天数")
    assert Reference("urn:test", "x").text == "urn:test#x"
