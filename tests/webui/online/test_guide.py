"""The matters and their guides."""

import json
import re

import pytest

from engine.services import catalogue
from tests.story import walk_through_matter


@pytest.fixture
def matter(hall):
    return walk_through_matter(hall)


def names(page):
    return re.findall(r'<a href="/matters/\d+">([^<]+)</a>', page)


@pytest.mark.parametrize("query", ["企业设立登记", "  企业设立登记  "])
def test_a_matter_is_found_by_its_name(visitor, matter, query):
    assert matter.name in names(visitor.read("/matters", query_string={"q": query}))


def test_a_matter_is_found_by_initials_and_code(visitor, matter):
    for query in (matter.initials[:4], matter.initials.upper(), matter.task_code):
        assert matter.name in names(visitor.read("/matters", query_string={"q": query})), query


@pytest.mark.parametrize(
    "query",
    [
        "没有这样的事项",
        "%",
        "_",
        "'; DROP TABLE matter; --",
        "<script>alert(1)</script>",
        "𠮷" * 60,
    ],
)
def test_a_search_in_vain_says_so_and_breaks_nothing(visitor, query):
    page = visitor.read("/matters", query_string={"q": query})
    assert names(page) == []
    assert "没有找到" in page
    assert "<script>alert" not in page


def test_the_list_has_pages_that_keep_the_filter(visitor):
    page = visitor.read("/matters?page=2")
    assert re.search(r"第 51.100 条，共 494 条", page)
    first = set(names(visitor.read("/matters")))
    assert not first & set(names(page))
    assert "共 18 条" in visitor.read("/matters?unit=26")


def test_a_page_beyond_the_end_is_empty_and_leads_back(visitor):
    page = visitor.read("/matters?page=99")
    assert names(page) == []
    assert 'href="/matters"' in page


def test_typing_gets_a_few_matters_and_no_page(visitor, matter):
    part = visitor.read("/matters", fragment=True, query_string={"q": "登记"})
    assert "<html" not in part
    assert 0 < part.count("<li>") <= 9
    assert visitor.read("/matters", fragment=True).strip() == ""


def test_a_guide_says_what_is_asked_how_long_and_where(visitor, matter):
    page = visitor.read(f"/matters/{matter.no}")
    assert f"{matter.promised_days} 个工作日" in page
    assert f"{matter.statutory_days} 个工作日" in page
    for text in (*matter.conditions, *(paper.name for paper in matter.materials)):
        assert text in page
    assert matter.legal_basis in page
    assert "商事登记服务区" in page


def test_the_process_is_drawn_and_told_as_a_list(visitor, matter):
    page = visitor.read(f"/matters/{matter.no}")
    block = re.search(r'<script type="application/json" id="process-data">(.*?)</script>', page)[1]
    drawn = json.loads(block)
    steps = re.findall(r"<li>([^<]+)<span class=\"meta\">", page)
    assert len(steps) > 3
    assert all(step in drawn["xml"] for step in steps[1:-1])


def test_every_kind_of_matter_has_a_guide(visitor, hall):
    types = {}
    for number in range(1, 11):
        for row in catalogue.matters(hall, page=number).rows:
            types.setdefault((row.type.code, row.process), row.no)
    assert len(types) > 3
    for no in types.values():
        assert "环节清单" in visitor.read(f"/matters/{no}")


@pytest.mark.parametrize("path", ["/matters/0", "/matters/99999", "/matters/x"])
def test_an_unknown_matter_is_not_there(visitor, path):
    assert visitor.get(path).status_code == 404
