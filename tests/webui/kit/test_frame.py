"""The frame of every page."""

import re

from tests.webui.visitor import Visitor


def test_the_head_says_who_is_here_and_from_where(app, hall):
    page = Visitor(app, "clerk06").read("/desk/")
    head = page.partition("</header>")[0]
    assert "市工商行政管理局" in head
    assert "06 窗口" in head
    assert "窗口人员" in head


def test_each_page_has_one_heading_a_skip_link_and_a_language(visitor):
    for path in ("/", "/matters", "/licences/check", "/account/sign-in", "/screens/"):
        page = visitor.read(path)
        assert len(re.findall("<h1", page)) == 1, path
        assert 'href="#main"' in page
        assert '<html lang="zh-Hans">' in page


def test_demo_data_are_named_on_every_page(visitor):
    assert "演示数据" in visitor.read("/matters")


def test_no_page_writes_a_style_or_a_script_of_its_own(visitor):
    for path in ("/", "/matters", "/account/sign-in", "/screens/6"):
        page = visitor.read(path)
        assert not re.search(r"<[^>]+\sstyle=", page), path
        assert not re.search(r"<script(?![^>]*(src=|application/json))", page), path
        assert not re.search(r"\son\w+=", page), path
