"""What stands for something else: calls of global tasks, missing starts, quantities."""

import pytest

from engine.kernel.errors import Invalid
from tests.engine.processes.activities import S, line, loop, part, run, said, times, traced
from tests.engine.processes.drawing import chain, end, open_steps, read

SCRIPT = '<globalScriptTask id="G" scriptLanguage="feel" hall:result="log">'
SCRIPT += '<script>append(log, "G")</script></globalScriptTask>'


def call(inside="", name="t"):
    return f'<callActivity id="{name}" calledElement="G">{inside}</callActivity>'


def test_a_global_script_runs_where_it_is_called():
    assert run(line(call()), rest=SCRIPT)[2] == ["G", "z"]


def test_a_call_of_a_global_task_can_have_instances():
    many = call(loop("multiInstance", times(2)))
    assert run(line(many), rest=SCRIPT)[2] == ["G", "G", "z"]


@pytest.mark.parametrize("kind", ["globalUserTask", "globalManualTask", "globalTask"])
def test_a_global_task_of_a_person_waits_for_one(kind):
    _, step, _ = run(line(call()), rest=f'<{kind} id="G" name="现场核验"/>')
    assert open_steps(step) == ["t"]
    assert step.open[0].name == "现场核验"


def test_what_no_flow_leads_to_begins_when_there_is_no_start():
    _, step, trace = run(traced("a", "b", "c") + chain("a", "b"))
    assert trace == ["a", "b", "c"]
    assert step.ended


def test_a_sub_process_without_a_start_begins_as_well():
    assert run(line(part(traced("a", "b")), "sub"))[2] == ["a", "b", "z"]


def test_an_activity_produces_several_tokens():
    assert run(line(said(traced("t"), 'completionQuantity="3"')))[2] == ["t", "z", "z", "z"]


@pytest.mark.parametrize(("made", "runs", "ends"), [(2, 1, True), (4, 2, True), (3, 1, False)])
def test_an_activity_consumes_several_tokens_at_once(made, runs, ends):
    body = S + said(traced("a"), f'completionQuantity="{made}"')
    body += said(traced("t"), 'startQuantity="2"') + end() + chain("s", "a", "t", "e")
    _, step, trace = run(body)
    assert trace == ["a"] + ["t"] * runs
    assert step.ended is ends


@pytest.mark.parametrize("number", ["0", "-1", "201", "99999"])
def test_a_quantity_that_no_case_can_hold_is_refused(number):
    with pytest.raises(Invalid) as refused:
        read(line(said(traced("t"), f'startQuantity="{number}"')))
    assert refused.value.params["element"] == "t"
