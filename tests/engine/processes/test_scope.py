"""Names at a task: the nearest wins, the variables of the process come last."""

from types import SimpleNamespace

from engine.processes.scope import answer, keep, report, seen


def task(data, **internal):
    workflow = SimpleNamespace(tasks={}, parent_task_id=None)
    return SimpleNamespace(
        data=data, internal_data=internal, workflow=workflow, _parent=None, task_spec=None
    )


def test_without_anything_of_its_own_a_task_sees_the_variables_themselves():
    data = {"a": 1}
    assert seen(task(data)) is data


def test_an_item_hides_a_variable_of_its_name():
    one = task({"a": 1, "b": 2}, item={"a": 3}, key_or_index=0)
    assert seen(one) == {"a": 3, "b": 2, "loopCounter": 1}
    assert one.data == {"a": 1, "b": 2}


def test_a_name_that_a_task_owns_stays_with_it():
    one = task({"a": 1}, local={"a": None})
    keep(one, "a", 2)
    keep(one, "b", 3)
    keep(one, "a", 4, outside=True)
    assert one.internal_data["local"] == {"a": 2}
    assert one.data == {"a": 4, "b": 3}


def test_answers_stay_with_an_instance_that_gathers_them():
    gathers, plain = task({}, answers={}), task({})
    for one in (gathers, plain):
        answer(one, {"a": 1})
    assert gathers.internal_data["answers"] == {"a": 1}
    assert gathers.data == {}
    assert plain.data == {"a": 1}


def test_what_a_child_reports_stands_under_the_name_of_the_call_or_with_its_instance():
    gathers, single = task({}, answers={}), task({})
    for one in (gathers, single):
        one.task_spec = SimpleNamespace(bpmn_id="ask", name="ask")
        report(one, {"outcome": "granted"})
    assert gathers.internal_data["answers"] == {"outcome": "granted"}
    assert gathers.data == {}
    assert single.data == {"ask": {"outcome": "granted"}}
