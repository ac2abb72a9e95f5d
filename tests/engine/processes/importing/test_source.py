import codecs

import pytest
from lxml import etree

from engine.kernel.errors import Invalid
from engine.kernel.xml import MAX_BYTES
from engine.processes.importing.report import Report
from engine.processes.importing.source import NCNAME, new_id, read_source, repair_ids
from tests.engine.processes.importing.samples import HEAD, text

BODY = text('<userTask id="任务" name="受理审核"/>')


def declared(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{BODY}'


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(BODY.encode(), id="UTF-8 without declaration"),
        pytest.param(codecs.BOM_UTF8 + declared("UTF-8").encode(), id="UTF-8 with mark"),
        pytest.param(declared("UTF-16").encode("utf-16"), id="UTF-16 with mark"),
        pytest.param(declared("UTF-16").encode("utf-16-be"), id="UTF-16 without mark"),
        pytest.param(declared("GBK").encode("gbk"), id="GBK"),
        pytest.param(declared("gb2312").encode("gb18030"), id="GB 18030 under its old name"),
    ],
)
def test_chinese_survives_each_encoding(source):
    root = read_source(source)
    assert next(root.iter("{*}userTask")).get("name") == "受理审核"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a/>', "process.doctype"),
        (declared("EBCDIC-CP-BE").encode(), "import.encoding"),
        (b'<?xml version="1.0" encoding="utf-8"?><a>\xff</a>', "import.encoding"),
        (b"<a/>", "process.not_bpmn"),
        (b"<a>", "process.broken"),
        (b"", "process.broken"),
        (b" " * (2 * MAX_BYTES + 1), "process.too_large"),
        (HEAD.encode() + b"<process>" + b" " * MAX_BYTES, "process.too_large"),
        (HEAD.encode() + b"<x>" * 80, "process.too_deep"),
    ],
)
def test_what_cannot_be_read_safely_is_refused(source, code):
    with pytest.raises(Invalid) as caught:
        read_source(source)
    assert caught.value.code == code


def test_a_comment_does_not_cut_a_text():
    root = read_source(
        text('<task id="t"><documentation>a<!-- b -->c</documentation></task>').encode()
    )
    assert next(root.iter("{*}documentation")).text == "ac"


def test_types_in_values_keep_a_prefix_that_is_declared():
    source = (
        '<m:definitions xmlns:m="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"'
        ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="x">'
        '<m:process id="p">'
        '<m:sequenceFlow id="f" sourceRef="a" targetRef="b"><m:conditionExpression'
        ' i:type="m:tFormalExpression">a</m:conditionExpression></m:sequenceFlow></m:process>'
        "</m:definitions>"
    )
    condition = next(read_source(source.encode()).iter("{*}conditionExpression"))
    assert list(condition.attrib.values()) == ["bpmn:tFormalExpression"]
    assert condition.nsmap["bpmn"].endswith("/MODEL")


def repaired(body: str) -> tuple[etree._Element, list[str]]:
    root, report = read_source(text(body).encode()), Report()
    repair_ids(root, report)
    return root, [entry.code for entry in report.entries()]


@pytest.mark.parametrize("said", ["1 登记", "a/b", "hall_x", "é è", "-", "a b"])
def test_an_id_that_cannot_be_used_gets_a_new_one_everywhere(said):
    root, codes = repaired(
        f'<task id="{said}"/><task id="z"/>'
        f'<sequenceFlow id="f" sourceRef="{said}" targetRef="z"/>'
        f'<laneSet id="l"><lane id="k"><flowNodeRef>{said}</flowNodeRef></lane></laneSet>'
    )
    made = next(root.iter("{*}task")).get("id")
    assert made != said
    assert NCNAME.fullmatch(made)
    assert not made.startswith("hall_")
    assert next(root.iter("{*}sequenceFlow")).get("sourceRef") == made
    assert next(root.iter("{*}flowNodeRef")).text == made
    assert codes == ["import.id"]


def test_an_id_used_twice_stays_with_the_first():
    root, codes = repaired('<task id="a"/><task id="a"/>')
    assert [node.get("id") for node in root.iter("{*}task")] == ["a", "a_2"]
    assert codes == ["import.id_twice"]


def test_missing_ids_are_made_and_prefixes_of_references_are_left_out():
    root, _ = repaired('<task/><task id="t"/><sequenceFlow sourceRef="x:t" targetRef="t"/>')
    assert [node.get("id") for node in root.iter("{*}task")] == ["task", "t"]
    flow = next(root.iter("{*}sequenceFlow"))
    assert (flow.get("id"), flow.get("sourceRef")) == ("sequenceFlow", "t")


def test_a_new_id_is_near_to_what_was_wanted():
    root, _ = repaired('<task id="unit"/>')
    assert new_id(root, "unit") == "unit_2"
    assert new_id(root, "item") == "item"
