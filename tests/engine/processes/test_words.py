"""Words of other tools and references to what nobody wrote are refused; see also test_check.py."""

import pytest

from engine.kernel.errors import Invalid
from engine.processes.definition import read_definition
from tests.engine.processes import drawing
from tests.engine.processes.drawing import chain, document, end, rule, step


def around(drawn):
    return drawing.start() + drawn + end() + chain("s", "x", "e")


@pytest.mark.parametrize(
    "space",
    [
        "http://camunda.org/schema/1.0/bpmn",
        "http://camunda.org/schema/zeebe/1.0",
        "http://flowable.org/bpmn",
        "http://activiti.org/bpmn",
        "http://www.w3.org/2001/XInclude",
        "http://www.w3.org/1999/XSL/Transform",
        "urn:zhengwu-hall:bpmn:2",
    ],
)
@pytest.mark.parametrize("place", ["attribute", "element"])
def test_words_of_other_tools_are_refused_until_they_are_imported(space, place):
    own = f'xmlns:other="{space}"'
    inside = ""
    if place == "element":
        inside = "<extensionElements><other:assignee/></extensionElements>"
    attribute = 'other:assignee="x"' if place == "attribute" else ""
    body = around(f'<userTask id="x" {own} {attribute}>{inside}</userTask>')
    with pytest.raises(Invalid, match=r"process\.foreign_namespace") as refused:
        read_definition(document(body))
    assert refused.value.params["element"] == "x"
    assert refused.value.params["namespace"] == space


def test_a_table_that_nobody_wrote_is_refused_with_its_name():
    body = around(rule("x", "tabel", "y"))
    assert read_definition(document(body), tables=["tabel"]).tables == ("tabel",)
    with pytest.raises(Invalid, match=r"process\.unknown_table") as refused:
        read_definition(document(body), tables=["table"])
    assert refused.value.params == {"element": "x", "name": "", "table": "tabel"}


def test_a_form_that_nobody_drew_is_refused_with_its_name():
    body = around(step("x", role="clerk", form="p.x"))
    assert read_definition(document(body), forms=["p.x"]).forms == ("p.x",)
    with pytest.raises(Invalid, match=r"process\.unknown_form") as refused:
        read_definition(document(body), forms=["p.y"])
    assert refused.value.params == {"element": "x", "name": "x", "form": "p.x"}


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (step("x", form="p.x"), "process.no_role"),
        (step("x", role="clerk"), "process.no_form"),
        (step("x", role="clerk", form="p.x").replace('name="x"', 'name=" "'), "process.no_name"),
    ],
    ids=["role", "form", "name"],
)
def test_what_is_published_says_who_does_a_step_and_how(drawn, code):
    read_definition(document(around(drawn)))
    with pytest.raises(Invalid) as refused:
        read_definition(document(around(drawn)), forms=["p.x"])
    assert refused.value.code == code


@pytest.mark.parametrize("holder", ["", "the chair", "1st", "a-b"])
def test_a_holder_is_named_by_a_variable(holder):
    assert read_definition(document(around(step("x", holder="chair")))).tasks["x"].holder == "chair"
    with pytest.raises(Invalid, match=r"process\.holder_word") as refused:
        read_definition(document(around(step("x", holder=holder))))
    assert refused.value.params == {"element": "x", "name": "x", "holder": holder}
