"""What open pages hear of."""

from engine.services import live, tickets


def test_a_call_is_heard_by_the_screens(hall):
    last = live.newest(hall)
    tickets.take(hall, 1)
    newest, topics = live.topics_since(hall, last)
    assert newest > last
    assert topics == {"ticket", "screen"}
    assert live.topics_since(hall, newest) == (newest, frozenset())
