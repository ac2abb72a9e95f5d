"""A decision in words."""

from decimal import Decimal

import pytest

from webui.kit.decisions import fact_name, fact_value, lines


@pytest.fixture(autouse=True)
def asked(app):
    with app.test_request_context("/"):
        yield


def test_facts_have_names_and_values_in_words():
    said = dict(lines({"survey": True, "statutory_days": 20, "matter_type": "x"}, {"x": "承诺件"}))
    assert "是" in said.values()
    assert "承诺件" in said.values()
    assert any(text.startswith("20") for text in said.values())


def test_what_is_no_fact_keeps_its_key_and_what_is_unknown_says_so():
    assert fact_name("no_such_fact") == "no_such_fact"
    assert fact_value("no_such_fact", None) != "None"
    assert fact_value("no_such_fact", Decimal("1.5")) == "1.5"
    assert lines("no mapping", {}) == []
