"""Drawings that SpiffWorkflow misreads run rightly after they are rewritten; see dangers.py."""

import pytest
from lxml import etree

from engine.kernel.errors import Invalid
from engine.processes.load import load
from engine.processes.normalise import normalise
from engine.processes.run import start
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    chain,
    complete,
    document,
    end,
    flow,
    no_tables,
    open_steps,
    read,
    step,
    steps,
)

S = drawing.start()
LINK = '<linkEventDefinition name="L"/>'


def begin(body, **data):
    definition = read(body)
    return definition, start(definition, data, no_tables, NOW)


def made(definition):
    return [(change.what, change.element, change.made) for change in definition.changes]


def test_several_ways_out_of_a_task_are_taken_all():
    body = S + steps("t", "a", "b") + end() + chain("s", "t", "a", "e") + chain("t", "b", "e")
    definition, case = begin(body)
    assert made(definition) == [("parallelGateway", "t", "hall_split_t")]
    case = complete(definition, case, "t")
    assert open_steps(case) == ["a", "b"]


@pytest.mark.parametrize(("amount", "opened"), [(10, ["a"]), (1, ["b"])])
def test_a_condition_behind_a_task_is_not_ignored(amount, opened):
    body = S + step("t", attributes='default="f_t_b"') + steps("a", "b") + end()
    body += chain("s", "t", "b", "e") + flow("t", "a", "amount > 5") + flow("a", "e")
    definition, case = begin(body)
    assert open_steps(complete(definition, case, "t", amount=amount)) == opened


def test_a_plain_way_beside_a_condition_is_always_taken():
    body = S + steps("t", "a", "b") + end() + chain("s", "t", "b", "e")
    body += flow("t", "a", "amount > 5") + flow("a", "e")
    definition, case = begin(body)
    assert open_steps(complete(definition, case, "t", amount=10)) == ["a", "b"] or open_steps(
        complete(definition, case, "t", amount=10)
    ) == ["b", "a"]
    assert open_steps(complete(definition, case, "t", amount=1)) == ["b"]


def test_a_link_is_a_flow_that_was_not_drawn_through():
    body = (
        S
        + f'<intermediateThrowEvent id="lt">{LINK}</intermediateThrowEvent>'
        + f'<intermediateCatchEvent id="lc">{LINK}</intermediateCatchEvent>'
        + steps("t")
        + end()
        + chain("s", "lt")
        + chain("lc", "t", "e")
    )
    definition, case = begin(body)
    assert made(definition) == [("link", "lt", "hall_flow_lt_lc")]
    assert open_steps(case) == ["t"]
    assert complete(definition, case, "t").ended


def test_a_token_where_nothing_leads_on_gets_an_end():
    root, changes = normalise(load(document(steps("t"), mended=False)))
    assert [(one.what, one.element, one.made) for one in changes] == [
        ("startEvent", "p", "hall_start_p"),
        ("endEvent", "t", "hall_end_t"),
    ]
    assert root.find(".//{*}endEvent").get("id") == "hall_end_t"


def test_a_sub_process_is_rewritten_as_well():
    inner = drawing.start("is") + steps("x", "y") + chain("is", "x") + chain("is", "y")
    body = S + f'<subProcess id="sub">{inner}</subProcess>' + end() + chain("s", "sub", "e")
    definition, case = begin(body)
    assert open_steps(case) == ["x", "y"]
    case = complete(definition, case, "x")
    assert complete(definition, case, "y").ended


def test_the_same_drawing_gives_the_same_copy_and_stays_as_it_is():
    source = document(S + steps("t", "a", "b") + chain("s", "t", "a") + chain("t", "b"))
    drawn = load(source)
    before = etree.tostring(drawn)
    first, second = normalise(drawn), normalise(load(source))
    assert etree.tostring(first[0]) == etree.tostring(second[0])
    assert first[1] == second[1]
    assert etree.tostring(drawn) == before


def test_a_process_that_was_not_marked_executable_runs():
    source = document(S + steps("t") + end() + chain("s", "t", "e"))
    root, _ = normalise(load(source.replace(b'isExecutable="true"', b'isExecutable="false"')))
    assert root.find("{*}process").get("isExecutable") == "true"


def test_comments_and_pictures_are_left_out_and_no_word_is_lost():
    body = S + step("t").replace("</userTask>", "") + "</userTask>" + end() + chain("s", "t", "e")
    body += '<textAnnotation id="note"><text>a<!-- no -->b</text></textAnnotation>'
    root, _ = normalise(load(document(body)))
    assert root.find(".//{*}text").text == "ab"


def test_a_reserved_id_cannot_clash_with_one_of_ours():
    with pytest.raises(Invalid, match=r"process\.reserved_id"):
        read(S + steps("hall_split_t") + end() + chain("s", "hall_split_t", "e"))
