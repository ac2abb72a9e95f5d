"""Measuring: `hall bench live` opens streams of events on one process and asks for pages meanwhile.

A task is claimed or given back every half second meanwhile, and every stream hears of it.
"""

import argparse
import json
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

from engine.cli.browsing import Seen, look, together
from engine.cli.commands import Commands
from engine.cli.visiting import Browser, Served, served, spread
from engine.kernel.errors import Invalid, Unavailable

PER_PERSON = 3
TASKS, READERS = 2_000, 8
EVENT_EVERY_SECONDS = 0.5


def add_to(commands: Commands) -> None:
    """Add this measure to `hall bench`."""
    live = commands.add_parser("live", help="pages beside open live streams, on one process")
    live.add_argument("--streams", type=int, default=600, help="open streams, three a person")
    live.add_argument("--seconds", type=float, default=10.0, help="how long each part runs")
    live.add_argument("--json", action="store_true", help="print the figures as JSON")
    live.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    if asked.streams < 1:
        raise Invalid("bench.live")
    # A sixth of the threads is kept for pages.
    threads = str(-(-asked.streams * 6 // 5))
    with served(TASKS, READERS, {"HALL_PROCESSES": "1", "HALL_THREADS": threads}) as hall:
        figures = {"streams": asked.streams, **_measure(hall, asked.streams, asked.seconds)}
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:<22} {value}" for name, value in figures.items()))
    return 0


def _measure(hall: Served, streams: int, seconds: float) -> dict[str, object]:
    browsers = [Browser(hall.port, desk.account) for desk in hall.desks]
    lines: list[socket.socket] = []
    try:
        together(hall.desks, browsers, seconds, look)
        before = _pages(together(hall.desks, browsers, seconds, look))
        for browser in browsers:
            # The server hangs up on who says nothing for half a minute; the next page calls anew.
            browser.close()
        refused = _open(hall, streams, lines)
        moves = Event()
        with ThreadPoolExecutor(1) as beside:
            moved = beside.submit(_move, hall, moves)
            try:
                beside_streams = _pages(together(hall.desks, browsers, seconds, look))
            finally:
                moves.set()
        heard = sum(_heard(line) for line in lines)
    finally:
        for line in lines:
            line.close()
        for browser in browsers:
            browser.close()
    return {
        **spread("without", before),
        **spread("beside", beside_streams),
        "moves": moved.result(),
        "heard": heard,
        "refused_beyond": refused,
    }


def _open(hall: Served, streams: int, lines: list[socket.socket]) -> bool:
    """Open the streams; return whether one more is refused."""
    for account in hall.accounts:
        browser = Browser(hall.port, account)
        with closing(browser):
            for _ in range(PER_PERSON):
                if len(lines) == streams:
                    return _is_full(browser)
                lines.append(browser.listen())
    raise Invalid("bench.live")


def _is_full(browser: Browser) -> bool:
    try:
        browser.listen().close()
    except Unavailable:
        return True
    return False


def _move(hall: Served, ends: Event) -> int:
    """Claim a task and give it back until the end; return how often something moved."""
    mover = Browser(hall.port, hall.desks[0].account)
    task, moved = hall.desks[0].tasks[0].task_id, 0
    while not ends.wait(EVENT_EVERY_SECONDS):
        act = "release" if moved % 2 else "claim"
        status, _, _ = mover.post(f"/desk/tasks/{task}/{act}", {})
        if status != 303:
            raise Unavailable("bench.answered", path=act, status=status)
        moved += 1
    mover.close()
    return moved


def _heard(line: socket.socket) -> bool:
    """Return whether a stream was told of the inbox; what it was sent lies ready."""
    line.setblocking(False)
    try:
        return b"event: inbox" in line.recv(1 << 20)
    except BlockingIOError:
        return False


def _pages(seen: Sequence[Seen]) -> list[float]:
    return [spent for one in seen for _, spent in one]
