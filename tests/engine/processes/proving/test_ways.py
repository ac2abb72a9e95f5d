"""What is drawn becomes nodes that join and split tokens as the standard says."""

import pytest
from lxml import etree

from engine.processes.bpmn import tag
from engine.processes.proving.graph import Outcome
from engine.processes.proving.ways import catches, codes_thrown, read_scope
from tests.engine.processes.drawing import (
    boundary,
    chain,
    document,
    end,
    flow,
    gateway,
    start,
    steps,
    timer,
)

DAY = timer("timeDuration", "P1D")
ERROR = '<errorEventDefinition errorRef="wrong"/>'


def graph(body, outcomes=None, rest=""):
    root = etree.fromstring(document(body, rest=rest))
    return read_scope(root.find(tag("process")), outcomes or {})


def to(node):
    return [(edge.last, edge.target.label) for edge in node.outs]


@pytest.mark.parametrize(
    ("kind", "join", "split"),
    [("exclusive", "xor", "xor"), ("parallel", "and", "and"), ("inclusive", "or", "or")],
)
def test_a_gateway_joins_and_splits_in_its_way(kind, join, split):
    body = start() + gateway(kind, "g") + steps("a", "b") + end() + chain("s", "g", "a", "e")
    node = graph(body + chain("g", "b", "e")).heads["g"]
    assert (node.join, node.split) == (join, split)
    assert to(node) == [("f_g_a", ("a",)), ("f_g_b", ("b",))]


def test_a_default_flow_is_taken_alone():
    body = start() + gateway("inclusive", "g", default="f_g_b") + steps("a", "b") + end()
    node = graph(body + chain("s", "g", "a", "e") + chain("g", "b", "e")).heads["g"]
    assert node.otherwise is node.outs[-1]
    assert node.otherwise.last == "f_g_b"


def test_plain_flows_out_of_a_task_are_sure_and_conditional_ones_may_be():
    body = start() + steps("t", "a", "b", "c") + end() + chain("s", "t") + flow("t", "a")
    body += flow("t", "b", "amount > 1") + flow("t", "c", "amount > 2")
    node = graph(body + "".join(flow(name, "e") for name in "abc")).heads["t"]
    assert (node.split, node.sure, node.otherwise) == ("main", 1, None)
    assert [edge.last for edge in node.outs] == ["f_t_a", "f_t_b", "f_t_c"]


def test_an_event_that_interrupts_is_a_choice_and_another_happens_beside():
    body = start() + steps("t", "u", "v") + end() + chain("s", "t", "e")
    body += boundary("late", "t", DAY) + chain("late", "u", "e")
    body += boundary("urge", "t", DAY, interrupts=False) + chain("urge", "v", "e")
    node = graph(body).heads["t"]
    assert (node.split, node.sure) == ("main", 1)
    assert to(node) == [("t", ()), ("urge", ("urge",))]
    running = node.outs[0].target
    assert running.split == "xor"
    assert to(running) == [("t", ()), ("late", ("late",))]


def part(*caught):
    inside = start("s2") + end("e2", ERROR) + chain("s2", "e2")
    body = (
        start() + f'<subProcess id="part">{inside}</subProcess>' + end() + chain("s", "part", "e")
    )
    for name, ref in caught:
        body += boundary(name, "part", f"<errorEventDefinition{ref}/>") + flow(name, "e")
    return body


def outcome(*, completes):
    return {"part": Outcome(completes, ("error:E1",), ())}


REST = '<error id="wrong" errorCode="E1"/><error id="other" errorCode="E2"/>'


def test_an_error_goes_to_the_event_that_names_it_before_the_one_that_takes_all():
    body = part(("any", ""), ("it", ' errorRef="wrong"'), ("no", ' errorRef="other"'))
    made = graph(body, outcome(completes=True), REST)
    (running,) = made.heads["part"].outs
    assert to(running.target) == [("part", ()), ("it", ("it",))]
    assert not made.heads["any"].ins
    assert not made.heads["no"].ins


def test_an_error_that_nobody_catches_leaves_the_scope():
    made = graph(part(), outcome(completes=False), REST)
    (running,) = made.heads["part"].outs
    (edge,) = running.target.outs
    assert (edge.target.end, edge.instant) == ("throw:error:E1", True)
    assert len(made.heads["e"].ins) == 1  # the flow is there, though nothing comes along it


def test_what_is_thrown_is_told_by_its_code():
    root = etree.fromstring(document(part(("it", ' errorRef="wrong"'), ("any", "")), rest=REST))
    by_id = {node.get("id"): node for node in root.iter()}
    assert codes_thrown(by_id["it"]) == codes_thrown(by_id["e2"]) == ["error:E1"]
    assert codes_thrown(by_id["any"]) == ["error:"]
    assert catches(["error:"], "error:E1")
    assert not catches(["error:E2"], "error:E1")
    assert not catches(["escalation:"], "error:E1")


def test_a_link_is_a_flow():
    def link(kind, name):
        inside = '<linkEventDefinition name="far"/>'
        return f'<intermediate{kind}Event id="{name}">{inside}</intermediate{kind}Event>'

    body = start() + link("Throw", "off") + link("Catch", "on") + end()
    made = graph(body + chain("s", "off") + chain("on", "e"))
    assert to(made.heads["off"]) == [("off", ("on",))]


def test_a_process_without_a_start_event_begins_wherever_nothing_leads_to():
    made = graph(steps("a", "b", "c") + flow("a", "c"))
    root = made.entry.target
    assert root.split == "and"
    assert [edge.target.label for edge in root.outs] == [("a",), ("b",)]
    assert {made.heads[name].end for name in "bc"} == {"end"}
