"""The public check of a licence."""

import pytest

from engine.demo.story import walk_through
from engine.services import licences


def test_an_empty_form_asks_for_a_number(visitor):
    page = visitor.read("/licences/check")
    assert 'name="no"' in page
    assert 'class="notice' not in page


@pytest.fixture
def issued(hall, now):
    """The licence of the walk-through."""
    return licences.licence(hall, walk_through(hall, now).licence_no)


def test_a_licence_of_this_hall_is_valid(visitor, issued):
    page = visitor.read("/licences/check", query_string={"no": f" {issued.no.lower()} "})
    assert "内容未被改动" in page
    for text in (issued.holder, issued.name, issued.digest, "演示印章"):
        assert text in page


def test_an_altered_record_is_not_believed(visitor, issued, monkeypatch):
    monkeypatch.setattr(licences, "is_unaltered", lambda licence: False)
    page = visitor.read("/licences/check", query_string={"no": issued.no})
    assert "请勿采信" in page
    assert issued.holder not in page


@pytest.mark.parametrize("number", ["91439900MA00000000", "x" * 500, "' OR 1=1", "<b>"])
def test_an_unknown_number_is_not_found(visitor, number):
    page = visitor.read("/licences/check", query_string={"no": number})
    assert "未查到" in page
    assert "<b>" not in page.partition("<main")[2].replace("<b></b>", "")
