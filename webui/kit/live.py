"""Live pages: a stream of event numbers by topic; the page fetches what it shows itself.

No name and no HTML travels here, so the guard of the fetched view decides what is seen. A page
hears what concerns its places only: else all pages of the hall would fetch at every move. One
stream holds one thread of the server, hence the caps: who opens one too many loses the oldest,
and a page without a stream asks again by itself. One reader of the engine's events runs in a
process, and only while somebody listens.
"""

import logging
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask, Response, current_app, make_response, request

from engine.kernel.errors import HallError
from engine.services import live
from engine.services.hall import Hall
from engine.services.live import News
from webui.kit.guard import public
from webui.kit.session import hall, official

OFFICIAL_TOPICS = frozenset({"inbox", "ticket", "screen"})
PUBLIC_TOPICS = frozenset({"screen"})
PER_PERSON, PER_ADDRESS = 3, 24
POLL_SECONDS, HEARTBEAT_SECONDS = 0.5, 15.0
# A stream ends now and then, so that an ended session ends its streams too; pages reconnect.
LONGEST_SECONDS = 300.0
BACKLOG = 100
AT_ONCE, BREATH_SECONDS = 16, 0.01
# htmx ends the connection on this event and does not come back (hx-sse:close in the layouts).
CLOSE = "close"
LOG = logging.getLogger("webui.live")


@dataclass(eq=False)
class Listener:
    """One open stream, the places it listens to (None: all), the messages that wait for it."""

    who: str
    topics: frozenset[str]
    places: frozenset[str] | None = None
    box: queue.Queue[tuple[str, int]] = field(default_factory=lambda: queue.Queue(BACKLOG))
    lost: bool = False
    closed: bool = False

    def hears(self, topic: str, places: frozenset[str] | None) -> bool:
        """Return whether a change of `topic` at some places concerns this stream."""
        if topic not in self.topics:
            return False
        return places is None or self.places is None or not places.isdisjoint(self.places)

    def put(self, topic: str, number: int) -> None:
        """Hand over a message; a full box is told later to fetch everything."""
        try:
            self.box.put_nowait((topic, number))
        except queue.Full:
            self.lost = True

    def close(self) -> None:
        """Let the stream end with its next message, which is due at once."""
        self.closed = True
        self.put(CLOSE, 0)


class Live:
    """Who listens, and the one reader that tells them."""

    def __init__(self, over: Hall, in_all: int | None = None, poll: float = POLL_SECONDS) -> None:
        self._hall, self._poll = over, poll
        self._in_all = over.rules.live_pages if in_all is None else in_all
        self._lock = threading.Lock()
        self._listeners: dict[Listener, None] = {}
        self._reader: threading.Thread | None = None

    def join(
        self,
        who: str,
        topics: frozenset[str],
        most: int,
        places: frozenset[str] | None = None,
    ) -> Listener | None:
        """Return a place in the stream; None when the house is full.

        A person has `most` places: his oldest stream ends for a new one, since it is often that
        of a page he has left, which the server learns only when it next writes to it.
        """
        with self._lock:
            own = [listener for listener in self._listeners if listener.who == who]
            for oldest in own[: len(own) - most + 1]:
                del self._listeners[oldest]
                oldest.close()
            if len(self._listeners) >= self._in_all:
                return None
            listener = Listener(who, topics, places)
            self._listeners[listener] = None
            if self._reader is None or not self._reader.is_alive():
                self._reader = threading.Thread(target=self._read, name="live", daemon=True)
                self._reader.start()
        return listener

    def leave(self, listener: Listener) -> None:
        """Give the place back; a second time changes nothing."""
        with self._lock:
            self._listeners.pop(listener, None)

    def close(self) -> None:
        """End every stream, as before a shutdown."""
        with self._lock:
            listeners, self._listeners = list(self._listeners), {}
        for listener in listeners:
            listener.close()

    def tell(self, news: News) -> None:
        """Tell everybody whom it concerns, some at a time: each wakes a thread of this process."""
        with self._lock:
            listeners = list(self._listeners)
        told = 0
        for listener in listeners:
            for topic in sorted(news.topics):
                if listener.hears(topic, news.topics[topic]):
                    listener.put(topic, news.number)
                    told += 1
                    if told % AT_ONCE == 0:
                        time.sleep(BREATH_SECONDS)

    def lines(
        self,
        listener: Listener,
        heartbeat: float = HEARTBEAT_SECONDS,
        longest: float = LONGEST_SECONDS,
    ) -> Iterator[str]:
        """Yield the messages of one stream until it is old or the browser has gone.

        The first message is `all`: it closes the gap between rendering and connecting.
        """
        ends = time.monotonic() + longest
        try:
            yield "retry: 1000\n\n"
            yield "event: all\ndata: 0\n\n"
            while time.monotonic() < ends:
                try:
                    topic, number = listener.box.get(timeout=heartbeat)
                except queue.Empty:
                    yield ": still here\n\n"
                    continue
                if listener.closed:
                    yield f"event: {CLOSE}\ndata: 0\n\n"
                    return
                if listener.lost:
                    listener.lost, topic = False, "all"
                yield f"id: {number}\nevent: {topic}\ndata: {number}\n\n"
        finally:
            self.leave(listener)

    def _read(self) -> None:
        last: int | None = None
        while True:
            with self._lock:
                if not self._listeners:
                    self._reader = None
                    return
            try:
                if last is None:
                    news = News(live.newest(self._hall), dict.fromkeys(OFFICIAL_TOPICS))
                else:
                    news = live.news_since(self._hall, last)
                last = news.number
                self.tell(news)
            except HallError as error:
                LOG.warning("the events cannot be read now: %s", error)
            time.sleep(self._poll)


@public
def events() -> Response:
    """Open the stream: an official hears of the inbox and the queue, a screen of calls.

    A screen names its zone; without one it stands for the whole hall.
    """
    someone = official()
    streams: Live = current_app.extensions["live"]
    if someone is not None:
        places = live.places_of(hall(), someone)
        listener = streams.join(someone.id, OFFICIAL_TOPICS, PER_PERSON, places)
    else:
        zone_no = request.args.get("zone", type=int)
        places = None if zone_no is None else frozenset({live.zone(zone_no)})
        listener = streams.join(
            f"address {request.remote_addr}", PUBLIC_TOPICS, PER_ADDRESS, places
        )
    if listener is None:
        # htmx would swap the answer of a first connection into the page.
        full = make_response("", 503)
        full.headers.update({"HX-Reswap": "none", "Retry-After": "5"})
        return full
    response = Response(
        streams.lines(listener), mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
    # A generator that was never started has no `finally`.
    response.call_on_close(lambda: streams.leave(listener))
    return response


def stream(app: Flask) -> None:
    """Give `app` its stream at /events."""
    app.extensions["live"] = Live(app.extensions["hall"])
    app.add_url_rule("/events", "events", events)
