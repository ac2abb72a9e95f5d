"""The reader's language."""

import re

import pytest

from tests.webui.visitor import Visitor


def test_the_switch_is_kept_and_leads_back(visitor):
    answer = visitor.post("/account/language", language="en", next="/matters?unit=26")
    assert answer.location == "/matters?unit=26"
    page = visitor.read("/matters?unit=26")
    assert '<html lang="en">' in page
    assert "Search matters" in page
    assert "办事事项" not in page.partition("<main")[0].partition("</nav>")[0]
    visitor.post("/account/language", language="zh")
    assert "搜索事项" in visitor.read("/matters")


def test_an_unknown_language_is_refused_in_words(visitor):
    answer = visitor.post("/account/language", language="fr")
    assert answer.status_code == 422
    assert "没有这种语言" in answer.text


PAGES = ["/", "/matters", "/matters/1", "/zones/1", "/licences/check?no=1"]


@pytest.mark.parametrize("path", PAGES)
def test_no_code_is_left_without_its_sentence(app, path):
    """A code shown raw would look like `matter.promised`."""
    for language in ("zh", "en"):
        visitor = Visitor(app)
        visitor.post("/account/language", language=language)
        page = visitor.read(path)
        assert re.findall(r">\s*[a-z_]+(?:\.[a-z_]+)+\s*<", page) == []
