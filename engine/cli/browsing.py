"""Measuring: `hall bench http` serves a full hall and lets officials read and complete over HTTP.

Server and officials share the processors. Times of pages are the server's own, as it tells them in
`Server-Timing`; officials pause between two pages, but complete tasks as fast as they can.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from engine.cli.commands import Commands
from engine.cli.visiting import Browser, Desk, Served, served, spread
from engine.kernel.errors import Invalid, Unavailable

# What an official needs to look at a page before he asks for the next one.
LOOKS_SECONDS = (0.5, 1.5)
# One completion in so many is looked up at once, to see whether the next read knows of it.
LOOKED_UP = 20
OPEN_FORM = 'id="task-form"'
# A hall that has just been started is still reading what it will need all day.
WARMS_UP_SECONDS = 10.0


def add_to(commands: Commands) -> None:
    """Add this measure to `hall bench`."""
    browsing = commands.add_parser("http", help="read and complete over HTTP under many officials")
    browsing.add_argument("--tasks", type=int, default=100_000, help="open tasks of the hall")
    browsing.add_argument("--clients", type=int, default=32, help="officials at work, at most 43")
    browsing.add_argument("--seconds", type=float, default=10.0, help="how long each part runs")
    browsing.add_argument("--json", action="store_true", help="print the figures as JSON")
    browsing.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    if asked.tasks < asked.clients or asked.clients < 1:
        raise Invalid("bench.http")
    with served(asked.tasks, asked.clients) as hall:
        figures = _measure(hall, asked.seconds)
    figures = {"tasks": asked.tasks, "clients": len(hall.desks), **figures}
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:<22} {value}" for name, value in figures.items()))
    return 0


def _measure(hall: Served, seconds: float) -> dict[str, object]:
    desks = hall.desks
    browsers = [Browser(hall.port, desk.account) for desk in desks]
    try:
        together(desks, browsers, WARMS_UP_SECONDS, look)
        read = together(desks, browsers, seconds, look)
        began = time.perf_counter()
        done = together(desks, browsers, seconds, _complete)
        wall = time.perf_counter() - began
    finally:
        for browser in browsers:
            browser.close()
    inbox = [spent for one in read for kind, spent in one if kind == "inbox"]
    task = [spent for one in read for kind, spent in one if kind == "task"]
    sent = [spent for one in done for kind, spent in one if kind == "done"]
    return {
        **spread("inbox", inbox),
        **spread("task", task),
        **spread("complete", sent),
        "completions_per_second": round(len(sent) / wall, 1),
        "looked_up": sum(kind in ("known", "stale") for one in done for kind, _ in one),
        "stale_reads": sum(kind == "stale" for one in done for kind, _ in one),
    }


Seen = list[tuple[str, float]]


def together(
    desks: Sequence[Desk],
    browsers: Sequence[Browser],
    seconds: float,
    act: Callable[[Desk, Browser, float], Seen],
) -> list[Seen]:
    """Let every official act in his browser for so many seconds; return what each has seen."""
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(len(desks)) as pool:
        return list(pool.map(act, desks, browsers, [ends] * len(desks)))


def look(desk: Desk, browser: Browser, ends: float) -> Seen:
    """Look at the inbox and at a task in turns, with the pause that a person makes.

    Raises Unavailable `bench.answered`.
    """
    seen: Seen = []
    chance = random.Random(desk.account)  # noqa: S311  # pauses, the same ones in every run
    time.sleep(chance.uniform(0, LOOKS_SECONDS[1]))
    while time.monotonic() < ends:
        for kind, path in (
            ("inbox", "/desk/?tab=offered"),
            ("task", f"/desk/tasks/{chance.choice(desk.tasks).task_id}"),
        ):
            status, spent, _ = browser.get(path)
            if status != 200:
                raise Unavailable("bench.answered", path=path, status=status)
            seen.append((kind, spent))
            time.sleep(chance.uniform(*LOOKS_SECONDS))
    return seen


def _complete(desk: Desk, browser: Browser, ends: float) -> Seen:
    """Complete one task after the other; now and then look whether the next read knows of it."""
    seen: Seen = []
    for number, task in enumerate(desk.tasks):
        if time.monotonic() >= ends:
            break
        path = f"/desk/tasks/{task.task_id}"
        status, spent, _ = browser.post(f"{path}/complete", task.fields)
        if status != 303:
            raise Unavailable("bench.answered", path=path, status=status)
        seen.append(("done", spent))
        if number % LOOKED_UP == 0:
            _, _, text = browser.get(path)
            seen.append(("stale" if OPEN_FORM in text else "known", 0.0))
    return seen
