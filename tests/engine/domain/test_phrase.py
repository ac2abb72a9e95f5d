"""A common phrase is one short text, and few of them are kept."""

import pytest

from engine.domain.phrase import LONGEST, MOST, phrase_text, refuse_too_many
from engine.kernel.errors import Invalid


def test_blanks_around_a_phrase_are_left_out():
    assert phrase_text("  同意\n") == "同意"
    assert phrase_text("𠮷" * LONGEST) == "𠮷" * LONGEST


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "phrase.empty"), (" \n", "phrase.empty"), ("长" * (LONGEST + 1), "phrase.too_long")],
)
def test_nothing_and_too_much_are_refused(typed, code):
    with pytest.raises(Invalid) as refused:
        phrase_text(typed)
    assert refused.value.code == code


def test_no_more_than_the_most_are_kept():
    refuse_too_many(MOST - 1)
    with pytest.raises(Invalid, match=r"phrase\.too_many"):
        refuse_too_many(MOST)
