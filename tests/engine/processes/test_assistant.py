import re
from pathlib import Path

import pytest
from lxml import etree

from engine.kernel.errors import Invalid
from engine.processes.assistant import Outcome, import_drawing
from engine.processes.bpmn import DRAWING, HALL, MODEL, XSI
from engine.processes.definition import read_definition, read_definitions
from engine.processes.layout import is_complete
from tests.engine.processes.importing.samples import FILES, ROLES, chained, codes, imported

STUBS = {
    "program": '<serviceTask id="n1" camunda:class="org.example.Do"/>',
    "worker": '<serviceTask id="n1"><extensionElements><zeebe:taskDefinition type="w"/>'
    "</extensionElements></serviceTask>",
    "groovy": '<scriptTask id="n1" scriptFormat="groovy" camunda:resultVariable="x">'
    "<script>x = 1</script></scriptTask>",
    "python": '<scriptTask id="n1" scriptFormat="python"><script>import os</script></scriptTask>',
    "sent": '<sendTask id="n1" camunda:expression="${mail.send()}"/>',
    "rule": '<businessRuleTask id="n1" camunda:class="org.example.Rule"/>',
    "answer": '<businessRuleTask id="n1" camunda:decisionRef="t" camunda:resultVariable="r"'
    ' camunda:mapDecisionResult="singleEntry"/>',
    "case": '<callActivity id="n1" camunda:caseRef="c"/>',
    "computed call": '<callActivity id="n1" calledElement="${which}"/>',
    "renames": '<callActivity id="n1" calledElement="q"><extensionElements>'
    '<camunda:in source="a" target="b"/></extensionElements></callActivity>',
}


def refused(xml: bytes) -> set[str]:
    """The elements that the gate refuses, in what it can see at once."""
    with pytest.raises(Invalid) as caught:
        read_definitions(xml)
    several = caught.value.params.get("findings") or [caught.value.params]
    return {str(one["element"]) for one in several}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_stops_a_result_is_in_the_report(path):
    made = import_drawing(path.read_bytes(), ROLES)
    if made.ready:
        assert read_definitions(made.xml)
    else:
        asked = {
            entry.element for entry in made.report if entry.kind in (Outcome.ASK, Outcome.STUBBED)
        }
        assert refused(made.xml) <= asked


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_of_another_tool_is_left_but_the_drawing(path):
    root = etree.fromstring(import_drawing(path.read_bytes(), ROLES).xml)
    spaces = {etree.QName(node).namespace for node in root.iter(etree.Element)}
    spaces |= {etree.QName(name).namespace for node in root.iter() for name in node.attrib}
    assert spaces <= DRAWING | {MODEL, HALL, XSI, None}
    assert is_complete(root)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_second_import_changes_nothing_that_runs(path):
    first = import_drawing(path.read_bytes(), ROLES)
    second = import_drawing(first.xml, ROLES)
    nodes = [
        {node.get("id") for node in etree.fromstring(made.xml).iter(f"{{{MODEL}}}*")}
        for made in (first, second)
    ]
    assert nodes[0] == nodes[1]
    assert not [entry for entry in second.report if entry.kind is Outcome.DROPPED]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_same_file_gives_the_same_result(path):
    source = path.read_bytes()
    assert import_drawing(source, ROLES) == import_drawing(source, ROLES)


@pytest.mark.parametrize("body", STUBS.values(), ids=STUBS)
def test_a_stub_is_refused_until_it_is_filled(body):
    made = imported(chained(body))
    kinds = {entry.kind for entry in made.report if entry.element == "n1"}
    assert Outcome.STUBBED in kinds
    assert not made.ready
    assert "n1" in refused(made.xml)


@pytest.mark.parametrize("word", ["println", "import os", "org.example", "bean"])
def test_programs_stand_in_notes_only(word):
    body = (
        '<scriptTask id="n1" scriptFormat="python"><script>import os; println bean</script>'
        '</scriptTask><serviceTask id="n2" camunda:class="org.example.X"/>'
    )
    root = etree.fromstring(imported(chained(body, "")).xml)
    holders = [node.tag for node in root.iter() if word in (node.text or "")]
    assert set(holders) <= {f"{{{MODEL}}}documentation"}
    assert not [value for node in root.iter() for value in node.attrib.values() if word in value]


def test_a_diagram_that_needs_no_answer_is_ready():
    body = '<userTask id="n1" name="审批" camunda:candidateGroups="chief" camunda:formKey="p.n1"/>'
    made = imported(chained(body))
    assert made.ready
    assert read_definition(made.xml).tasks["n1"].roles == ("chief",)
    assert made.counts()["ask"] == made.counts()["stubbed"] == 0


def test_a_name_that_nobody_declares_is_asked():
    body = (
        '<startEvent id="s"/><exclusiveGateway id="g" default="no"/><endEvent id="e"/>'
        '<endEvent id="e2"/><sequenceFlow id="f" sourceRef="s" targetRef="g"/>'
        '<sequenceFlow id="no" sourceRef="g" targetRef="e"/>'
        '<sequenceFlow id="yes" sourceRef="g" targetRef="e2">'
        "<conditionExpression>${approved}</conditionExpression></sequenceFlow>"
    )
    assert "import.unknown_name" in codes(imported(body), "yes")


def test_a_file_without_a_process_is_refused():
    with pytest.raises(Invalid) as caught:
        import_drawing(
            b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
            b' id="d" targetNamespace="x"><collaboration id="c"/></definitions>'
        )
    assert caught.value.code == "import.no_process"


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_code_of_the_report_has_its_sentence(language):
    root = Path(__file__).parents[3]
    said = (root / f"webui/translations/{language}/LC_MESSAGES/messages.po").read_text("utf-8")
    for path in (root / "engine/processes/importing").glob("*.py"):
        for code in re.findall(r'"(import\.[a-z_]+)"', path.read_text("utf-8")):
            assert f'msgid "{code}"' in said, (path.name, code)
