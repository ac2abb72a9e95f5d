"""The hardened reader refuses what no diagram and no table needs."""

import time

import pytest

from engine.kernel.errors import Invalid
from engine.kernel.xml import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, read

LAUGHS = (
    b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]>\n<a>&j;</a>"
)


def test_a_plain_file_is_read_with_its_chinese_text_and_comments():
    root = read(
        '<?xml version="1.0" encoding="UTF-8"?><!-- 注 --><a x="1">办件<!-- b --></a>'.encode()
    )
    assert root.tag == "a"
    assert root.text == "办件"
    assert len(root) == 1


def test_a_byte_order_mark_is_no_obstacle():
    assert read(b"\xef\xbb\xbf<a/>").tag == "a"


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        pytest.param(b"\n<!DOCTYPE a><a/>", "xml.doctype", 2, id="doctype"),
        pytest.param(LAUGHS, "xml.doctype", 2, id="billion laughs"),
        pytest.param(
            b'<!DOCTYPE a SYSTEM "http://example.invalid/x.dtd"><a/>', "xml.doctype", 1, id="dtd"
        ),
        pytest.param(b'<a/>\n<?xml-stylesheet href="x"?>', "xml.instruction", 2, id="instruction"),
        pytest.param(b"<a>\n<?php x ?></a>", "xml.instruction", 2, id="instruction inside"),
        pytest.param(b"<a>\n<b></a>", "xml.broken", 2, id="tags that do not close"),
        pytest.param(b"<a>&nbsp;</a>", "xml.broken", 1, id="entity never declared"),
        pytest.param(b"<p:a/>", "xml.broken", 1, id="prefix never declared"),
        pytest.param(b"", "xml.broken", 1, id="empty file"),
        pytest.param(b"PK\x03\x04", "xml.broken", 1, id="a zip file"),
        pytest.param(b"<a>\xff\xfe</a>", "xml.broken", 1, id="bytes that are no UTF-8"),
        pytest.param(b'<?xml version="1.0" encoding="GBK"?><a/>', "xml.encoding", 1, id="GBK"),
        pytest.param(b'<?xml version="1.0" encoding="UTF-7"?><a/>', "xml.encoding", 1, id="UTF-7"),
        pytest.param("<a/>".encode("utf-16"), "xml.broken", 1, id="UTF-16 without declaration"),
        pytest.param(b"<a>" * (MAX_DEPTH + 1), "xml.too_deep", 1, id="too deep"),
        pytest.param(
            b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>", "xml.too_many_elements", 1, id="too many"
        ),
    ],
)
def test_what_no_table_needs_is_refused_by_its_own_code_with_the_line(data, code, line):
    with pytest.raises(Invalid) as caught:
        read(data)
    assert (caught.value.code, caught.value.params["line"]) == (code, line)


def test_a_file_over_the_limit_is_refused_unread():
    with pytest.raises(Invalid) as caught:
        read(b" " * (MAX_BYTES + 1))
    assert caught.value.code == "xml.too_large"
    assert caught.value.params == {"size": MAX_BYTES + 1, "limit": MAX_BYTES}
    with pytest.raises(Invalid, match=r"xml\.too_large"):
        read(b"<a/>", limit=3)


def test_the_caps_themselves_are_allowed():
    assert len(read(b"<a>" + b"<b/>" * (MAX_ELEMENTS - 1) + b"</a>")) == MAX_ELEMENTS - 1
    assert read(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH).tag == "a"


def test_a_file_of_a_million_elements_is_refused_in_less_than_a_second():
    data = b"<a>" + b"<b/>" * 1_200_000 + b"</a>"
    before = time.process_time()
    with pytest.raises(Invalid, match=r"xml\.too_many_elements"):
        read(data)
    assert time.process_time() - before < 1
