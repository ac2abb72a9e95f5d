"""Files that are no safe BPMN are refused before anything looks into them."""

import pytest

from engine.kernel.errors import Invalid
from engine.processes.definition import read_definition
from engine.processes.load import MAX_BYTES, load
from engine.processes.run import start as begin
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    boundary,
    chain,
    document,
    end,
    no_tables,
    steps,
    timer,
)

BODY = drawing.start() + steps("t") + end() + chain("s", "t", "e")
GOOD = document(BODY)
DEEP = "<extensionElements>" * 70 + "</extensionElements>" * 70


def test_a_good_file_is_read():
    assert load(GOOD).tag.endswith("}definitions")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (GOOD.replace(b"?>\n", b'?>\n<!DOCTYPE d [<!ENTITY x "y">]>', 1), "process.doctype"),
        (
            GOOD.replace(b"?>\n", b'?>\n<!DOCTYPE d SYSTEM "file:///etc/passwd">', 1),
            "process.doctype",
        ),
        (GOOD.replace(b"?>\n", b'?>\n<?xml-stylesheet href="x"?>', 1), "process.instruction"),
        (GOOD[:-20], "process.broken"),
        (b"", "process.broken"),
        (b"\x00\x01", "process.broken"),
        (b"{}", "process.broken"),
        (b"<definitions/>", "process.not_bpmn"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "process.not_bpmn"),
        (GOOD.replace(b"userTask", b"userTusk"), "process.schema"),
        (document(BODY + steps("t")), "process.duplicate_id"),
        (document(BODY, pid="t"), "process.duplicate_id"),
        (document(f"<documentation>{DEEP}</documentation>{BODY}"), "process.too_deep"),
        (GOOD + b" " * MAX_BYTES, "process.too_large"),
        (document(BODY + "<userTask/>" * 20_001), "process.too_many_elements"),
    ],
    ids=[
        "an entity",
        "an external DOCTYPE",
        "a processing instruction",
        "broken XML",
        "nothing",
        "no text",
        "JSON",
        "no namespace",
        "HTML",
        "an unknown element",
        "an id twice",
        "a task with the id of its process",
        "too deep",
        "10 MB",
        "too many elements",
    ],
)
def test_refused(source, code):
    with pytest.raises(Invalid) as refused:
        read_definition(source)
    assert refused.value.code == code
    assert "element" in refused.value.params
    assert "name" in refused.value.params


def test_comments_anywhere_change_nothing():
    body = (
        "<!-- a --><startEvent id='s'><!-- b --></startEvent>"
        '<scriptTask id="t" scriptFormat="feel" hall:result="n"><!-- c -->'
        "<script>1 <!-- d -->+ 1<!-- e --></script></scriptTask><!-- f --><endEvent id='e'/>"
        + chain("s", "t", "e")
    )
    source = document(body)
    assert b"<!-- d -->" in source
    step = begin(read_definition(source), {}, no_tables, NOW)
    assert step.data["n"] == 2


@pytest.mark.parametrize(("said", "read"), [("1", "true"), (" true ", "true"), ("0", "false")])
def test_yes_and_no_are_read_in_every_spelling_of_the_schema(said, read):
    body = drawing.start() + boundary("b", "u", timer("timeDuration", "PT1S")) + steps("u") + end()
    body = body.replace('cancelActivity="true"', f'cancelActivity="{said}"')
    root = load(document(body + end("x") + chain("s", "u", "e") + chain("b", "x")))
    assert next(root.iter("{*}boundaryEvent")).get("cancelActivity") == read
