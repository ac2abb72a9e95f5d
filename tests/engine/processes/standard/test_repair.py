"""What drawing tools leave out is mended without changing what the process does."""

import pytest

from engine.processes.load import load, read_tree
from engine.processes.standard.constraints import violations
from engine.processes.standard.repair import repair
from tests.engine.processes.drawing import (
    boundary,
    chain,
    document,
    end,
    flow,
    gateway,
    instances,
    start,
    step,
    steps,
    timer,
)
from tests.engine.processes.standard.models import RIGHT, file_of

LINKS = (
    '<intermediateThrowEvent id="a"><linkEventDefinition name="L"/></intermediateThrowEvent>'
    '<intermediateCatchEvent id="b"><linkEventDefinition name="L"/></intermediateCatchEvent>'
)
MESSAGE = (
    '<intermediateCatchEvent id="a" name="答复"><messageEventDefinition/></intermediateCatchEvent>'
)
STATE = (
    '<dataObject id="o" name="O"/><dataObjectReference id="r" dataObjectRef="o" name="x">'
    '<dataState name="done"/></dataObjectReference>'
)
LEFT_OUT = {
    "lists of flows": (start() + steps("a") + end() + chain("s", "a", "e"), "EXT023"),
    "no start": (steps("a", "b") + end() + chain("a", "e") + chain("b", "e"), "EXT097"),
    "no end": (start() + steps("a", "b") + chain("s", "a") + chain("s", "b"), "EXT105"),
    "a loose end": (start() + steps("a", "b") + end() + chain("s", "a", "e") + chain("s", "b"),
                    "EXT151"),
    "a deadline that leads nowhere": (
        start() + steps("a") + end() + chain("s", "a", "e")
        + boundary("d", "a", timer("timeDuration", "P1D")), "EXT151"),
    "a gateway in a line": (
        start() + gateway("exclusive", "g") + steps("a") + end() + chain("s", "g", "a", "e"),
        "EXT135"),
    "links by name": (start() + LINKS + end() + chain("s", "a") + chain("b", "e"), "EXT125"),
    "a message without a name": (start() + MESSAGE + end() + chain("s", "a", "e"), "EXT127"),
    "a script without a format": (
        start() + '<scriptTask id="a"><script>1</script></scriptTask>' + end()
        + chain("s", "a", "e"), "EXT053"),
    "the mark of a formal expression": (
        start() + step("a") + end() + chain("s", "a", "e") + end("e2")
        + flow("a", "e2", "true").replace(' xsi:type="tFormalExpression"', ""), "EXT012"),
    "the name of a data object in a state": (STATE + steps("a"), "EXT076"),
    "a collection named like a variable": (
        start() + step("a", instances()) + end() + chain("s", "a", "e"), "REF062"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "rule"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_mended(body, rule):
    root = read_tree(document(body, mended=False))
    assert rule in {one for it in violations(root) for one in it.params["rule"].split()}
    assert rule in {one.rule for one in repair(root)}
    assert violations(root) == []
    assert repair(root) == []


@pytest.mark.parametrize(("body", "rule"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_what_was_mended_is_valid_by_the_schema(body, rule):
    load(document(body))


@pytest.mark.parametrize("model", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_model_is_left_as_it_is(model):
    assert repair(read_tree(file_of(model))) == []


def test_what_is_loose_at_its_beginning_is_left_to_the_designer():
    body = start() + steps("a", "b") + end() + chain("s", "a", "e") + chain("b", "e")
    root = read_tree(document(body, mended=False))
    repair(root)
    assert {one.params["rule"] for one in violations(root)} == {"EXT150"}


def test_what_runs_first_without_a_start_all_begins_at_once():
    root = read_tree(document(steps("a", "b") + end() + chain("a", "e") + chain("b", "e")))
    begun = {one.get("targetRef") for one in root.iter("{*}sequenceFlow")
             if one.get("sourceRef") == "p_start"}  # fmt: skip
    assert begun == {"a", "b"}
