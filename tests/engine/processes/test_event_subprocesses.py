"""Event sub-processes start by their event while the scope around them runs."""

from datetime import timedelta

import pytest

from engine.kernel.errors import Invalid
from engine.processes.exchange import Awaited, Thrown
from engine.processes.load import load
from engine.processes.normalise import normalise
from tests.engine.processes import drawing
from tests.engine.processes.drawing import NOW, boundary, chain, end, gateway, step, steps, timer
from tests.engine.processes.eventful import (
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    Walk,
    file,
    handler,
    played,
    read,
    says,
    scope,
    starts,
    throws,
    when,
)

S = drawing.start()


def throwing(inside, *others):
    body = S + throws("t", inside) + says("after") + end() + chain("s", "t", "after", "e")
    return body + "".join(others)


def waiting(*others):
    return S + steps("u") + says("after") + end() + chain("s", "u", "after", "e") + "".join(others)


EVENTS = {"signal": SIGNAL, "message": MESSAGE, "escalation": ESCALATION}


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("place", ["process", "sub-process"])
def test_an_interrupting_one_stops_its_scope_which_then_completes(kind, place):
    event = EVENTS[kind]
    if place == "process":
        found = played(throwing(event, handler("h", "", event)))
        assert (found.trace, found.end) == (("h_x",), "completed")
        return
    inner = drawing.start("is") + throws("t", event) + says("after") + end("ie")
    inner += chain("is", "t", "after", "ie") + handler("h", "", event)
    body = S + scope("sub", inner) + says("next") + end() + chain("s", "sub", "next", "e")
    found = played(body)
    assert (found.trace, found.end) == (("h_x", "next"), "completed")


@pytest.mark.parametrize("kind", EVENTS)
def test_one_that_does_not_interrupt_runs_beside_its_scope(kind):
    found = played(throwing(EVENTS[kind], handler("h", "", EVENTS[kind], False)))
    assert (found.trace, found.end) == (("after", "h_x"), "completed")


def test_an_error_is_caught_and_the_process_completes():
    body = S + end("e", ERROR) + chain("s", "e") + handler("h", "", ERROR)
    found = played(body)
    assert (found.trace, found.end) == (("h_x",), "completed")


def test_an_error_thrown_by_the_handler_leaves_the_scope():
    again = starts("hs", ERROR) + end("he", ERROR) + chain("hs", "he")
    wrong = f'<subProcess id="h" triggeredByEvent="true">{again}</subProcess>'
    inner = drawing.start("is") + end("ie", ERROR) + chain("is", "ie") + wrong
    body = S + scope("sub", inner) + says("normal", "caught") + end()
    body += boundary("b", "sub", ERROR) + chain("s", "sub", "normal", "e") + chain("b", "caught")
    assert played(body).trace == ("caught",)


def test_a_condition_true_at_the_start_fires_before_the_first_activity():
    body = S + says("a") + end() + chain("s", "a", "e") + handler("h", "", when("amount > 1"))
    assert played(body, inputs={"amount": 2}).trace == ("h_x",)
    assert played(body, inputs={"amount": 0}).trace == ("a",)


def test_a_condition_fires_when_a_script_makes_it_true():
    body = S + drawing.script("c", "5", "amount") + says("a") + end() + chain("s", "c", "a", "e")
    assert played(body + handler("h", "", when("amount > 1"))).trace == ("h_x",)
    beside = handler("h", "", when("amount > 1"), False)
    assert played(body + beside).trace == ("a", "h_x")


def test_an_answer_of_a_person_may_make_a_condition_true():
    walk = Walk(waiting(handler("h", "", when("amount > 1"))))
    walk.do("u", amount=3)
    assert walk.said == ["h_x"]
    assert walk.step.ended
    assert walk.step.end == "h_e"


@pytest.mark.parametrize("interrupts", [True, False])
def test_a_timer_starts_one_and_is_told_by_next_due(interrupts):
    event = timer("timeDuration", "PT1H")
    walk = Walk(waiting(handler("h", "", event, interrupts)))
    assert walk.step.next_due == NOW + timedelta(hours=1)
    walk.wait(NOW + timedelta(hours=1))
    assert walk.said == ["h_x"]
    assert walk.step.ended is interrupts
    assert walk.step.next_due is None


def test_a_repeated_timer_starts_one_each_time():
    walk = Walk(waiting(handler("h", "", timer("timeCycle", "R3/PT1H"), False)))
    for hour in range(1, 6):
        walk.wait(NOW + timedelta(hours=hour))
    assert walk.said == ["h_x"] * 3
    assert walk.open == ["u"]


def test_an_event_from_outside_starts_one_as_often_as_it_comes():
    walk = Walk(waiting(handler("h", "", SIGNAL, False)))
    assert walk.step.awaits == (Awaited("signal", "S", "h_s"),)
    walk.hear("signal", "S")
    walk.hear("signal", "S")
    walk.do("u")
    assert walk.said == ["h_x", "h_x", "after"]
    assert walk.step.ended
    assert walk.step.end == "e"


def test_one_that_interrupts_stops_those_that_run_beside():
    inner = starts("ks", MESSAGE, False) + step("k") + end("ke") + chain("ks", "k", "ke")
    beside = f'<subProcess id="kk" triggeredByEvent="true">{inner}</subProcess>'
    walk = Walk(waiting(beside, handler("h", "", SIGNAL)))
    walk.hear("message", "M")
    assert sorted(walk.open) == ["k", "u"]
    walk.hear("signal", "S")
    assert walk.said == ["h_x"]
    assert walk.step.ended


def test_the_scope_waits_for_those_that_run_beside():
    inner = starts("ks", MESSAGE, False) + step("k") + end("ke") + chain("ks", "k", "ke")
    walk = Walk(waiting(f'<subProcess id="kk" triggeredByEvent="true">{inner}</subProcess>'))
    walk.hear("message", "M")
    walk.do("u")
    assert not walk.step.ended
    assert walk.step.awaits == ()
    walk.do("k")
    assert walk.step.ended


def test_a_terminate_end_in_the_flow_stops_the_handlers_too():
    inner = starts("ks", MESSAGE, False) + step("k") + end("ke") + chain("ks", "k", "ke")
    body = S + steps("u") + gateway("parallel", "f") + steps("v") + end("stop", TERMINATE)
    body += end() + chain("s", "u", "f", "v", "e") + chain("f", "stop")
    walk = Walk(body + f'<subProcess id="kk" triggeredByEvent="true">{inner}</subProcess>')
    walk.hear("message", "M")
    walk.do("u")
    assert walk.step.ended
    assert walk.step.end == "stop"
    assert walk.open == []


def test_a_message_starts_a_process_that_has_one():
    body = starts("s", MESSAGE) + steps("u") + end() + chain("s", "u", "e")
    definition = read(body + handler("h", "", SIGNAL))
    assert definition.starters == (Awaited("message", "M", "s"),)
    walk = Walk(definition, by=Thrown("message", "M", "outside"))
    assert walk.open == ["u"]
    walk.hear("signal", "S")
    assert walk.said == ["h_x"]


def test_drawn_steps_keep_their_ids_lanes_and_forms():
    lanes = '<laneSet id="ls"><lane id="l1" name="窗口"><flowNodeRef>u</flowNodeRef></lane>'
    lanes += '<lane id="l2" name="科长"><flowNodeRef>k</flowNodeRef></lane></laneSet>'
    inner = starts("ks", MESSAGE, False) + step("k", role="head", form="look")
    inner += end("ke") + chain("ks", "k", "ke")
    body = lanes + S + step("u", role="officer", form="enter") + end() + chain("s", "u", "e")
    definition = read(body + f'<subProcess id="kk" triggeredByEvent="true">{inner}</subProcess>')
    assert {name: (task.lane, task.form) for name, task in definition.tasks.items()} == {
        "u": ("窗口", "enter"),
        "k": ("科长", "look"),
    }
    assert definition.ends == ("e",)
    walk = Walk(definition)
    walk.hear("message", "M")
    assert [(task.step, task.form) for task in walk.step.open] == [("u", "enter"), ("k", "look")]


def test_the_rewrite_is_the_same_each_time_and_keeps_every_drawn_id():
    drawn = load(file(waiting(handler("h", "", SIGNAL))))
    before = {node.get("id") for node in drawn.iter() if node.get("id")}
    first, changes = normalise(drawn)
    again, _ = normalise(drawn)
    after = [node.get("id") for node in first.iter() if node.get("id")]
    assert after == [node.get("id") for node in again.iter() if node.get("id")]
    assert len(after) == len(set(after))
    assert before <= set(after)
    assert all(name.startswith("hall_") for name in set(after) - before)
    assert ("subProcess", "p", "hall_body_p") in [(c.what, c.element, c.made) for c in changes]


def test_one_without_an_event_is_refused():
    inner = drawing.start("hs") + end("he") + chain("hs", "he")
    with pytest.raises(Invalid):
        read(waiting(f'<subProcess id="h" triggeredByEvent="true">{inner}</subProcess>'))


def test_one_inside_another_is_run():
    deep = starts("hs", SIGNAL) + steps("k") + says("hx") + end("he") + chain("hs", "k", "hx", "he")
    deep += handler("d", "", MESSAGE)
    walk = Walk(waiting(f'<subProcess id="h" triggeredByEvent="true">{deep}</subProcess>'))
    walk.hear("signal", "S")
    assert walk.open == ["k"]
    walk.hear("message", "M")
    assert walk.said == ["d_x"]
    assert walk.step.ended


def test_a_handler_can_undo_what_completed_before_it_stopped_the_scope():
    undone = '<boundaryEvent id="cb" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
    undo = drawing.script("undo", '["undo"]', "log").replace(
        "<scriptTask", '<scriptTask isForCompensation="true"'
    )
    line = '<association id="as" associationDirection="One" sourceRef="cb" targetRef="undo"/>'
    inner = starts("hs", ERROR) + throws("ct", "<compensateEventDefinition/>") + end("he")
    inner += chain("hs", "ct", "he")
    body = S + says("a") + undone + undo + end("e", ERROR) + chain("s", "a", "e")
    body += f'<subProcess id="h" triggeredByEvent="true">{inner}</subProcess>' + line
    found = played(body)
    assert (found.trace, found.end) == (("a", "undo"), "completed")
