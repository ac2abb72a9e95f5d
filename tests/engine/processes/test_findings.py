"""Findings become one error that names the first and carries all."""

import pytest
from lxml import etree

from engine.kernel.errors import Invalid
from engine.processes.findings import Finding, at, refuse


def test_nothing_found_is_no_error():
    refuse([])


def test_one_finding_is_the_error_itself():
    with pytest.raises(Invalid) as refused:
        refuse([Finding("process.no_role", "t", "审查", {"x": 1})])
    assert refused.value.code == "process.no_role"
    assert refused.value.params == {"element": "t", "name": "审查", "x": 1}


def test_several_findings_come_in_order_with_the_first_on_top():
    with pytest.raises(Invalid) as refused:
        refuse(iter([Finding("a.b", "t", ""), Finding("c.d", "u", "名", {"x": 1})]))
    assert refused.value.code == "a.b"
    assert refused.value.params["findings"] == [
        {"code": "a.b", "element": "t", "name": ""},
        {"code": "c.d", "element": "u", "name": "名", "x": 1},
    ]


def test_an_element_without_an_id_is_named_by_its_line():
    node = etree.fromstring("<a>\n<b name='n'/></a>")[0]
    assert at(node, "x.y") == Finding("x.y", "b:2", "n", {})
