"""A process as it was read: what it says of itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Invalid
from engine.processes.definition import read_definition
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    call,
    chain,
    document,
    end,
    flow,
    gateway,
    rule,
    step,
)

BODY = (
    '<laneSet id="ls"><lane id="l1" name="窗口"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    + drawing.start()
    + step("b", role="chief", form="p.b", power="decide", days="2")
    + step("a", role="clerk", form="p.a")
    + rule("r1", "authority", "one")
    + rule("r2", "authority", "two")
    + gateway("exclusive", "g")
    + end("granted")
    + end("refused")
    + chain("s", "a", "r1", "r2", "b", "g")
    + flow("g", "granted", '审批决定 = "grant"')
    + flow("g", "refused", '审批决定 = "refuse"')
)


def test_a_definition_says_what_it_needs_and_where_it_ends():
    source = document(BODY)
    definition = read_definition(source, tables={"authority"}, forms={"p.a", "p.b"})
    assert (definition.key, definition.name) == ("p", "测试")
    assert definition.xml == source
    assert definition.digest == fingerprint(source)
    assert list(definition.tasks) == ["b", "a"]
    assert definition.tasks["a"].lane == "窗口"
    assert definition.tasks["b"].days == 2
    assert definition.tables == ("authority",)
    assert definition.forms == ("p.b", "p.a")
    assert definition.ends == ("granted", "refused")
    assert definition.changes == ()


def test_each_change_of_the_file_is_another_version():
    one, other = document(BODY), document(BODY) + b"\n"
    assert read_definition(one).digest != read_definition(other).digest


def test_definitions_are_read_by_several_threads_at_once():
    source = document(BODY)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: read_definition(source), range(16)))
    assert all(each == found[0] for each in found)


def test_a_plain_task_and_a_manual_task_are_steps_of_a_person():
    body = drawing.start() + '<task id="t" name="t"/><manualTask id="m" name="m"/>' + end()
    assert list(read_definition(document(body + chain("s", "t", "m", "e"))).tasks) == ["t", "m"]


ASKS = drawing.start() + call("x", "opinion", returns="said law", days="5") + end()
ASKS += chain("s", "x", "e")


def test_a_call_of_a_process_in_another_file_is_a_step_that_a_child_case_does():
    definition = read_definition(document(ASKS), processes=["opinion"])
    asked = definition.tasks["x"]
    assert (asked.child, asked.returns, asked.days) == ("opinion", ("said", "law"), 5)
    assert definition.processes == ("opinion",)
    assert definition.changes == ()
    with pytest.raises(Invalid, match=r"process\.unknown_process") as refused:
        read_definition(document(ASKS), processes=["opinions"])
    assert refused.value.params["element"] == "x"


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (call("x", "q", days="5"), "process.hall_element"),
        (call("x", "q", returns="said"), "process.hall_attribute"),
        (call("x", "opinion", days="many"), "process.days"),
        (call("x", "opinion", returns="said 1st"), "process.no_result"),
        (call("x", "opinion", weeks="1"), "process.hall_attribute"),
        ('<userTask id="x" hall:child="opinion"/>', "process.hall_attribute"),
    ],
    ids=["days of a part", "result of a part", "days", "result", "attribute", "in disguise"],
)
def test_what_a_call_says_is_checked(drawn, code):
    part = f'<process id="q">{drawing.start("s2")}{end("e2")}{chain("s2", "e2")}</process>'
    source = document(drawing.start() + drawn + end() + chain("s", "x", "e"), rest=part)
    with pytest.raises(Invalid) as refused:
        read_definition(source, processes=["opinion"])
    assert refused.value.code == code
