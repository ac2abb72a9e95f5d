"""Sentences for the terminal."""

import pytest

from engine.cli import sentences
from engine.kernel.errors import Conflict


@pytest.mark.parametrize(
    ("spoken", "said"),
    [("zh_CN.UTF-8", "签收"), ("en_GB.UTF-8", "claimed"), ("C.UTF-8", "签收"), ("", "签收")],
)
def test_the_terminal_is_spoken_to_in_its_language(monkeypatch, spoken, said):
    monkeypatch.setenv("LC_ALL", spoken)
    monkeypatch.setenv("LC_MESSAGES", "")
    monkeypatch.setenv("LANG", "")
    assert said in sentences.of_error(Conflict("task.taken", by="王芳"))


def test_a_code_without_a_sentence_is_still_said():
    assert sentences.sentence("no.such.code", {}) == "no.such.code"
