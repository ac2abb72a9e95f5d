"""A process as it was read: what it says of itself."""

from concurrent.futures import ThreadPoolExecutor

from engine.kernel.crypto import fingerprint
from engine.processes.definition import read_definition
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
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
