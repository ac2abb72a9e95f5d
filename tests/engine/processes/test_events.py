"""Events reach their catchers before the throwing token moves on, and only those."""

from datetime import timedelta

import pytest

from engine.kernel.errors import Conflict, Invalid
from engine.processes import run
from engine.processes.exchange import Awaited, Thrown
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    boundary,
    chain,
    end,
    flow,
    gateway,
    no_tables,
    steps,
    timer,
)
from tests.engine.processes.eventful import (
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    SIGNAL2,
    TERMINATE,
    Walk,
    catch,
    definition,
    first,
    line,
    played,
    read,
    says,
    scope,
    starts,
    throws,
    when,
)

S = drawing.start()


def thrower(inside, after="after"):
    """A sub-process that throws and then says `after`, unless it is stopped."""
    body = drawing.start("is") + throws("t", inside) + says(after) + end("ie")
    return scope("sub", body + chain("is", "t", after, "ie"))


def with_edge(inside, edge, interrupts=True, sub=None):
    body = S + (sub or thrower(inside)) + says("normal", "caught") + end() + end("ce")
    body += boundary("b", "sub", edge, interrupts)
    return body + chain("s", "sub", "normal", "e") + chain("b", "caught", "ce")


@pytest.mark.parametrize("kind", ["signal", "message", "escalation"])
def test_an_interrupting_edge_stops_the_activity_right_behind_the_throw(kind):
    event = {"signal": SIGNAL, "message": MESSAGE, "escalation": ESCALATION}[kind]
    found = played(with_edge(event, event))
    assert (found.trace, found.end) == (("caught",), "completed")


@pytest.mark.parametrize("kind", ["signal", "message", "escalation"])
def test_an_edge_that_does_not_interrupt_goes_on_beside_the_activity(kind):
    event = {"signal": SIGNAL, "message": MESSAGE, "escalation": ESCALATION}[kind]
    found = played(with_edge(event, event, interrupts=False))
    assert (found.trace, found.end) == (("after", "caught", "normal"), "completed")


def test_an_edge_that_does_not_interrupt_hears_every_throw():
    inner = drawing.start("is") + throws("t", SIGNAL) + throws("t2", SIGNAL) + end("ie")
    sub = scope("sub", inner + chain("is", "t", "t2", "ie"))
    found = played(with_edge("", SIGNAL, False, sub))
    assert found.trace == ("caught", "caught", "normal")


@pytest.mark.parametrize("kind", ["signal", "error", "escalation"])
def test_an_end_event_inside_still_reaches_the_edge(kind):
    event = {"signal": SIGNAL, "error": ERROR, "escalation": ESCALATION}[kind]
    inner = drawing.start("is") + end("ie", event) + chain("is", "ie")
    found = played(with_edge("", event, True, scope("sub", inner)))
    assert (found.trace, found.end) == (("caught",), "completed")


def test_an_error_is_caught_by_its_code_and_not_by_a_neighbour():
    def part(name, ref):
        inner = drawing.start(f"{name}s") + end(f"{name}e", definition("error", ref))
        return scope(name, inner + chain(f"{name}s", f"{name}e"))

    body = S + gateway("parallel", "f") + part("a", "E") + steps("u")
    body += scope("b", drawing.start("bs") + steps("w") + end("be") + chain("bs", "w", "be"))
    body += says("ca", "cb") + end() + end("x") + end("y")
    body += boundary("ea", "a", ERROR) + boundary("eb", "b", ERROR)
    body += chain("s", "f", "a", "e") + chain("f", "b", "x") + chain("f", "u", "y")
    body += chain("ea", "ca") + chain("eb", "cb")
    walk = Walk(body)
    assert walk.said == ["ca"]
    assert sorted(walk.open) == ["u", "w"]


def test_the_edge_with_the_code_comes_before_the_one_for_all():
    inner = drawing.start("is") + end("ie", ERROR) + chain("is", "ie")
    body = S + scope("sub", inner) + says("all", "one") + end()
    body += boundary("ba", "sub", definition("error")) + boundary("bo", "sub", ERROR)
    body += chain("s", "sub", "e") + chain("ba", "all") + chain("bo", "one")
    assert played(body).trace == ("one",)


def test_an_error_nobody_catches_ends_the_case_with_its_code():
    other = boundary("b", "sub", definition("error", "F"))
    inner = drawing.start("is") + end("ie", ERROR) + chain("is", "ie")
    body = S + gateway("parallel", "f") + scope("sub", inner) + steps("u") + says("x") + end()
    body += other + end("ue") + chain("s", "f", "sub", "e") + chain("f", "u", "ue")
    walk = Walk(body + chain("b", "x"))
    assert walk.step.failure == "E1"
    assert walk.step.ended
    assert walk.open == []
    assert walk.step.awaits == ()


def test_an_escalation_nobody_catches_passes():
    body = S + throws("t", ESCALATION) + says("after") + end("e", ESCALATION)
    found = played(body + chain("s", "t", "after", "e"))
    assert (found.trace, found.end) == (("after",), "completed")


def test_an_error_of_a_called_process_reaches_the_edge_of_the_call():
    called = '<process id="q"><startEvent id="qs"/>' + end("qe", ERROR) + chain("qs", "qe")
    body = S + '<callActivity id="sub" calledElement="q"/>' + says("n", "caught") + end()
    body += boundary("b", "sub", ERROR) + chain("s", "sub", "n", "e") + chain("b", "caught")
    assert played(body, called + "</process>").trace == ("caught",)


def test_a_signal_reaches_everything_that_waits_and_nothing_that_waits_later():
    body = S + gateway("parallel", "f") + catch("c", SIGNAL) + says("heard", "late")
    body += steps("u") + throws("t", SIGNAL) + catch("c2", SIGNAL) + end() + end("e2")
    body += chain("s", "f", "c", "heard", "e") + chain("f", "u", "t", "c2", "late", "e2")
    walk = Walk(body)
    assert walk.step.awaits == (Awaited("signal", "S", "c"),)
    walk.do("u")
    assert walk.said == ["heard"]
    assert walk.step.thrown == (Thrown("signal", "S", "t"),)
    assert walk.step.awaits == (Awaited("signal", "S", "c2"),)
    walk.hear("signal", "S")
    assert walk.said == ["heard", "late"]
    assert walk.step.ended


def test_what_nobody_awaits_is_refused():
    walk = Walk(S + catch("c", SIGNAL) + end() + chain("s", "c", "e"))
    with pytest.raises(Conflict) as refused:
        walk.hear("signal", "S2")
    assert refused.value.code == "process.not_awaited"
    assert refused.value.params == {"kind": "signal", "name": "S2"}


@pytest.mark.parametrize("signal_first", [True, False], ids=["signal first", "task first"])
def test_an_edge_of_a_user_task_races_with_the_person(signal_first):
    body = S + steps("u") + says("done", "caught") + end() + boundary("b", "u", SIGNAL)
    walk = Walk(body + chain("s", "u", "done", "e") + chain("b", "caught"))
    if signal_first:
        walk.hear("signal", "S")
        assert walk.said == ["caught"]
    else:
        walk.do("u")
        assert walk.said == ["done"]
    assert walk.step.ended
    assert walk.step.awaits == ()


def test_a_person_may_be_reminded_as_often_as_the_message_comes():
    body = S + steps("u", "r") + end() + end("re") + boundary("b", "u", MESSAGE, False)
    walk = Walk(body + chain("s", "u", "e") + chain("b", "r", "re"))
    for _ in range(3):
        walk.hear("message", "M")
    assert sorted(walk.open) == ["r", "r", "r", "u"]
    walk.do("u")
    assert walk.step.awaits == ()


def test_a_receive_task_and_a_send_task_talk_between_two_cases():
    other = '<process id="q"><startEvent id="qs"/><receiveTask id="r" messageRef="M"/>'
    other += says("got") + end("qe") + chain("qs", "r", "got", "qe") + "</process>"
    body = S + '<sendTask id="send" messageRef="M"/>' + says("sent") + end()
    found = played(body + chain("s", "send", "sent", "e"), other, first=["q"])
    assert (found.trace, found.end) == (("got", "sent"), "completed")


@pytest.mark.parametrize(
    "begins",
    [
        starts("qs", MESSAGE),
        '<receiveTask id="qs" messageRef="M" instantiate="true"/>',
    ],
    ids=["message start", "receive task"],
)
def test_a_message_starts_another_process_of_the_file(begins):
    other = f'<process id="q">{begins}{says("got")}{end("qe")}{chain("qs", "got", "qe")}</process>'
    body = S + throws("t", MESSAGE) + end() + chain("s", "t", "e")
    assert played(body, other).trace == ("got",)


def test_a_gateway_of_events_starts_a_process_by_the_one_that_comes():
    choice = '<eventBasedGateway id="g" instantiate="true"/>'
    body = choice + catch("a", SIGNAL) + catch("b", MESSAGE) + says("sa", "sb") + end()
    body += chain("g", "a", "sa", "e") + chain("g", "b", "sb", "e")
    definition = read(body)
    assert definition.starters == (Awaited("signal", "S", "a"), Awaited("message", "M", "b"))
    walk = Walk(definition, by=Thrown("message", "M", "x"))
    assert walk.said == ["sb"]
    assert walk.step.ended


def test_a_process_with_two_starts_begins_at_the_one_that_is_meant():
    body = S + starts("m", MESSAGE) + says("plain", "called") + end()
    definition = read(body + chain("s", "plain", "e") + chain("m", "called", "e"))
    assert Walk(definition).said == ["plain"]
    assert Walk(definition, by=Thrown("message", "M", "x")).said == ["called"]
    with pytest.raises(Conflict, match=r"process\.not_awaited"):
        run.start(definition, {}, no_tables, NOW, by=Thrown("signal", "M", "x"))


@pytest.mark.parametrize(("chosen", "said"), [("S", "one"), ("S2", "two")])
def test_an_event_gateway_takes_what_comes_first_and_drops_the_rest(chosen, said):
    body = S + '<eventBasedGateway id="g"/>' + catch("a", SIGNAL) + catch("b", SIGNAL2)
    body += catch("c", timer("timeDuration", "PT1H")) + says("one", "two", "late") + end()
    body += chain("s", "g", "a", "one", "e") + chain("g", "b", "two", "e")
    body += chain("g", "c", "late", "e")
    walk = Walk(body)
    assert walk.step.next_due == NOW + timedelta(hours=1)
    walk.hear("signal", chosen)
    assert walk.said == [said]
    assert walk.step.ended
    assert walk.step.next_due is None


def test_a_terminate_end_ends_its_own_scope_alone():
    inner = drawing.start("is") + gateway("parallel", "f") + steps("u") + end("t", TERMINATE)
    inner += end("ue") + chain("is", "f", "u", "ue") + chain("f", "t")
    body = S + scope("sub", inner) + says("after") + end() + chain("s", "sub", "after", "e")
    found = played(body)
    assert (found.trace, found.end) == (("after",), "completed")


@pytest.mark.parametrize(
    ("start", "trace"), [(1, ("caught",)), (5, ("caught",)), (9, ("after", "normal"))]
)
def test_a_condition_on_the_edge_fires_when_a_change_makes_it_true(start, trace):
    inner = drawing.start("is") + drawing.script("x", f"{start} + 1", "amount") + says("after")
    sub = scope("sub", inner + end("ie") + chain("is", "x", "after", "ie"))
    body = with_edge("", when("amount < 7"), True, sub)
    found = played(body)
    assert found.trace == trace


def test_a_condition_that_is_true_already_fires_before_the_first_activity():
    inner = drawing.start("is") + says("x") + end("ie") + chain("is", "x", "ie")
    body = with_edge("", when("amount > 1"), True, scope("sub", inner))
    assert played(body, inputs={"amount": 2}).trace == ("caught",)
    assert played(body, inputs={"amount": 1}).trace == ("normal", "x")
    assert played(body).trace == ("normal", "x")


def test_a_condition_in_the_flow_waits_for_its_answer():
    body = S + gateway("parallel", "f") + catch("c", when("amount > 1")) + says("ok") + steps("u")
    body += end() + end("ue") + steps("v") + chain("s", "f", "c", "ok", "e")
    walk = Walk(body + chain("f", "u", "v", "ue"))
    assert walk.said == []
    walk.do("u", amount=2)
    assert walk.said == ["ok"]


def test_a_condition_that_does_not_interrupt_fires_each_time_it_becomes_true():
    inner = drawing.start("is") + steps("u") + gateway("exclusive", "h") + end("ie")
    inner += gateway("exclusive", "g", "f_g_ie") + chain("is", "h", "u", "g", "ie")
    inner += flow("g", "h", 'region != "end"')
    body = S + scope("sub", inner) + says("x") + end() + end("xe")
    body += boundary("b", "sub", when("amount > 1"), False)
    walk = Walk(body + chain("s", "sub", "e") + chain("b", "x", "xe"), region="")
    for amount, count in ((0, 0), (2, 1), (3, 1), (0, 1), (5, 2)):
        walk.do("u", amount=amount)
        assert walk.said == ["x"] * count


def test_any_one_of_several_definitions_fires():
    body = S + catch("c", SIGNAL + MESSAGE + timer("timeDuration", "PT1H")) + says("x") + end()
    body += chain("s", "c", "x", "e")
    for event in (("signal", "S"), ("message", "M"), None):
        walk = Walk(body)
        assert walk.step.next_due == NOW + timedelta(hours=1)
        if event is None:
            walk.wait(NOW + timedelta(hours=1))
        else:
            walk.hear(*event)
        assert walk.said == ["x"]
        assert walk.step.ended


@pytest.mark.parametrize("order", [("t", "S", "M"), ("M", "t", "S"), ("S", "M", "t")], ids=str)
def test_all_of_several_definitions_are_needed_in_any_order(order):
    inside = SIGNAL + MESSAGE + timer("timeDuration", "PT1H")
    body = S + catch("c", inside, 'parallelMultiple="true"') + says("x") + end()
    walk = Walk(body + chain("s", "c", "x", "e"))
    for event in order:
        assert walk.said == []
        if event == "t":
            walk.wait(NOW + timedelta(hours=1))
            assert walk.step.next_due is None
        else:
            walk.hear("signal" if event == "S" else "message", event)
    assert walk.said == ["x"]


def test_a_throw_of_several_throws_all():
    body = S + throws("t", SIGNAL + SIGNAL2 + MESSAGE) + end() + chain("s", "t", "e")
    thrown = Walk(body).step.thrown
    assert [(one.kind, one.name) for one in thrown] == [
        ("signal", "S"),
        ("signal", "S2"),
        ("message", "M"),
    ]


def test_of_two_edges_that_happen_at_once_the_first_in_time_interrupts():
    body = S + steps("u") + says("late", "early") + end()
    body += boundary("b2", "u", timer("timeDuration", "PT2H"))
    body += boundary("b1", "u", timer("timeDuration", "PT1H"))
    walk = Walk(body + chain("s", "u", "e") + chain("b2", "late") + chain("b1", "early"))
    walk.wait(NOW + timedelta(hours=3))
    assert walk.said == ["early"]
    assert walk.step.ended


def test_one_throw_of_two_events_lets_one_edge_interrupt():
    body = S + thrower(SIGNAL + SIGNAL2) + says("a", "b") + end()
    body += boundary("ba", "sub", SIGNAL) + boundary("bb", "sub", SIGNAL2)
    found = played(body + chain("s", "sub", "e") + chain("ba", "a") + chain("bb", "b"))
    assert found.trace == ("a",)


def test_the_outer_edge_wins_over_a_catch_inside():
    inner = drawing.start("is") + gateway("parallel", "f") + catch("c", SIGNAL) + says("inside")
    inner += steps("u") + end("ie") + chain("is", "f", "c", "inside", "ie") + chain("f", "u", "ie")
    walk = Walk(with_edge("", SIGNAL, True, scope("sub", inner)))
    walk.hear("signal", "S")
    assert walk.said == ["caught"]
    assert walk.step.ended


def test_a_storm_of_signals_is_bounded_and_named():
    body = S + gateway("exclusive", "m") + throws("t", SIGNAL) + end()
    body += gateway("exclusive", "g", "f_g_m") + chain("s", "m", "t", "g", "m")
    body += flow("g", "e", "false")
    with pytest.raises(Invalid) as refused:
        Walk(body)
    assert refused.value.code == "process.endless"
    assert refused.value.params["element"] in ("m", "t", "g")


def test_definitions_may_be_shared_by_several_events():
    shared = '<timerEventDefinition id="D"><timeDuration xsi:type="tFormalExpression">PT1H'
    shared += '</timeDuration></timerEventDefinition><signalEventDefinition id="G" signalRef="S"/>'
    ref = "<eventDefinitionRef>D</eventDefinitionRef>"
    body = S + steps("u") + says("x", "y") + end() + boundary("b", "u", ref, False)
    body += boundary("b2", "u", "<eventDefinitionRef>G</eventDefinitionRef>")
    walk = Walk(body + chain("s", "u", "e") + chain("b", "x") + chain("b2", "y"), shared)
    walk.wait(NOW + timedelta(hours=1))
    assert walk.said == ["x"]
    walk.hear("signal", "S")
    assert walk.said == ["x", "y"]
    assert walk.step.ended


def test_plain_events_in_the_flow_pass_the_token_on():
    body = S + throws("t", "") + says("x") + end() + chain("s", "t", "x", "e")
    assert played(body).trace == ("x",)


def test_who_observes_hears_of_scripts_even_if_the_command_fails():
    seen = []
    body = S + first() + drawing.script("x", "区域 * 2") + end() + chain("s", "zero", "x", "e")
    definition = read(body.replace("区域", "金额"))
    with pytest.raises(Invalid):
        run.start(definition, {"amount": "many"}, no_tables, NOW, observe=seen.append)
    assert [one.element for one in seen] == ["zero"]


def test_a_case_without_events_tells_nothing():
    walk = Walk(line("a"))
    assert walk.said == ["a"]
    assert walk.step.thrown == walk.step.awaits == ()
    assert walk.step.failure is None


@pytest.mark.parametrize(
    "body",
    [
        S + catch("c", definition("message", "nobody")) + end() + chain("s", "c", "e"),
        S + throws("c", definition("signal", "nobody")) + end() + chain("s", "c", "e"),
        S + end("c", definition("error", "nobody")) + chain("s", "c"),
        S + catch("c", "<eventDefinitionRef>nobody</eventDefinitionRef>") + end()
        + chain("s", "c", "e"),
    ],
    ids=["message", "signal", "error", "shared definition"],
)  # fmt: skip
def test_a_reference_to_nothing_is_refused_at_its_event(body):
    with pytest.raises(Invalid) as refused:
        read(body)
    named = [refused.value.params, *refused.value.params.get("findings", [])]
    assert "c" in [one["element"] for one in named]
