from tests.engine.processes.importing.samples import chained, codes, imported, values

DRAWN = (
    '<userTask id="n1" name="登记"><dataInputAssociation id="line"><sourceRef>ref</sourceRef>'
    "</dataInputAssociation></userTask>"
)
DATA = '<dataObjectReference id="ref" name="申请书" dataObjectRef="obj"/><dataObject id="obj"/>'


def test_drawn_data_becomes_a_note_of_its_name():
    made = imported(chained(DRAWN) + DATA)
    assert values(made, "//b:textAnnotation/@id") == ["ref"]
    assert values(made, "//b:textAnnotation/b:text/text()") == ["申请书"]
    assert values(made, "//b:dataObject | //b:dataObjectReference") == []
    assert values(made, "//di:BPMNShape[@bpmnElement='ref']/@id")


def test_a_line_to_data_that_is_drawn_stays_a_line():
    edge = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI">'
        '<bpmndi:BPMNPlane bpmnElement="p"><bpmndi:BPMNEdge bpmnElement="line"/>'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    made = imported(chained(DRAWN) + DATA + "</process>" + edge + '<process id="q">')
    assert values(made, "//b:association[@id='line']/@sourceRef") == ["ref"]
    assert values(made, "//b:association[@id='line']/@targetRef") == ["n1"]
    assert "import.data_line" in codes(imported(chained(DRAWN) + DATA), "n1")


def test_declared_variables_are_dropped_with_their_values():
    body = (
        '<dataObject id="x" name="限额"><extensionElements><flowable:value>3</flowable:value>'
        "</extensionElements></dataObject>"
    )
    made = imported(chained('<manualTask id="n1"/>') + body)
    (entry,) = [entry for entry in made.report if entry.code == "import.variable"]
    assert entry.source == "限额 3"
    assert made.ready
