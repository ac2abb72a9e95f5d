from lxml import etree

from engine.processes.importing.foreign import CAMUNDA, extend, said_by, sweep, take, take_elements
from engine.processes.importing.report import Outcome, Report
from tests.engine.processes.importing.samples import text

TASK = (
    '<userTask id="t" camunda:assignee=" demo " camunda:priority="5" xmlns:odd="urn:odd" odd:x="1">'
    "<extensionElements><camunda:taskListener class='org.X' event='create'/>"
    '<odd:colour>red</odd:colour><hall:step role="clerk"/></extensionElements></userTask>'
)


def tree() -> tuple[etree._Element, etree._Element]:
    root = etree.fromstring(text(TASK))
    return root, next(root.iter("{*}userTask"))


def test_what_is_taken_is_gone():
    _, node = tree()
    assert take(node, "owner", "assignee") == "demo"
    assert take(node, "assignee") == ""
    (listener,) = take_elements(node, "taskListener")
    assert listener.getparent() is None
    assert take_elements(node, "taskListener") == []


def test_an_element_is_told_in_one_line():
    node = etree.fromstring(f'<f xmlns="{CAMUNDA}" name="a"><string name="b">c d</string></f>')
    assert said_by(node) == "f name=a string.name=b c d"


def test_the_sweep_lists_engines_and_counts_the_rest():
    root, node = tree()
    report = Report()
    sweep(root, report)
    found = {(entry.code, entry.source) for entry in report.entries()}
    assert found == {
        ("import.attribute", "assignee= demo"),
        ("import.attribute", "priority=5"),
        ("import.listener", "taskListener class=org.X event=create"),
        ("import.noise", "urn:odd"),
    }
    assert all(entry.kind is Outcome.DROPPED for entry in report.entries())
    assert [child.tag for child in node[0]] == ["{urn:zhengwu-hall:bpmn:1}step"]
    assert list(node.attrib) == ["id"]


def test_empty_holders_go_with_what_they_held():
    root = etree.fromstring(
        text('<task id="t"><extensionElements><camunda:x/></extensionElements></task>')
    )
    sweep(root, Report())
    assert root.find(".//{*}extensionElements") is None


def test_our_word_is_found_or_made():
    _, node = tree()
    assert extend(node, "step").get("role") == "clerk"
    assert extend(node, "decision") is extend(node, "decision")
