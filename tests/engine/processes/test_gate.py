"""What our gate asks beyond the standard: names, reasons, a way back, deadlines in time."""

import pytest

from engine.processes.check import findings
from engine.processes.load import load
from tests.engine.processes.drawing import (
    boundary,
    call,
    chain,
    document,
    end,
    flow,
    gateway,
    start,
    step,
    steps,
    timer,
)

FORMS = {"f": {"outcome": "结论", "refuse_reason": "不予许可的理由"}, "bare": {"outcome": "结论"}}


def task(name, form="f", **said):
    return step(name, role="clerk", form=form, **said)


def told(body, forms=FORMS):
    return {(one.code, one.element, one.severity) for one in findings(load(document(body)), None,
                                                                      forms)}  # fmt: skip


def line(*drawn, names):
    return start() + "".join(drawn) + end() + chain("s", *names, "e")


def refusing(form):
    return (
        start() + task("x", form) + gateway("exclusive", "g", "f_g_e") + end()
        + '<endEvent id="refused" name="不予许可"/>' + chain("s", "x", "g", "e")
        + flow("g", "refused", "金额 > 1")
    )  # fmt: skip


def test_a_plain_process_is_accepted():
    assert told(line(task("x"), names=["x"])) == set()


def test_two_steps_of_one_name_are_refused():
    twin = task("y").replace('name="y"', 'name="x"')
    assert ("process.same_name", "y", "error") in told(line(task("x"), twin, names=["x", "y"]))


@pytest.mark.parametrize("name", ["其他材料审查", "必要时复核", "Task_0x1", "Activity 1", "TODO"])
def test_a_name_that_says_nothing_is_a_warning(name):
    drawn = task("x").replace('name="x"', f'name="{name}"')
    assert told(line(drawn, names=["x"])) == {("process.vague_name", "x", "warning")}


def test_a_step_that_may_refuse_without_a_reason_is_refused():
    assert told(refusing("f")) == {("process.no_name", "e", "warning")}
    assert ("process.no_reason", "x", "error") in told(refusing("bare"))


def test_without_the_fields_of_the_forms_reasons_are_not_asked():
    assert ("process.no_reason", "x", "error") not in told(refusing("bare"), {"f", "bare"})


def test_only_the_last_step_before_a_refusal_needs_the_reason():
    body = refusing("f").replace('<startEvent id="s"/>', '<startEvent id="s"/>' + task("a", "bare"))
    body = body.replace(flow("s", "x"), chain("s", "a", "x"))
    assert not any(code == "process.no_reason" for code, _, _ in told(body))


def not_accepting(name="x", back=""):
    return (
        start() + task("x").replace('name="x"', f'name="{name}"')
        + gateway("exclusive", "g", "f_g_e") + '<endEvent id="e" name="办结"/>'
        + '<endEvent id="n" name="不予受理"/>' + chain("s", "x", "g", "e")
        + flow("g", "n", "金额 > 1") + back
    )  # fmt: skip


def test_a_process_that_may_refuse_to_accept_needs_a_way_to_supplement():
    assert ("process.no_supplement", "n", "error") in told(not_accepting())
    back = flow("g", "x", "金额 > 2")
    for right in (not_accepting("补正通知"), not_accepting(back=back)):
        assert not any(code == "process.no_supplement" for code, _, _ in told(right))


@pytest.mark.parametrize(
    ("text", "late"),
    [("P3D", False), ("P7D", False), ("P10D", True), ("P2W", True), ("PT2H", False)],
)
def test_a_deadline_after_the_days_of_its_step_is_refused(text, late):
    body = line(task("x", days="5"), names=["x"])
    body += boundary("d", "x", timer("timeDuration", text)) + '<endEvent id="de" name="超时"/>'
    found = told(body + chain("d", "de"))
    assert (("process.late_deadline", "d", "error") in found) is late


def test_a_process_without_a_name_is_refused():
    nameless = document(line(task("x"), names=["x"])).replace(' name="测试"'.encode(), b"")
    found = findings(load(nameless), None, FORMS)
    assert [one.code for one in found] == ["process.no_name"]


def test_the_standard_alone_does_not_ask():
    twin = steps("y").replace('name="y"', 'name="x"')
    assert findings(load(document(line(steps("x"), twin, names=["x", "y"]))), None, None) == []


def test_a_script_task_without_a_script_runs_by_the_standard_and_is_refused_by_the_gate():
    body = line('<scriptTask id="x" name="空"/>', names=["x"])
    assert told(body, None) == set()
    assert ("process.no_script", "x", "error") in told(body)


def test_a_call_that_opens_a_child_case_says_its_name_and_its_days():
    def asked(drawn):
        root = load(document(line(drawn, names=["x"])))
        return {(one.code, one.element) for one in findings(root, None, FORMS, ["opinion"])}

    assert asked(call("x", "opinion", days="5")) == set()
    assert asked(call("x", "opinion")) == {("process.child_without_days", "x")}
    unnamed = call("x", "opinion", days="5").replace('name="x"', 'name=" "')
    assert asked(unnamed) == {("process.no_name", "x")}
