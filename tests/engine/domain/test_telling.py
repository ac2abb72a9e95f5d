"""Events and verdicts in words, whatever the language."""

import pytest

from engine.domain.telling import Telling, window_label

SENTENCES = {
    "event.TaskClaimed": "claimed %(step)s",
    "event.CardRaised": "card %(rule)s",
    "event.CardRaised.reply_by": "card %(rule)s until %(reply_by)s",
    "verdict.role": "another post",
    "verdict.role.roles": "posts: %(roles)s",
    "post.chief": "the chief",
    "table.authority": "authority",
    "level.red": "red",
}


@pytest.fixture
def telling():
    return Telling(lambda code, params: SENTENCES[code] % params, SENTENCES.__contains__, True)


def test_a_step_is_told_by_its_name_and_without_one_by_its_id(telling):
    steps = {"review": "Review"}
    assert telling.event("TaskClaimed", {"step": "review"}, steps) == "claimed Review"
    assert telling.event("TaskClaimed", {"step": "lost"}, steps) == "claimed lost"


@pytest.mark.parametrize(
    ("reply_by", "said"),
    [
        (None, "card S03 Promise overdue"),
        ("2015-11-04", "card S03 Promise overdue until 2015-11-04"),
    ],
    ids=["plain", "fuller"],
)
def test_an_event_that_holds_more_has_the_fuller_sentence(telling, reply_by, said):
    assert telling.event("CardRaised", {"rule": "S03", "reply_by": reply_by}, {}) == said


def test_a_rule_of_which_no_fact_speaks_is_its_code(telling):
    assert telling.event("CardRaised", {"rule": "S99", "reply_by": None}, {}) == "card S99"


def test_posts_of_a_reason_are_named_and_unknown_ones_left(telling):
    assert telling.because("role", {"roles": ("chief", "astronaut")}) == (
        "posts: ['the chief', 'astronaut']"
    )
    assert telling.because("role") == "another post"


def test_a_row_is_named_by_its_table(telling):
    assert telling.row("authority#authority-4") == "authority authority-4"


def test_a_window_is_labelled_as_it_hangs_above_it():
    assert window_label(6) == "06"
