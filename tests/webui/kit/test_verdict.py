"""Verdicts in words."""

import pytest

from engine.domain.verdict import Verdict
from webui.kit.verdict import because_said, posts_said, table_said, telling, verdict_words


@pytest.fixture(autouse=True)
def speaking(app):
    """A request, since sentences ask for the reader's language."""
    with app.test_request_context():
        yield


def test_a_no_names_its_reason_and_its_row():
    verdict = Verdict(False, "scope.amount", "authority#authority-7")
    assert verdict_words(verdict) == ("金额超出授权范围", "办理权限 authority-7")


def test_a_no_without_a_row_names_none():
    assert verdict_words(Verdict(False, "unit")) == ("本环节由其他单位办理", "")


def test_posts_are_named_not_coded():
    said = because_said("role", {"roles": ("chief", "stand_in")})
    assert "首席代表" in said
    assert "chief" not in said


def test_what_has_no_name_keeps_its_code():
    assert posts_said(["astronaut"]) == ["astronaut"]
    assert table_said("moon_phases") == "moon_phases"
    assert telling().row("moon_phases#7") == "moon_phases 7"
