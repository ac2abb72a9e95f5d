"""Loops of every kind over every kind of activity."""

import pytest

from engine.kernel.errors import Invalid
from engine.processes.instances import MAX_ITEMS
from tests.engine.processes.activities import (
    LISTENS,
    SIGNAL,
    S,
    formal,
    inside,
    line,
    loop,
    part,
    run,
    times,
    traced,
)
from tests.engine.processes.drawing import (
    boundary,
    chain,
    complete,
    end,
    open_steps,
    read,
    script,
    step,
)

MANY, SINGLE = "multiInstance", "standard"
ORDERS = pytest.mark.parametrize("order", ["true", "false"], ids=["in turn", "at once"])


@ORDERS
@pytest.mark.parametrize(
    ("number", "turns"), [("3", 3), ("0", 0), ("wanted", 2), ("wanted - 1", 1)]
)
def test_a_script_runs_as_often_as_the_cardinality_says(order, number, turns):
    body = line(inside(traced("t"), loop(MANY, times(number), isSequential=order)))
    _, step, trace = run(body, wanted=2)
    assert trace == ["t"] * turns + ["z"]
    assert step.ended


@ORDERS
@pytest.mark.parametrize("number", ["-1", "1.5", '"two"', "true", "null"])
def test_a_cardinality_that_is_no_number_of_times_names_the_activity(order, number):
    body = line(inside(traced("t"), loop(MANY, times(number), isSequential=order)))
    with pytest.raises(Invalid) as refused:
        run(body)
    assert refused.value.code == "process.cardinality"
    assert refused.value.params["element"] == "t"


@ORDERS
def test_there_is_a_most_of_instances(order):
    body = line(inside(traced("t"), loop(MANY, times(MAX_ITEMS + 1), isSequential=order)))
    with pytest.raises(Invalid, match=r"process\.too_many_items"):
        run(body)


@ORDERS
def test_the_inside_of_a_sub_process_sees_the_item_and_writes_the_one_log(order):
    mark = loop(
        MANY,
        '<loopDataInputRef>list</loopDataInputRef><inputDataItem id="unit" name="unit"/>',
        isSequential=order,
    )
    content = '<startEvent id="is"/>' + script("x", "append(log, unit)", "log") + end("ie")
    body = '<dataObject id="list" name="units"/>' + line(
        part(mark + content + chain("is", "x", "ie")), "sub"
    )
    _, step, trace = run(body, units=["发改", "规划"])
    assert trace == sorted(["发改", "规划", "z"])
    assert step.ended


@ORDERS
def test_what_each_instance_makes_is_gathered_in_the_order_of_the_items(order):
    mark = loop(
        MANY,
        "<loopDataInputRef>units</loopDataInputRef><loopDataOutputRef>made</loopDataOutputRef>"
        '<inputDataItem id="unit"/><outputDataItem id="twice"/>',
        isSequential=order,
    )
    _, step, _ = run(line(inside(script("t", "unit * 2", "twice"), mark)), units=[1, 2, 3])
    assert [int(one) for one in step.data["made"]] == [2, 4, 6]
    assert "twice" not in step.data


@ORDERS
def test_the_rest_is_not_waited_for_when_the_completion_condition_holds(order):
    until = formal("completionCondition", "numberOfCompletedInstances >= 2")
    body = line(inside(traced("t"), loop(MANY, times(5) + until, isSequential=order)))
    assert run(body)[2] == ["t", "t", "z"]


@ORDERS
def test_instances_of_a_person_without_a_gathered_answer_write_variables(order):
    body = S + step("t", loop(MANY, times(2), isSequential=order)) + end() + chain("s", "t", "e")
    definition = read(body)
    _, case, _ = run(body)
    for number in (1, 2):
        case = complete(definition, case, "t", said=number)
    assert case.ended
    assert case.data["said"] == 2


@ORDERS
@pytest.mark.parametrize(
    ("behavior", "ref", "interrupts", "trace"),
    [
        ("All", "", True, ["t", "t", "t", "z"]),
        ("None", 'noneBehaviorEventRef="shared"', False, ["b", "b", "b", "t", "t", "t", "z"]),
        ("One", 'oneBehaviorEventRef="shared"', False, ["b", "t", "t", "t", "z"]),
        ("One", 'oneBehaviorEventRef="shared"', True, ["b", "t"]),
    ],
    ids=["no event", "one each", "one for the first", "the first stops the rest"],
)
def test_instances_throw_what_their_behaviour_says(order, behavior, ref, interrupts, trace):
    mark = loop(MANY, times(3), isSequential=order, behavior=behavior)
    mark = mark.replace(" isSequential", f" {ref} isSequential")
    body = line(inside(traced("t"), mark)) + boundary("edge", "t", LISTENS, interrupts)
    body += traced("b") + end("e2") + chain("edge", "b", "e2")
    _, step, found = run(body, rest=SIGNAL)
    assert found == trace
    assert step.ended


@ORDERS
def test_a_complex_behaviour_throws_when_its_condition_holds(order):
    rule = "<complexBehaviorDefinition>" + formal("condition", "numberOfCompletedInstances = 2")
    rule += f'<event id="ite">{LISTENS}</event></complexBehaviorDefinition>'
    mark = loop(MANY, times(3) + rule, isSequential=order, behavior="Complex")
    body = line(inside(traced("t"), mark)) + boundary("edge", "t", LISTENS, False)
    body += traced("b") + end("e2") + chain("edge", "b", "e2")
    assert run(body, rest=SIGNAL)[2] == ["b", "t", "t", "t", "z"]


@pytest.mark.parametrize(
    ("condition", "attributes", "turns"),
    [
        ("", {"loopMaximum": "3"}, 3),
        ("false", {"testBefore": "true"}, 0),
        ("false", {"testBefore": "false"}, 1),
        ("count(log) < 4", {"testBefore": "true"}, 4),
        ("true", {"loopMaximum": "5"}, 5),
        ("loopCounter < 3", {}, 3),
    ],
    ids=["a maximum", "tested before", "tested after", "over the log", "both", "its counter"],
)
@pytest.mark.parametrize("whole", [False, True], ids=["a script", "a sub-process"])
def test_a_loop_turns_while_its_condition_holds(condition, attributes, turns, whole):
    mark = loop(SINGLE, formal("loopCondition", condition) if condition else "", **attributes)
    activity = inside(part() if whole else traced("t"), mark)
    _, step, trace = run(line(activity, "sub" if whole else "t"))
    assert trace == ["x" if whole else "t"] * turns + ["z"]
    assert step.ended


def test_stopping_instances_stops_what_runs_inside_them():
    content = '<startEvent id="is"/>' + step("u") + end("ie") + chain("is", "u", "ie")
    body = S + part(loop(MANY, times(3)) + content) + step("w") + end()
    body += boundary("edge", "sub", LISTENS) + end("e2") + chain("edge", "e2")
    body += '<intermediateThrowEvent id="throw">' + LISTENS + "</intermediateThrowEvent>"
    body += '<parallelGateway id="f"/>' + end("e3") + chain("s", "f", "sub", "e")
    body += chain("f", "w", "throw", "e3")
    definition, case, _ = run(body, rest=SIGNAL)
    assert sorted(open_steps(case)) == ["u", "u", "u", "w"]
    case = complete(definition, case, "w")
    assert case.open == ()
    assert case.ended
