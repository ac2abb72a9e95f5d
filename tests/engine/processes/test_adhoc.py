"""Ad-hoc sub-processes: each activity once, in turn or at once, until enough is done."""

import pytest

from tests.engine.processes.activities import INNER, formal, line, part, run, traced
from tests.engine.processes.drawing import chain, complete, end, open_steps, steps

ORDERS = pytest.mark.parametrize("order", ["Sequential", "Parallel"])
SLOW = '<subProcess id="slow"><startEvent id="is"/>' + steps("u") + end("ie")
SLOW += chain("is", "u", "ie") + "</subProcess>"


def adhoc(content, order, more="", cancels="true"):
    said = f'ordering="{order}" cancelRemainingInstances="{cancels}"'
    return line(part(content + more, "adHocSubProcess", said), "sub")


@ORDERS
@pytest.mark.parametrize(
    ("content", "trace"),
    [
        (traced("a", "b"), "abz"),
        (traced("a", "b", "c") + chain("a", "c"), "abcz"),
        (traced("a") + f'<subProcess id="q">{INNER}</subProcess>', "axz"),
    ],
    ids=["two scripts", "a flow inside", "a sub-process inside"],
)
def test_automatic_activities_are_performed_once_each(order, content, trace):
    _, step, found = run(adhoc(content, order))
    assert found == sorted(trace)
    assert step.ended


@ORDERS
def test_enough_is_enough(order):
    until = formal("completionCondition", "count(log) >= 1")
    assert run(adhoc(traced("a", "b"), order, until))[2] == ["a", "z"]


@ORDERS
@pytest.mark.parametrize("cancels", ["true", "false"])
def test_what_is_open_when_it_is_enough_is_cancelled_or_finished(order, cancels):
    until = formal("completionCondition", "done")
    definition, case, _ = run(adhoc(steps("a", "b"), order, until, cancels), done=False)
    assert sorted(open_steps(case)) == ["a", "b"]
    case = complete(definition, case, "a", done=True)
    if cancels == "false":
        assert open_steps(case) == ["b"]
        case = complete(definition, case, "b")
    assert case.ended


@ORDERS
def test_user_tasks_are_offered_together_and_each_once(order):
    definition, case, _ = run(adhoc(steps("a", "b"), order))
    case = complete(definition, case, "b")
    assert open_steps(case) == ["a"]
    assert complete(definition, case, "a").ended


def test_in_turn_what_takes_its_time_waits_for_the_others_and_they_for_it():
    definition, case, _ = run(adhoc(SLOW + steps("a"), "Sequential"))
    first = open_steps(case)
    assert len(first) == 1
    case = complete(definition, case, first[0])
    assert open_steps(case) == [{"u": "a", "a": "u"}[first[0]]]
    assert complete(definition, case, open_steps(case)[0]).ended
