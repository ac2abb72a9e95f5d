"""Walks: every flow of small diagrams is taken, and what cannot be taken is said."""

from decimal import Decimal

import pytest

from engine.processes.definition import read_definition
from tests.engine.processes.drawing import (
    boundary,
    chain,
    document,
    end,
    flow,
    gateway,
    instances,
    read,
    rule,
    script,
    step,
    steps,
    timer,
)
from tests.engine.processes.drawing import start as begin
from tests.engine.processes.walking import walk

S = begin()
BACK = S + gateway("exclusive", "again") + steps("a", "b") + gateway("exclusive", "g") + end()
BACK += chain("s", "again", "a", "b", "g") + flow("g", "again", '审批决定 = "refuse"')
BACK += flow("g", "e", '审批决定 = "grant"')
DECIDED = S + rule("r", "authority", "verdict") + gateway("exclusive", "g", "f_g_c")
DECIDED += steps("a", "b", "c") + end() + chain("s", "r", "g") + chain("a", "e") + chain("b", "e")
DECIDED += flow("g", "a", 'verdict.level = "high"') + flow("g", "b", "verdict.amount >= 500")
DECIDED += flow("g", "c") + chain("c", "e")
INCLUSIVE = S + gateway("inclusive", "f", "f_f_c") + steps("a", "b", "c")
INCLUSIVE += gateway("inclusive", "j") + end() + chain("s", "f") + flow("f", "a", "金额 > 10")
INCLUSIVE += flow("f", "b", "现场勘查") + flow("f", "c") + chain("a", "j", "e")
INCLUSIVE += chain("b", "j") + chain("c", "j")
PARALLEL = S + gateway("parallel", "f") + steps("a", "b") + gateway("parallel", "j") + end()
PARALLEL += chain("s", "f", "a", "j", "e") + chain("f", "b", "j")
LATE = S + steps("a", "b") + boundary("late", "a", timer("timeDuration", "P5D")) + end()
LATE += end("e2") + chain("s", "a", "e") + chain("late", "b", "e2")
EACH = S + step("a", instances()) + end() + chain("s", "a", "e")
INSIDE = begin("s1") + gateway("exclusive", "g") + steps("x", "y") + end("e1") + end("e2")
INSIDE += chain("s1", "g") + flow("g", "x", "金额 > 10") + flow("g", "y", "金额 <= 10")
INSIDE = f'<subProcess id="p1">{INSIDE}{chain("x", "e1")}{chain("y", "e2")}</subProcess>'
NESTED = S + steps("a") + INSIDE + steps("b") + end() + chain("s", "a", "p1", "b", "e")

MESSAGE = (
    '<message id="m1" name="paid"/><message id="m2" name="sent"/><error id="bad" errorCode="B"/>'
)
PAID, SENT = (
    '<messageEventDefinition messageRef="m1"/>',
    '<messageEventDefinition messageRef="m2"/>',
)
FAILS = '<errorEventDefinition errorRef="bad"/>'
CATCH = '<intermediateCatchEvent id="{0}">{1}</intermediateCatchEvent>'
WAITS = S + steps("a") + CATCH.format("c", PAID) + end() + chain("s", "a", "c", "e")
FIRST = S + gateway("eventBased", "g") + CATCH.format("c", PAID) + CATCH.format("d", SENT)
FIRST += CATCH.format("l", timer("timeDuration", "P5D")) + steps("x", "y", "z") + end()
FIRST += chain("s", "g", "c", "x", "e") + chain("g", "d", "y", "e") + chain("g", "l", "z", "e")
CALLED_UP = f'<startEvent id="s">{PAID}</startEvent><startEvent id="s2">{SENT}</startEvent>'
CALLED_UP += steps("a", "b") + end() + chain("s", "a", "e") + chain("s2", "b", "e")
UNDO = "<compensateEventDefinition/>"
HANDLER = step("undo", attributes='isForCompensation="true"')
PAY = begin("s1") + steps("pay") + gateway("exclusive", "g") + end("ok")
PAY += end("no", "<cancelEventDefinition/>") + end("err", FAILS) + chain("s1", "pay", "g")
PAY += (
    flow("g", "ok", '审批决定 = "grant"') + flow("g", "no", "金额 > 5") + flow("g", "err", "true")
)
PAY += f'<boundaryEvent id="b" attachedToRef="pay">{UNDO}</boundaryEvent>{HANDLER}'
PAY += '<association id="l" associationDirection="One" sourceRef="b" targetRef="undo"/>'
TRADE = S + f'<transaction id="tx">{PAY}</transaction>' + steps("x", "y", "z") + end()
TRADE += boundary("left", "tx", "<cancelEventDefinition/>") + boundary("broke", "tx", FAILS)
TRADE += chain("s", "tx", "x", "e") + chain("left", "y", "e") + chain("broke", "z", "e")


@pytest.mark.parametrize(
    "body",
    [BACK, DECIDED, INCLUSIVE, PARALLEL, LATE, EACH, NESTED, WAITS, FIRST, CALLED_UP, TRADE],
    ids=[
        "a way back",
        "decisions of a table",
        "an inclusive choice",
        "parallel branches",
        "a task that is late",
        "a task for each unit",
        "a choice inside a sub-process",
        "a message that comes in",
        "what happens first of three",
        "two messages that start it",
        "a transaction with three ways out",
    ],
)
def test_every_flow_and_every_task_is_taken_and_every_run_ends(body):
    definition = read_definition(document(body, rest=MESSAGE))
    walked = walk(definition)
    assert walked.not_taken == ()
    assert walked.not_done == ()
    assert walked.ended
    assert walked.steps == definition.tasks.keys()


def test_a_run_says_its_steps_in_order_and_its_end():
    walked = walk(read(BACK))
    longest = max(walked.runs, key=lambda run: len(run.steps))
    assert [name for name in longest.steps if name in ("a", "b")] == ["a", "b", "a", "b"]
    assert {run.end for run in walked.runs} == {"e"}


def test_a_flow_that_no_values_open_is_said():
    body = S + steps("t") + script("x", "3") + gateway("exclusive", "g", "f_g_e") + end()
    body += end("never") + chain("s", "t", "x", "g") + flow("g", "never", "total > 5")
    walked = walk(read(body + flow("g", "e")))
    assert walked.not_taken == ("f_g_never",)
    assert walked.ended


def test_a_case_that_gets_stuck_is_said():
    body = S + gateway("exclusive", "g") + gateway("parallel", "j") + steps("a", "b") + end()
    body += chain("s", "g") + flow("g", "a", "金额 > 1") + flow("g", "b", "金额 <= 1")
    walked = walk(read(body + chain("a", "j", "e") + chain("b", "j")))
    assert not walked.ended
    assert {run.stopped for run in walked.runs} == {"waits"}
    assert walked.not_taken == ("f_j_e",)


def test_answers_come_from_the_caller_and_every_step_is_looked_at():
    asked, seen = [], []

    def fill(task, wanted, data):
        asked.append((task.step, dict(wanted)))
        return {"decision_outcome": "refuse" if len(asked) < 3 else "grant"}

    walked = walk(read(BACK), fill, seen.append)
    assert walked.not_taken == ()
    assert {step for step, _ in asked} == {"a", "b"}
    assert len(seen) == len(asked) + len(walked.runs)


def test_a_walk_leaves_no_trace_on_the_definition():
    definition = read(BACK)
    before = [len(spec.completed_event.hard_subscribers or ()) for spec in _specs(definition)]
    walk(definition)
    after = [len(spec.completed_event.hard_subscribers or ()) for spec in _specs(definition)]
    assert after == before


def _specs(definition):
    return list(definition.spec.task_specs.values())


def test_numbers_are_tried_beside_what_a_condition_names():
    body = S + steps("t") + gateway("exclusive", "g") + end("low") + end("mid") + end("high")
    body += chain("s", "t", "g") + flow("g", "low", "金额 < 100.5")
    body += flow("g", "mid", "金额 < 5000") + flow("g", "high", "金额 >= 5000")
    seen = []
    walked = walk(read(body), look=lambda step: seen.append(step.data["amount"]))
    assert walked.not_taken == ()
    assert {run.end for run in walked.runs} == {"low", "mid", "high"}
    assert any(amount < Decimal("100.5") for amount in seen)
