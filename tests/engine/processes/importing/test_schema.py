from lxml import etree

from engine.processes.importing.report import Report
from engine.processes.importing.schema import fit, order
from engine.processes.load import violations
from tests.engine.processes.importing.samples import text


def test_children_get_the_order_of_the_schema():
    root = etree.fromstring(
        text(
            '<association id="a" sourceRef="t" targetRef="n"/>'
            '<userTask id="t"><incoming>f</incoming>'
            "<multiInstanceLoopCharacteristics/><extensionElements/><documentation/></userTask>"
            '<textAnnotation id="n"/><startEvent id="s"/><laneSet id="l"/>'
            '<sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
        )
    )
    assert violations(root)
    order(root)
    assert violations(root) == []


def test_right_order_is_not_touched():
    source = text(
        '<laneSet id="l"/><task id="b"/><task id="a"/><association id="x"'
        ' sourceRef="a" targetRef="b"/>'
    )
    root = etree.fromstring(source)
    before = etree.tostring(root)
    order(root)
    assert etree.tostring(root) == before


def test_what_the_schema_does_not_know_is_dropped_with_a_word():
    root, report = etree.fromstring(text('<task id="t" colour="red"/><odd id="o"/>')), Report()
    fit(root, report)
    assert violations(root) == []
    assert {entry.params["word"] for entry in report.entries()} == {"colour", "odd"}


def test_what_is_missing_stays_missing():
    root, report = etree.fromstring(text('<sequenceFlow id="f" sourceRef="a"/>')), Report()
    fit(root, report)
    assert violations(root)
    assert report.entries() == ()
