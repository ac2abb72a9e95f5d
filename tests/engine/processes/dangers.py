"""What stock SpiffWorkflow does wrong without an error: one canary for each of our guards.

Run as a program it prints {name: still so} as JSON. It never imports the engine, whose changes
would hide what it looks for; test_dangers.py runs it in a process of its own.
"""

import json
import os
import sys
import warnings
from itertools import pairwise

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

READY, WAITING, STARTED = TaskState.READY, TaskState.WAITING, TaskState.STARTED
NOW = '<timerEventDefinition><timeDuration>"PT0S"</timeDuration></timerEventDefinition>'
MESSAGE = '<messageEventDefinition messageRef="M"/>'
LINK = '<linkEventDefinition name="L"/>'
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="D" targetNamespace="urn:x">'
    '<message id="M" name="M"/><error id="ER" name="ER" errorCode="ec"/>'
)
S, E = '<startEvent id="s"/>', '<endEvent id="e"/>'


def document(body):
    return f'{HEAD}<process id="p" isExecutable="true">{body}</process></definitions>'


def user(*names):
    return "".join(f'<userTask id="{name}"/>' for name in names)


def flow(a, b, condition=None):
    inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="f_{a}_{b}" sourceRef="{a}" targetRef="{b}">{inside}</sequenceFlow>'


def chain(*names):
    return "".join(flow(a, b) for a, b in pairwise(names))


def specs(body):
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(document(body)))
    return parser.get_spec("p"), parser.get_subprocess_specs("p")


def begin(body, ready=None):
    case = BpmnWorkflow(*(ready or specs(body)))
    case.do_engine_steps()
    return case


def names(case, state):
    return sorted(task.task_spec.name for task in case.get_tasks(state=state))


def people(case):
    return case.get_tasks(state=READY, manual=True)


def finish(case, **answers):
    while people(case):
        task = people(case)[0]
        task.data.update(answers)
        task.run()
        case.do_engine_steps()
    return case


def event_subprocess(event, interrupting):
    start = f'<startEvent id="ss" isInterrupting="{interrupting}">{event}</startEvent>'
    inner = start + user("x") + '<endEvent id="se"/>' + chain("ss", "x", "se")
    return f'<subProcess id="sp" triggeredByEvent="true">{inner}</subProcess>'


def d1_script_runs_python():
    script = "<script>import os\npid = os.getpid()</script>"
    case = begin(S + E + f'<scriptTask id="t">{script}</scriptTask>' + chain("s", "t", "e"))
    return case.data.get("pid") == os.getpid()


def d1_condition_runs_python():
    gate = '<exclusiveGateway id="g" default="f_g_b"/>'
    text = f"__import__('os').getpid() == {os.getpid()}"
    body = S + E + user("a", "b") + gate + chain("s", "g", "b", "e")
    return names(begin(body + flow("g", "a", text) + flow("a", "e")), READY) == ["a"]


def d1_timer_runs_python():
    text = "<timeDuration>__import__('os').environ.update(HALL_CANARY='1') or 'PT1H'</timeDuration>"
    event = f"<timerEventDefinition>{text}</timerEventDefinition>"
    body = S + E + f'<intermediateCatchEvent id="c">{event}</intermediateCatchEvent>'
    begin(body + chain("s", "c", "e"))
    return os.environ.get("HALL_CANARY") == "1"


def d3_reloaded_case_has_the_python_engine():
    class Ours(PythonScriptEngine):
        pass

    serializer = BpmnWorkflowSerializer()
    case = BpmnWorkflow(*specs(S + user("t") + E + chain("s", "t", "e")), script_engine=Ours())
    again = serializer.deserialize_json(serializer.serialize_json(case))
    return type(again.script_engine) is PythonScriptEngine


def d4_a_deep_tree_loses_its_task():
    gate = '<exclusiveGateway id="g" default="f_g_e"/>'
    body = S + user("t") + gate + E + chain("s", "t", "g", "e") + flow("g", "t", "True")
    case = begin(body)
    for _ in range(520):
        if not people(case):
            return not case.completed and case.is_completed()
        people(case)[0].run()
        case.do_engine_steps()
    return False


def d6_condition_behind_a_task_is_ignored():
    body = S + E + user("t", "b") + flow("s", "t") + flow("t", "b", "ok == True") + flow("b", "e")
    case = finish(begin(body), ok=False)
    return case.completed and "b" in names(case, TaskState.COMPLETED)


def d7_interrupting_event_subprocess_does_not_interrupt():
    found = []
    for kind, event in (("message", MESSAGE), ("timer", NOW)):
        case = begin(S + E + user("t") + event_subprocess(event, "true") + chain("s", "t", "e"))
        if kind == "message":
            case.catch(BpmnEvent(MessageEventDefinition("M")))
        case.do_engine_steps()
        case.do_engine_steps()
        found.append(names(case, READY) == ["t", "x"])
    return all(found)


def d8_event_subprocess_changes_the_shared_spec():
    ready = specs(S + E + user("t") + event_subprocess(MESSAGE, "false") + chain("s", "t", "e"))
    before = [spec.name for spec in ready[0].start.outputs]
    first = begin(None, ready)
    first.catch(BpmnEvent(MessageEventDefinition("M")))
    first.do_engine_steps()
    return before != [spec.name for spec in ready[0].start.outputs]


def d8_a_loop_connects_itself_to_the_shared_spec_while_it_runs():
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    task = f'<userTask id="t">{loop}</multiInstanceLoopCharacteristics></userTask>'
    ready = specs(S + task + E + chain("s", "t", "e"))
    child = ready[0].task_specs["t [child]"]
    before = child.completed_event.n_subscribers()
    begin(None, ready)
    return before == 0 and child.completed_event.n_subscribers() == 1


def d9_links_lead_nowhere():
    throw = f'<intermediateThrowEvent id="lt">{LINK}</intermediateThrowEvent>'
    catch = f'<intermediateCatchEvent id="lc">{LINK}</intermediateCatchEvent>'
    case = begin(S + E + user("t") + throw + catch + chain("s", "lt") + chain("lc", "t", "e"))
    return not case.completed and case.is_completed() and not people(case)


def d10_without_an_end_event_never_completed():
    return not finish(begin(S + user("t") + chain("s", "t"))).completed


def d11_service_task_stays_started():
    return names(begin(S + E + '<serviceTask id="t"/>' + chain("s", "t", "e")), STARTED) == ["t"]


def d12_plain_task_waits_for_a_person():
    case = begin(S + E + '<task id="t"/>' + chain("s", "t", "e"))
    return [task.task_spec.name for task in people(case)] == ["t"]


def d13_events_are_passed_over():
    error = '<errorEventDefinition errorRef="ER"/>'
    error = f'<intermediateCatchEvent id="c">{error}</intermediateCatchEvent>'
    thrown = '<intermediateThrowEvent id="c"><compensateEventDefinition/></intermediateThrowEvent>'
    cases = [
        begin(S + E + each + user("t") + chain("s", "c", "t", "e")) for each in (error, thrown)
    ]
    return all(names(case, READY) == ["t"] for case in cases)


def d13_cancel_end_is_a_plain_end():
    ended = '<endEvent id="e"><cancelEventDefinition/></endEvent>'
    return finish(begin(S + ended + user("t") + chain("s", "t", "e"))).completed


def d14_unreachable_task_is_accepted():
    return finish(begin(S + E + user("t", "orphan") + chain("s", "t", "e"))).completed


def d18_a_half_run_case_keeps_its_error():
    gate = '<exclusiveGateway id="g" default="f_g_e"/>'
    body = S + user("t") + gate + E + chain("s", "t", "g", "e") + flow("g", "t", "unknown_name")
    case = begin(body)
    people(case)[0].run()
    try:
        case.do_engine_steps()
    except Exception:
        return names(case, TaskState.ERROR) == ["g"] and not people(case)
    return False


def d25_a_start_quantity_is_ignored():
    task = '<userTask id="t" startQuantity="3"/>'
    case = begin(S + E + task + chain("s", "t", "e"))
    return names(case, READY) == ["t"]


def d27_a_long_chain_is_a_recursion_error():
    many = [f"t{n}" for n in range(2000)]
    try:
        specs(S + E + user(*many) + chain("s", *many, "e"))
    except Exception as error:
        return "recursion" in str(error).lower()
    return False


def d28_internal_entities_are_expanded():
    body = '<userTask id="t"><documentation>&x;</documentation></userTask>'
    text = '<!DOCTYPE d [<!ENTITY x "INTERNAL">]>' + document(S + E + body + chain("s", "t", "e"))
    parser = BpmnParser()
    parser.add_bpmn_str(text.encode())
    return parser.get_spec("p").task_specs["t"].documentation == "INTERNAL"


def joins_lose_items_of_lists():
    fork = '<parallelGateway id="f"/><parallelGateway id="j"/>'
    body = S + fork + user("a", "b", "c") + E + chain("s", "f", "a", "j", "c", "e")
    case = BpmnWorkflow(*specs(body + chain("f", "b", "j")))
    case.task_tree.data["log"] = []
    case.do_engine_steps()
    for task in people(case):
        if task.task_spec.name == "a":
            task.data["log"] = ["x", "x"]
        task.run()
        case.do_engine_steps()
    return people(case)[0].data["log"] != ["x", "x"]


def joins_in_a_loop_fire_before_both_have_come():
    gates = '<exclusiveGateway id="m"/><parallelGateway id="f"/><parallelGateway id="j"/>'
    gates += '<exclusiveGateway id="g" default="f_g_e"/>'
    body = S + gates + user("a", "b") + E + chain("s", "m", "f", "a", "j", "g", "e")
    case = begin(body + chain("f", "b", "j") + flow("g", "m", "True"))

    def do(name):
        next(task for task in people(case) if task.task_spec.name == name).run()
        case.do_engine_steps()

    for name in ("a", "b", "b"):
        do(name)
    return names(case, READY) != ["a"]


CANARIES = {
    name: function
    for name, function in list(globals().items())
    if callable(function)
    and ((name.startswith("d") and name[1].isdigit()) or name.startswith("joins"))
}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    json.dump({name: bool(canary()) for name, canary in CANARIES.items()}, sys.stdout)
