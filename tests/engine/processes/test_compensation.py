"""Compensation as drawn: what is refused at which element, and what the rewriting makes."""

import pytest
from lxml import etree

from engine.kernel.errors import Invalid
from engine.processes.bpmn import tag
from engine.processes.compensation import (
    UNDONE_BY,
    UNDONE_INSIDE_BY,
    is_used,
    reach,
    take_handlers_out,
)
from engine.processes.definition import read_definition
from engine.processes.load import load
from tests.engine.processes.drawing import boundary, chain, document, end, gateway, script, step
from tests.engine.processes.drawing import start as begin

MARK = 'isForCompensation="true"'
TIMER = "<timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition>"
COMPENSATE = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"


def event(name="b", host="a", inside=COMPENSATE):
    return f'<boundaryEvent id="{name}" attachedToRef="{host}">{inside}</boundaryEvent>'


def line(source, goal, name="l"):
    ends = f'sourceRef="{source}" targetRef="{goal}"'
    return f'<association id="{name}" associationDirection="One" {ends}/>'


def throw(whom="", wait="true"):
    ref = f' activityRef="{whom}"' if whom else ""
    inside = f'<compensateEventDefinition waitForCompletion="{wait}"{ref}/>'
    return f'<intermediateThrowEvent id="t">{inside}</intermediateThrowEvent>'


def sub(name, body, attributes="", kind="subProcess"):
    return f'<{kind} id="{name}" {attributes}>{body}</{kind}>'


def marked(name, mark=MARK):
    return script(name, "1", "x").replace("<scriptTask ", f"<scriptTask {mark} ")


def event_sub(name):
    first = f'<startEvent id="s_{name}">{COMPENSATE}</startEvent>'
    inside = first + end(f"e_{name}") + chain(f"s_{name}", f"e_{name}")
    return sub(name, inside, 'triggeredByEvent="true"')


A = begin() + script("a", "1", "x") + throw() + end() + chain("s", "a", "t", "e")
RIGHT = A + event() + marked("u") + line("b", "u")
INNER = begin("s1") + script("i", "1", "x") + end("e1") + chain("s1", "i", "e1")


def refused(body):
    with pytest.raises(Invalid) as error:
        read_definition(document(body))
    found = error.value.params.get("findings", [{"code": error.value.code, **error.value.params}])
    return {(one["code"], one["element"]) for one in found}


@pytest.mark.parametrize(
    ("body", "element"),
    [
        (A + event() + marked("u"), "b"),
        (A + event() + marked("u") + marked("v") + line("b", "u") + line("b", "v", "k"), "b"),
        (
            A + event() + sub("p1", INNER + marked("u")) + chain("a", "p1", "e") + line("b", "u"),
            "b",
        ),
        (A + event() + event("c") + marked("u") + line("b", "u") + line("c", "u", "k"), "c"),
        (
            A
            + event()
            + marked("u")
            + boundary("late", "u", TIMER)
            + chain("late", "e")
            + line("b", "u"),
            "late",
        ),
        (RIGHT.replace(line("b", "u"), chain("u", "e") + line("b", "u")), "u"),
        (RIGHT.replace(line("b", "u"), chain("t", "u") + line("b", "u")), "u"),
        (RIGHT.replace(line("b", "u"), chain("b", "e") + line("b", "u")), "b"),
        (RIGHT.replace(throw(), throw("nobody")), "t"),
        (RIGHT.replace(throw(), throw("e")), "t"),
        (RIGHT.replace(throw(), throw("i") + sub("p1", INNER) + chain("a", "p1", "e")), "t"),
        (A + sub("p1", INNER + event_sub("q") + event_sub("r")) + chain("a", "p1", "e"), "r"),
        (begin() + end("e", CANCEL) + chain("s", "e"), "e"),
        (A + event("c", "a", CANCEL) + end("e2") + chain("c", "e2"), "c"),
    ],
    ids=[
        "an event that leads to no handler",
        "an event that leads to two handlers",
        "a handler in another scope",
        "two events on one activity",
        "an event on the edge of a handler",
        "a flow out of a handler",
        "a flow into a handler",
        "a flow out of the event",
        "a throw that names nothing",
        "a throw that names no activity",
        "a throw that names what it does not see",
        "two compensation event sub-processes in one scope",
        "a cancel that ends no transaction",
        "a cancel on the edge of a task",
    ],
)
def test_what_cannot_be_undone_as_drawn_is_refused_at_its_element(body, element):
    assert element in {place for _, place in refused(body)}


def test_a_handler_whose_mark_is_missing_is_refused():
    assert refused(A + event() + marked("u", "") + line("b", "u"))


@pytest.mark.parametrize("mark", ['isForCompensation="true"', 'isForCompensation="1"'])
def test_the_handler_stands_alone_and_is_named_by_what_it_undoes(mark):
    root = load(document(A + event() + marked("u", mark) + line("b", "u")))
    assert is_used(root)
    assert ("subProcess", "u", "hall_undo_u") in take_handlers_out(root)
    by_id = {node.get("id"): node for node in root.iter(etree.Element)}
    assert by_id["a"].get(UNDONE_BY) == "hall_undo_u"
    assert by_id["u"].getparent() is by_id["hall_undo_u"]
    assert by_id["hall_undo_u"].getparent() is by_id["p"]
    assert "b" not in by_id
    kinds = [etree.QName(node).localname for node in by_id["hall_undo_u"]]
    assert kinds == ["startEvent", "scriptTask", "endEvent", "sequenceFlow", "sequenceFlow"]


def test_an_association_may_be_drawn_the_other_way_round():
    definition = read_definition(document(A + event() + marked("u") + line("u", "b")))
    assert "hall_undo_u" in definition.parts


def test_a_scope_names_the_event_sub_process_that_undoes_it():
    root = load(document(A + sub("p1", INNER + event_sub("q")) + chain("a", "p1", "e")))
    take_handlers_out(root)
    by_id = {node.get("id"): node for node in root.iter(etree.Element)}
    assert by_id["p1"].get(UNDONE_INSIDE_BY) == "q"
    assert by_id["q"].get("triggeredByEvent") is None
    assert by_id["s_q"].find(tag("compensateEventDefinition")) is None


def test_a_throw_that_nobody_waits_for_gets_a_branch_of_its_own():
    definition = read_definition(document(RIGHT.replace(throw(), throw(wait="false"))))
    made = {(change.what, change.element, change.made) for change in definition.changes}
    assert ("parallelGateway", "t", "hall_fork_t") in made
    assert ("endEvent", "t", "hall_end_t") in made


def test_an_event_sub_process_reaches_the_scope_around_it():
    inside = f'<startEvent id="s2">{COMPENSATE}</startEvent>{throw()}' + end("e2")
    inside += chain("s2", "t", "e2")
    body = begin() + sub("p1", INNER + sub("q", inside, 'triggeredByEvent="true"')) + end()
    root = load(document(body + chain("s", "p1", "e")))
    (node,) = root.iter(tag("intermediateThrowEvent"))
    take_handlers_out(root)
    assert reach(node) == 1


def test_a_process_that_undoes_nothing_stays_as_it_is():
    body = begin() + step("a") + gateway("exclusive", "g") + end() + chain("s", "a", "g", "e")
    root = load(document(body))
    before = etree.tostring(root)
    assert take_handlers_out(root) == []
    assert etree.tostring(root) == before
    assert not is_used(root)


def test_the_drawn_file_of_a_transaction_is_given_a_way_out_in_the_copy_only():
    inner = begin("s1") + end("e1", CANCEL) + chain("s1", "e1")
    source = document(
        begin() + sub("tx", inner, kind="transaction") + end() + chain("s", "tx", "e")
    )
    definition = read_definition(source)
    assert definition.xml == source
    assert "hall_cancel_tx" in {change.made for change in definition.changes}
