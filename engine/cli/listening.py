"""Measuring: `hall bench live` opens streams of events on one process and asks for pages meanwhile.

Tasks of many units are claimed and given back meanwhile; the pages of each unit hear of its own.
"""

import argparse
import json
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from threading import Event

from engine.cli.browsing import Seen, look, together
from engine.cli.commands import Commands
from engine.cli.visiting import Browser, Served, served, spread
from engine.kernel.errors import Invalid, Unavailable

PER_PERSON = 3
TASKS, READERS = 2_000, 8
EVENT_EVERY_SECONDS = 0.25


@dataclass(frozen=True)
class Line:
    """An open stream and the unit of who listens."""

    end: socket.socket
    unit_no: int | None


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
    lines: list[Line] = []
    try:
        together(hall.desks, browsers, seconds, look)
        before = _pages(together(hall.desks, browsers, seconds, look))
        for browser in browsers:
            # The server hangs up on who says nothing for half a minute; the next page calls anew.
            browser.close()
        refused = _open(hall, streams, lines)
        for line in lines:
            # The reader's own first word is heard by all.
            _heard(line)
        moves = Event()
        with ThreadPoolExecutor(1) as beside:
            moved = beside.submit(_move, hall, moves)
            try:
                beside_streams = _pages(together(hall.desks, browsers, seconds, look))
            finally:
                moves.set()
        units = {hall.units[desk.account] for desk in hall.desks}
        heard = [line for line in lines if _heard(line)]
    finally:
        for line in lines:
            line.end.close()
        for browser in browsers:
            browser.close()
    return {
        **spread("without", before),
        **spread("beside", beside_streams),
        "moves": moved.result(),
        "concerned": sum(line.unit_no in units for line in lines),
        "heard": sum(line.unit_no in units for line in heard),
        "heard_in_vain": sum(line.unit_no not in units for line in heard if line.unit_no),
        "refused_beyond": refused,
    }


def _open(hall: Served, streams: int, lines: list[Line]) -> bool:
    """Open the streams; return whether one more is refused."""
    for account, unit_no in hall.units.items():
        browser = Browser(hall.port, account)
        with closing(browser):
            for _ in range(PER_PERSON):
                if len(lines) == streams:
                    return _is_full(browser)
                lines.append(Line(browser.listen(), unit_no))
    raise Invalid("bench.live")


def _is_full(browser: Browser) -> bool:
    try:
        browser.listen().close()
    except Unavailable:
        return True
    return False


def _move(hall: Served, ends: Event) -> int:
    """Claim a task of each desk in turn and give them back; return how often one moved."""
    movers = [Browser(hall.port, desk.account) for desk in hall.desks]
    moved = 0
    while not ends.wait(EVENT_EVERY_SECONDS):
        turn, place = divmod(moved, len(movers))
        task, act = hall.desks[place].tasks[0].task_id, "release" if turn % 2 else "claim"
        status, _, _ = movers[place].post(f"/desk/tasks/{task}/{act}", {})
        if status != 303:
            raise Unavailable("bench.answered", path=act, status=status)
        moved += 1
    for mover in movers:
        mover.close()
    return moved


def _heard(line: Line) -> bool:
    """Return whether a stream was told of the inbox since it was last asked."""
    line.end.setblocking(False)
    try:
        return b"event: inbox" in line.end.recv(1 << 20)
    except BlockingIOError:
        return False


def _pages(seen: Sequence[Seen]) -> list[float]:
    return [spent for one in seen for _, spent in one]
