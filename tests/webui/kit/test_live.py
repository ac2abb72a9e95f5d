"""The stream: who hears what, how soon, and who must leave."""

import time

import pytest

from engine.services import tickets
from engine.services.live import News
from tests.webui.visitor import Visitor
from webui.kit import live
from webui.kit.live import OFFICIAL_TOPICS, PUBLIC_TOPICS, Live

FAR = 10**9
ALL = "event: all\ndata: 0\n\n"


@pytest.fixture
def streams(hall):
    made = Live(hall, in_all=5, poll=0.02)
    yield made
    for listener in list(made._listeners):
        made.leave(listener)
    wait_until(lambda: made._reader is None)


def wait_until(true, seconds=5.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def begin(streams, who="a", topics=OFFICIAL_TOPICS, most=3, places=None):
    listener = streams.join(who, topics, most, places)
    lines = streams.lines(listener, heartbeat=0.05)
    assert next(lines).startswith("retry:")
    assert next(lines) == ALL
    return listener, lines


def heard(lines, topic, seconds=2.0, carries=""):
    """Read on until an event of `topic` came; return it."""
    end = time.monotonic() + seconds
    for line in lines:
        if f"event: {topic}\n" in line and carries in line:
            return line
        assert time.monotonic() < end, f"no {topic} within {seconds} s"
    raise AssertionError("the stream ended")


def test_a_call_is_heard_within_two_seconds_and_carries_a_number_only(hall, streams):
    _, lines = begin(streams, topics=PUBLIC_TOPICS)
    heard(lines, "screen")  # the reader's own first word
    tickets.take(hall, 1)
    message = heard(lines, "screen")
    number = message.rpartition("data: ")[2].strip()
    assert number.isdigit()
    assert message == f"id: {number}\nevent: screen\ndata: {number}\n\n"


def test_a_screen_hears_nothing_of_the_inbox(streams):
    listener, _ = begin(streams, topics=PUBLIC_TOPICS)
    streams.tell(News(7, {"inbox": None, "screen": None}))
    wait_until(lambda: not listener.box.empty())
    topics = {listener.box.get_nowait()[0] for _ in range(listener.box.qsize())}
    assert topics == {"screen"}


def told(listener, since):
    """What waits for a stream, without the reader's own first word."""
    box = [listener.box.get_nowait() for _ in range(listener.box.qsize())]
    return [(topic, number) for topic, number in box if number >= since]


def test_a_page_hears_what_concerns_its_places_and_what_concerns_everybody(streams):
    opened = [
        begin(streams, "a", places=frozenset({"unit:26", "zone:1"})),
        begin(streams, "b", places=frozenset({"unit:27", "zone:1"})),
        begin(streams, "c"),
    ]
    here, there, whole = (listener for listener, _ in opened)
    streams.tell(News(FAR, {"inbox": frozenset({"unit:26"}), "ticket": frozenset({"zone:1"})}))
    streams.tell(News(FAR + 1, {"inbox": None}))
    own = [("inbox", FAR), ("ticket", FAR), ("inbox", FAR + 1)]
    assert told(here, FAR) == own
    assert told(there, FAR) == own[1:]
    assert told(whole, FAR) == own


def test_the_screen_of_a_window_listens_to_its_zone(app):
    page = Visitor(app).read("/screens/6")
    assert 'hx-sse:connect="/events?zone=1"' in page
    assert 'hx-sse:connect="/events"' in Visitor(app).read("/screens/hall")
    answer = Visitor(app).client.get("/events?zone=1", buffered=False)
    (listener,) = app.extensions["live"]._listeners
    assert listener.places == {"zone:1"}
    answer.close()
    wait_until(lambda: app.extensions["live"]._reader is None)


def test_a_quiet_stream_says_that_it_lives(hall, streams):
    _, lines = begin(streams, topics=frozenset())
    assert next(lines) == ": still here\n\n"


def test_a_full_box_makes_the_page_fetch_everything(streams):
    listener, lines = begin(streams, topics=frozenset())
    for number in range(live.BACKLOG + 5):
        listener.put("inbox", number)
    assert "event: all\n" in next(lines)


def test_the_fourth_stream_of_a_person_ends_his_first(streams):
    first, lines = begin(streams)
    others = [begin(streams)[1] for _ in range(3)]
    assert heard(lines, "close")
    assert next(lines, None) is None
    assert first not in streams._listeners
    streams.tell(News(41, dict.fromkeys(OFFICIAL_TOPICS)))
    assert all("data: 41" in heard(line, "inbox", carries="41") for line in others)


def test_a_full_house_takes_nobody(streams):
    held = [begin(streams, who) for who in "abcde"]
    assert len(held) == 5
    assert streams.join("f", OFFICIAL_TOPICS, 3) is None
    assert streams.join("a", OFFICIAL_TOPICS, 1) is not None, "his own place is free for him"


def test_an_old_stream_ends_so_that_the_session_is_asked_again(streams):
    listener = streams.join("a", OFFICIAL_TOPICS, 3)
    lines = list(streams.lines(listener, heartbeat=0.02, longest=0.1))
    assert lines[1] == ALL
    assert listener not in streams._listeners


def test_nobody_listens_and_nobody_reads(streams):
    listener, lines = begin(streams)
    assert streams._reader is not None
    lines.close()
    assert listener not in streams._listeners
    wait_until(lambda: streams._reader is None)


def test_the_reader_outlives_a_database_that_is_away(hall, streams, monkeypatch):
    calls = []

    def away(hall):
        calls.append(hall)
        if len(calls) < 3:
            raise live.HallError("storage.gone")
        return 41

    monkeypatch.setattr(live.live, "newest", away)
    _, lines = begin(streams)
    assert "data: 41" in heard(lines, "inbox")


def test_the_stream_of_the_pages_is_an_event_stream(app):
    answer = Visitor(app, "clerk06").client.get("/events", buffered=False)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Cache-Control"] == "no-store"
    lines = answer.iter_encoded()
    assert b"retry" in next(lines)
    assert next(lines) == ALL.encode()
    answer.close()
    wait_until(lambda: app.extensions["live"]._reader is None)


def test_a_full_house_is_not_put_into_the_page(app):
    app.extensions["live"] = Live(app.extensions["hall"], in_all=0)
    answer = Visitor(app).get("/events")
    assert answer.status_code == 503
    assert answer.headers["HX-Reswap"] == "none"
