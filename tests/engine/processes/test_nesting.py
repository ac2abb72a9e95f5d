"""Blocks in blocks, drawn by chance: what runs is what their composition says, every time."""

from random import Random

import pytest
from lxml import etree

from engine.processes.bpmn import tag
from engine.processes.playing import Case, play
from tests.engine.processes.drawing import chain, end, start
from tests.engine.processes.eventful import file
from tests.engine.processes.nesting import Builder

MODELS = 60
MOST_SECONDS = 40


def drawn(seed):
    """Return a file and the block that it is about."""
    random = Random(seed)  # noqa: S311  # the same models every time
    while True:
        builder = Builder(random)
        block = builder.block(random.randint(3, 5))
        if len(block.trace) <= 60 and block.seconds <= MOST_SECONDS and builder.number <= 200:
            break
    body = start() + block.drawn + end() + chain("s", block.first) + chain(block.last, "e")
    root = etree.fromstring(file(body, builder.processes))
    for node in list(root.iter(tag("association"))):
        node.getparent().append(node)
    return etree.tostring(root), block


@pytest.mark.parametrize("seed", range(MODELS))
def test_nested_constructs_leave_the_trace_of_their_composition(seed):
    source, block = drawn(seed)
    case = Case(str(seed), "m", "p", (), {}, block.seconds, (), "completed")
    found = play(source, case)
    assert "".join(found.trace) == "".join(sorted(block.trace))
    assert found.end == "completed"


def test_the_models_are_worth_running():
    blocks = [drawn(seed)[1] for seed in range(MODELS)]
    assert max(len(block.trace) for block in blocks) > 15
    assert sum(len(block.trace) > 3 for block in blocks) > MODELS / 2
