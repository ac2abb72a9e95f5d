"""Every element of a file is found at its bytes."""

import pytest

from engine.decisions.dmn_source import Source, Splice, escape_text, escape_value

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- 头 -->
<d:a xmlns:d="urn:a" xmlns:o="urn:o" 名="a > b">
  <d:b id='1' /><o:b/>
  <d:b id="2"><![CDATA[<d:b>]]></d:b >
</d:a>"""


@pytest.fixture(params=["", "\ufeff"], ids=["plain", "with a byte order mark"])
def source(request):
    return Source((request.param + FILE).encode())


def test_an_element_lies_between_its_offsets(source):
    first, second = source.root.below("b")
    assert source.data[first.start : first.end].decode() == "<d:b id='1' />"
    assert source.data[second.start : second.end].decode() == (
        '<d:b id="2"><![CDATA[<d:b>]]></d:b >'
    )
    assert source.data[second.opened : second.closing] == b"<![CDATA[<d:b>]]>"
    assert source.data[source.root.end :] == b""
    assert len(source.root.children) == 3
    assert source.prefix(first) == "d:"
    assert source.indent(first) == b"\n  "
    assert source.indent_end(source.root) == b"\n"


@pytest.mark.parametrize(
    ("name", "value", "tag"),
    [
        ("id", "7", '<d:b id="7" />'),
        ("id", None, "<d:b />"),
        ("label", 'a"<\n', "<d:b id='1' label=\"a&quot;&lt;&#10;\" />"),
        ("label", None, "<d:b id='1' />"),
    ],
    ids=["replaced", "taken away", "added and escaped", "nothing to take away"],
)
def test_an_attribute_is_set_in_its_tag(source, name, value, tag):
    node = source.root.below("b")[0]
    splices = source.attribute(node, name, value)
    assert source.with_splices(node.start, node.end, splices).decode() == tag


def test_a_value_that_looks_like_an_attribute_is_left_alone():
    source = Source(b'<a x=" id=1 " id="2"/>')
    assert source.with_splices(0, 22, source.attribute(source.root, "id", "3")) == (
        b'<a x=" id=1 " id="3"/>'
    )


def test_an_empty_element_is_opened_to_hold_something(source):
    node = source.root.below("b")[0]
    assert source.with_splices(node.start, node.end, source.content(node, b"x")) == (
        b"<d:b id='1'>x</d:b>"
    )


def test_splices_outside_the_part_are_passed_over():
    source = Source(b"<a><b/><c/></a>")
    splices = [Splice(3, 7, b"B"), Splice(7, 11, b"C")]
    assert source.with_splices(3, 7, splices) == b"B"
    assert source.with_splices(0, 15, splices) == b"<a>BC</a>"


def test_a_file_in_ascii_gets_references_for_other_characters():
    source = Source(b'<?xml version="1.0" encoding="US-ASCII"?><a/>')
    assert source.encode("天") == b"&#22825;"


def test_text_and_values_are_escaped():
    assert escape_text('<a> & "b"\r\n', False) == '&lt;a&gt; &amp; "b"\n'
    assert escape_text('"b"', True) == "&quot;b&quot;"
    assert escape_value('"\t') == "&quot;&#9;"
