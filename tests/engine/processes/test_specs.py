"""Specs are shared by all cases of a version: no command may change one (D8)."""

import random
from datetime import timedelta

import pytest

from engine.processes.definition import read_definition
from engine.processes.run import advance, start, wake
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    Answer,
    boundary,
    chain,
    document,
    end,
    flow,
    gateway,
    instances,
    rule,
    script,
    step,
    steps,
    timer,
)

S = drawing.start()
INNER = drawing.start("is") + steps("x") + end("ie") + chain("is", "x", "ie")
LOOP = '<standardLoopCharacteristics loopMaximum="2"/>'
EVERYTHING = (
    S + rule("r", "authority", "verdict") + script("sum", "1 + 1") + gateway("parallel", "f")
    + step("many", instances()) + step("turn", instances(sequential=True, output="others")
    .replace('id="unit"', 'id="place"').replace('id="answer"', 'id="word"'))
    + step("twice", LOOP) + f'<subProcess id="sub">{INNER}</subProcess>'
    + steps("late", "last") + gateway("parallel", "j") + gateway("inclusive", "i")
    + gateway("inclusive", "k") + gateway("exclusive", "g", "f_g_e") + end() + end("le")
    + chain("s", "r", "sum", "f", "many", "j") + chain("f", "turn", "j") + chain("f", "twice", "j")
    + chain("f", "sub", "j", "i") + flow("i", "last", "true") + flow("i", "k", "金额 > 3")
    + chain("last", "k", "g", "e") + flow("g", "last", "金额 > 5")
    + boundary("w", "many", timer("timeCycle", "R3/P1D"), interrupts=False)
    + chain("w", "late", "le")
)  # fmt: skip


def fingerprint(definition):
    """Return everything of the specs that a run could change, in a comparable form."""
    found = []
    for spec in (definition.spec, *definition.parts.values()):
        for name, task in spec.task_specs.items():
            events = [
                event.n_subscribers()
                for event in (task.completed_event, task.ready_event, task.update_event)
            ]
            plain = {
                key: value
                for key, value in vars(task).items()
                if isinstance(value, str | int | list | dict | type(None))
            }
            found.append((name, events, repr(sorted(plain.items(), key=str))))
    return found


def decide(table, facts):
    return Answer({"allowed": True})


@pytest.fixture(scope="module")
def definition():
    return read_definition(document(EVERYTHING))


def test_a_thousand_random_commands_leave_the_specs_as_they_were(definition):
    chance = random.Random(20151026)  # noqa: S311  # a walk, not a secret
    before = fingerprint(definition)
    commands = ended = 0
    while commands < 1000:
        now = NOW
        case = start(definition, {"units": [1, 2], "amount": 4}, decide, now)
        while not case.ended and commands < 1000:
            commands += 1
            if chance.random() < 0.1:
                now += timedelta(days=1)
                case = wake(definition, case.state, decide, now)
                continue
            task = chance.choice(case.open)
            answers = {"amount": chance.choice([1, 4, 6]), "said": chance.random() < 0.5}
            case = advance(definition, case.state, task.id, answers, decide, now)
        ended += case.ended
    assert ended > 20
    assert fingerprint(definition) == before


def test_a_loop_turns_as_often_as_it_says(definition):
    body = S + step("t", LOOP) + end() + chain("s", "t", "e")
    twice = read_definition(document(body))
    case = start(twice, {}, decide, NOW)
    turns = 0
    while not case.ended:
        case = advance(twice, case.state, case.open[0].id, {"n": turns}, decide, NOW)
        turns += 1
    assert turns == 2
    assert case.data == {"n": 1}
