"""What is made smaller keeps its drawn ids, and only what is sound becomes one flow."""

import pytest
from lxml import etree

from engine.processes.bpmn import tag
from engine.processes.proving.shrink import shrink
from engine.processes.proving.ways import read_scope
from tests.engine.processes.drawing import (
    boundary,
    chain,
    document,
    end,
    flow,
    gateway,
    start,
    timer,
)
from tests.engine.processes.drawing import steps as tasks

DAY = timer("timeDuration", "P1D")


def small(body):
    root = etree.fromstring(document(body))
    made = read_scope(root.find(tag("process")), {})
    drawn = set(made.heads) | {node.get("id") for node in root.iter(tag("sequenceFlow"))}
    shrink(made)
    return made, drawn


def kept(made):
    ids = [name for node in made.nodes for name in node.ids]
    return [*ids, *made.entry.ids, *(name for n in made.nodes for e in n.outs for name in e.ids)]


def block(split, join, number=0, width=3):
    first, last = f"g{number}", f"j{number}"
    names = [f"t{number}{branch}" for branch in range(width)]
    text = gateway(split, first) + gateway(join, last) + tasks(*names)
    return text + "".join(chain(first, name, last) for name in names)


@pytest.mark.parametrize(
    ("split", "join", "nodes"),
    [
        ("parallel", "parallel", 1),
        ("exclusive", "exclusive", 1),
        ("inclusive", "inclusive", 1),
        ("parallel", "inclusive", 1),
        ("exclusive", "inclusive", 1),
        ("parallel", "exclusive", 3),
        ("exclusive", "parallel", 3),
        ("inclusive", "parallel", 3),
        ("inclusive", "exclusive", 3),
    ],
)
def test_only_a_block_whose_gateways_fit_becomes_one_flow(split, join, nodes):
    made, drawn = small(start() + block(split, join) + end() + chain("s", "g0") + chain("j0", "e"))
    assert len(made.nodes) == nodes
    assert set(kept(made)) == drawn


def test_all_branches_of_a_parallel_block_stand_in_the_path_and_one_of_a_choice():
    for kind, branches in (("parallel", 3), ("exclusive", 1)):
        made, _ = small(start() + block(kind, kind) + end() + chain("s", "g0") + chain("j0", "e"))
        path = made.entry.then
        assert path[:3] == ("s", "f_s_g0", "g0")
        assert sum(name.startswith("t0") for name in path) == branches
        assert path[-2:] == ("j0", "f_j0_e")


def test_a_loop_with_a_way_out_is_one_flow_and_one_without_is_not():
    body = start() + gateway("exclusive", "m") + tasks("t") + gateway("exclusive", "x") + end()
    body += chain("s", "m", "t", "x") + flow("x", "m")
    made, drawn = small(body + flow("x", "e"))
    assert [node.label for node in made.nodes] == [("e",)]
    assert set(kept(made)) == drawn
    made, _ = small(body + flow("s", "e"))
    assert [node.label for node in made.nodes if node.outs]


def test_a_timer_on_a_task_whose_way_comes_back_is_one_flow():
    body = start() + tasks("t", "late") + gateway("exclusive", "m") + end()
    body += chain("s", "t", "m", "e") + boundary("b", "t", DAY) + chain("b", "late", "m")
    made, drawn = small(body)
    assert len(made.nodes) == 1
    assert set(kept(made)) == drawn


def test_branches_with_ends_of_their_own_are_as_many_as_one():
    names = [f"t{number}" for number in range(14)]
    body = start() + gateway("parallel", "g") + tasks(*names) + flow("s", "g")
    body += "".join(end(f"e{name}") + chain("g", name, f"e{name}") for name in names)
    made, drawn = small(body)
    assert len(made.nodes) == 1
    assert set(kept(made)) == drawn


def test_nothing_is_merged_straight_before_a_complex_join():
    condition = "<activationCondition>activationCount &gt;= 1</activationCondition>"
    body = start() + gateway("parallel", "g") + tasks("a", "b") + end() + chain("s", "g")
    body += f'<complexGateway id="j">{condition}</complexGateway>' + flow("j", "e")
    made, _ = small(body + chain("g", "a", "j") + chain("g", "b", "j"))
    labels = {node.label for node in made.nodes}
    assert {("a",), ("b",)} <= labels
