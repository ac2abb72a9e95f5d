"""What a designer says of a step and of a decision."""

from lxml import etree

from engine.processes.bpmn import HALL, MODEL
from engine.processes.step import UserTask, decision_of, step_of


def node(kind, inside="", **attributes):
    words = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return etree.fromstring(
        f'<{kind} xmlns="{MODEL}" xmlns:hall="{HALL}" {words}>'
        f"<extensionElements>{inside}</extensionElements></{kind}>"
    )


def test_everything_that_can_be_said():
    words = 'days="5" role=" clerk  chief " power="decide" form="p.t" stops-clock="hearing"'
    words += ' holder="chair"'
    said = f"<hall:step {words}/>"
    assert step_of(node("userTask", said, id="t", name="审查"), "窗口") == UserTask(
        "t", "审查", ("clerk", "chief"), "decide", "p.t", 5, "hearing", "窗口", "chair"
    )


def test_nothing_said():
    assert step_of(node("userTask", id="t"), None) == UserTask(
        "t", "", (), None, None, None, None, None
    )


def test_a_decision_and_one_that_says_nothing():
    said = '<hall:decision table="authority" result="verdict"/>'
    assert decision_of(node("businessRuleTask", said, id="r")) == ("authority", "verdict")
    assert decision_of(node("businessRuleTask", id="r")) == ("", "")
