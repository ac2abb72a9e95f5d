"""Looking into a diagram."""

from lxml import etree

from engine.processes import bpmn
from engine.processes.load import load
from tests.engine.processes import drawing
from tests.engine.processes.drawing import chain, document, end, flow, steps, timer

LANES = (
    '<laneSet id="ls"><lane id="l1" name="窗口"><flowNodeRef>s</flowNodeRef>'
    '<flowNodeRef>t</flowNodeRef><childLaneSet id="cs"><lane id="l2" name="首席代表">'
    "<flowNodeRef>t</flowNodeRef></lane></childLaneSet></lane></laneSet>"
)
BODY = drawing.start() + steps("t") + end() + flow("s", "t") + flow("t", "e", "true")


def test_the_innermost_lane_counts():
    root = load(document(LANES + BODY))
    assert bpmn.lanes(root) == {"s": "窗口", "t": "首席代表"}


def test_kinds_are_those_of_bpmn_only():
    assert bpmn.kind(etree.Comment("x")) == ""
    assert bpmn.kind(etree.Element(bpmn.hall("step"))) == ""
    assert bpmn.kind(etree.Element(bpmn.tag("userTask"))) == "userTask"


def test_a_condition_without_a_text_is_none():
    root = load(document(BODY))
    process = root.find(bpmn.tag("process"))
    assert [bpmn.condition(each) is not None for each in bpmn.flows(process)] == [False, True]
    blank = etree.fromstring(f'<sequenceFlow xmlns="{bpmn.MODEL}"><conditionExpression> '
                             "</conditionExpression></sequenceFlow>")  # fmt: skip
    assert bpmn.condition(blank) is None


def test_scopes_come_from_the_outside_in():
    inner = drawing.start("is") + end("ie") + chain("is", "ie")
    body = drawing.start() + f'<subProcess id="sub">{inner}</subProcess>' + end()
    root = load(document(body + chain("s", "sub", "e")))
    assert [scope.get("id") for scope in bpmn.scopes(root)] == ["p", "sub"]
    assert [node.get("id") for node in bpmn.nodes(root.find(bpmn.tag("process")))] == [
        "s",
        "sub",
        "e",
    ]


def test_event_definitions_by_their_kind():
    inside = timer("timeDuration", "P1D") + "<messageEventDefinition/>"
    node = etree.fromstring(
        f'<intermediateCatchEvent xmlns="{bpmn.MODEL}" xmlns:xsi="{bpmn.XSI}" id="x">{inside}'
        "</intermediateCatchEvent>"
    )
    assert bpmn.event_definitions(node) == ["timer", "message"]
