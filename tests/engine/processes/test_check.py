"""Every rule of the lint refuses what it is about, with the element, and nothing else."""

import pytest

from engine.kernel.errors import Invalid
from engine.processes.definition import read_definition
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    HEAD,
    boundary,
    chain,
    document,
    end,
    flow,
    gateway,
    rule,
    script,
    step,
    steps,
    timer,
)

S = drawing.start()
DONE = S + steps("t") + end() + chain("s", "t", "e")


def around(drawn, name="x"):
    """Return a body in which one drawn element stands between start and end."""
    return S + drawn + end() + chain("s", name, "e")


def beside(drawn):
    return DONE + drawn


def catch(inside, name="x"):
    return f'<intermediateCatchEvent id="{name}">{inside}</intermediateCatchEvent>'


def throw(inside, name="x"):
    return f'<intermediateThrowEvent id="{name}">{inside}</intermediateThrowEvent>'


SUB_BODY = drawing.start("is") + end("ie") + chain("is", "ie")
EVENT_SUB = (
    '<subProcess id="x" triggeredByEvent="true"><startEvent id="is">'
    + timer("timeDuration", "P1D")
    + "</startEvent>"
    + end("ie")
    + chain("is", "ie")
    + "</subProcess>"
)
LINK = '<linkEventDefinition name="L"/>'

REFUSED = {
    "a service task (D11)": (around('<serviceTask id="x"/>'), "process.not_supported", "x"),
    "a cancel end (D13)": (
        S + end("x", "<cancelEventDefinition/>") + chain("s", "x"),
        "process.cancel_outside",
        "x",
    ),
    "an error caught in the flow (D13)": (
        around(catch("<errorEventDefinition/>")),
        "process.wrong_trigger",
        "x",
    ),
    "a completion quantity (D25)": (
        around(step("x", attributes='completionQuantity="0"')),
        "process.quantity",
        "x",
    ),
    "a loop of minus one turns (D25)": (
        around(step("x", '<standardLoopCharacteristics loopMaximum="-1"/>')),
        "process.loop_maximum",
        "x",
    ),
    "a loop without an end": (
        around(step("x", "<standardLoopCharacteristics/>")),
        "process.endless_loop",
        "x",
    ),
    "a catch of nothing": (around(catch("")), "process.no_event", "x"),
    "a timer without a time": (
        around(catch("<timerEventDefinition/>")),
        "process.no_time",
        "x",
    ),
    "months, which have no fixed length (D29)": (
        around(catch(timer("timeDuration", "P1M"))),
        "process.time",
        "x",
    ),
    "a timer of 10,000 years": (
        around(catch(timer("timeDuration", "P99999W"))),
        "process.time_range",
        "x",
    ),
    "a repetition of nothing": (
        around(catch(timer("timeCycle", "R/PT0S"))),
        "process.time",
        "x",
    ),
    "a year of five digits": (
        around(catch(timer("timeDate", "12026-01-01"))),
        "process.time",
        "x",
    ),
    "a link without its other end (D9)": (around(throw(LINK)), "process.link", "x"),
    "a flow to nowhere": (
        S + steps("t") + chain("s", "t") + flow("t", "ghost", name="x"),
        "process.dangling",
        "x",
    ),
    "a flow into a sub-process": (
        around(f'<subProcess id="x">{SUB_BODY}</subProcess>') + flow("x", "ie", name="y"),
        "process.crosses_border",
        "y",
    ),
    "a boundary event on nothing": (
        beside(boundary("x", "ghost", timer("timeDuration", "P1D")) + end("xe") + chain("x", "xe")),
        "process.dangling",
        "x",
    ),
    "a flow into the start": (DONE + flow("t", "s", name="x"), "process.way_into_start", "s"),
    "a flow out of an end": (DONE + flow("e", "t", name="x"), "process.way_out_of_end", "e"),
    "a task that nothing reaches (D14)": (
        DONE + steps("x") + chain("x", "e"),
        "process.unreachable",
        "x",
    ),
    "an event gateway that leads to a task": (
        S + '<eventBasedGateway id="g"/>' + steps("t") + end() + chain("s", "g")
        + flow("g", "t", name="x") + chain("t", "e"),
        "process.event_choice",
        "x",
    ),
    "a script in Python": (
        around(script("x", "import os", language="python")),
        "process.script_language",
        "x",
    ),
    "a script without a result": (
        around('<scriptTask id="x" scriptFormat="feel"><script>1</script></scriptTask>'),
        "process.no_result",
        "x",
    ),
    "a script without a text": (around(script("x", " ")), "process.no_script", "x"),
    "a condition in Groovy": (
        S + steps("t") + end() + chain("s", "t")
        + '<sequenceFlow id="x" sourceRef="t" targetRef="e"><conditionExpression '
        'xsi:type="tFormalExpression" language="groovy">true</conditionExpression></sequenceFlow>',
        "process.script_language",
        "x",
    ),
    "a rule task without a table": (
        around('<businessRuleTask id="x"/>'),
        "process.no_table",
        "x",
    ),
    "a rule task without a result": (
        around(rule("x", "authority", "")),
        "process.no_result",
        "x",
    ),
    "a program of another tool": (
        around('<userTask id="x" implementation="java:com.example.Do"/>'),
        "process.foreign_implementation",
        "x",
    ),
    "a misspelt attribute of ours": (
        around(step("x", day="2")),
        "process.hall_attribute",
        "x",
    ),
    "a decision on a user task": (
        around(
            '<userTask id="x"><extensionElements><hall:decision table="a" result="b"/>'
            "</extensionElements></userTask>"
        ),
        "process.hall_element",
        "x",
    ),
    "a step said twice": (
        around(
            '<userTask id="x"><extensionElements><hall:step days="1"/><hall:step days="2"/>'
            "</extensionElements></userTask>"
        ),
        "process.hall_twice",
        "x",
    ),
    "an unknown word of ours": (
        around('<userTask id="x"><extensionElements><hall:stop/></extensionElements></userTask>'),
        "process.hall_element",
        "x",
    ),
    "a result on a user task": (
        around('<userTask id="x" hall:result="y"/>'),
        "process.hall_attribute",
        "x",
    ),
    "days that are no number": (around(step("x", days="two")), "process.days", "x"),
    "days in full-width digits": (around(step("x", days="１")), "process.days", "x"),
    "minus two days": (around(step("x", days="-2")), "process.days", "x"),
    "a power that nobody has": (around(step("x", power="veto")), "process.unknown_power", "x"),
    "a survey that would stop the clock": (
        around(step("x", stops_clock="survey")),
        "process.stops_clock",
        "x",
    ),
    "a role with a quote": (around(step("x", role="clerk' or 1")), "process.role_word", "x"),
    "an id that we make ourselves": (
        around(steps("hall_x"), "hall_x"),
        "process.reserved_id",
        "hall_x",
    ),
    "a process that calls itself": (
        around('<callActivity id="x" calledElement="p"/>'),
        "process.calls_itself",
        "p",
    ),
    "a called process that is not there": (
        around('<callActivity id="x" calledElement="ghost"/>'),
        "process.unknown_process",
        "x",
    ),
    "FEEL that does not parse": (
        S + gateway("exclusive", "g") + end() + end("e2") + chain("s", "g")
        + flow("g", "e", "金额 >", name="x") + flow("g", "e2", "true"),
        "process.feel",
        "x",
    ),
    "FEEL that compares a number with a text": (
        S + gateway("exclusive", "g") + end() + end("e2") + chain("s", "g")
        + flow("g", "e", '金额 = "高"', name="x") + flow("g", "e2", "true"),
        "process.feel",
        "x",
    ),
    "more than 400 nodes": (
        S + steps(*(f"t{n}" for n in range(400))) + end()
        + chain("s", *(f"t{n}" for n in range(400)), "e"),
        "process.too_many_nodes",
        "p",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "code", "element"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(body, code, element):
    with pytest.raises(Invalid) as refused:
        read_definition(document(body))
    said = refused.value
    found = said.params.get("findings", [{"code": said.code, **said.params}])
    assert (code, element) in {(each["code"], each["element"]) for each in found}
    assert all("name" in each for each in found)


WRITTEN = {
    "a way without a condition": (
        S + gateway("exclusive", "g") + end() + end("e2") + chain("s", "g")
        + flow("g", "e", "true") + flow("g", "e2", name="x"),
        "process.no_condition",
    ),
    "conditions behind a task and no default": (
        S + step("x", form="f", role="clerk") + end() + end("e2") + chain("s", "x")
        + flow("x", "e", "金额 > 1") + flow("x", "e2", "金额 < 1"),
        "process.no_default",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "code"), WRITTEN.values(), ids=WRITTEN.keys())
def test_what_the_standard_allows_is_refused_only_at_the_gate_of_the_hall(body, code):
    read_definition(document(body))
    with pytest.raises(Invalid) as refused:
        read_definition(document(body), forms={"f"})
    found = refused.value.params.get("findings", [{"code": refused.value.code}])
    assert code in {each["code"] for each in found}


UNMENDED = {
    "a script that does not say its language": (
        around('<scriptTask id="x"><script>1</script></scriptTask>'),
        "process.script_language",
        "x",
    ),
    "a node without an id": (DONE + '<userTask name="nobody"/>', "process.no_id", "userTask:2"),
    "a default that is no flow of the gateway": (
        around(gateway("exclusive", "x", "f_s_x")),
        "process.default_elsewhere",
        "x",
    ),
    "no start on a level with an end": (
        steps("t") + end() + chain("t", "e"),
        "process.end_without_start",
        "e",
    ),
    "no end on a level with a start": (
        S + steps("t") + chain("s", "t"),
        "process.start_without_end",
        "s",
    ),
    "a flow that its ends do not list": (DONE, "process.not_listed", "f_s_t"),
}


@pytest.mark.parametrize(("body", "code", "element"), UNMENDED.values(), ids=UNMENDED.keys())
def test_what_drawing_tools_leave_out_is_refused_unless_mended(body, code, element):
    with pytest.raises(Invalid) as refused:
        read_definition(document(body, mended=False))
    said = refused.value
    found = said.params.get("findings", [{"code": said.code, **said.params}])
    assert (code, element) in {(each["code"], each["element"]) for each in found}


def test_all_findings_come_at_once():
    body = around(script("x", "1", language="python")) + steps("y") + '<serviceTask id="z"/>'
    with pytest.raises(Invalid) as refused:
        read_definition(document(body))
    found = {(each["code"], each["element"]) for each in refused.value.params["findings"]}
    assert {
        ("process.script_language", "x"),
        ("process.not_supported", "z"),
        ("process.unreachable", "y"),
    } <= found


def test_several_processes_to_start_are_refused():
    inner = drawing.start("s2") + end("e2") + chain("s2", "e2")
    other = f'<process id="q" isExecutable="true">{inner}</process>'
    with pytest.raises(Invalid, match=r"process\.several_processes"):
        read_definition(document(DONE, rest=other))


def test_a_file_without_a_process_is_refused():
    with pytest.raises(Invalid, match=r"process\.no_process"):
        read_definition(f"{HEAD}</definitions>".encode())


@pytest.mark.parametrize("ref", ["", 'oneBehaviorEventRef="nowhere"'], ids=["none", "dangling"])
def test_instances_throw_nothing_or_what_there_is(ref):
    count = '<loopCardinality xsi:type="tFormalExpression">2</loopCardinality>'
    mark = f'<multiInstanceLoopCharacteristics behavior="One" {ref}>{count}'
    mark += "</multiInstanceLoopCharacteristics>"
    source = document(around(step("x", mark)))
    if not ref:
        assert read_definition(source)
        return
    with pytest.raises(Invalid) as refused:
        read_definition(source)
    told = refused.value.params["findings"]
    assert {one["code"] for one in told} == {"process.behavior", "process.dangling"}
    assert {one["element"] for one in told} == {"x"}
