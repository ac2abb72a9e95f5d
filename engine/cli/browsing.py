"""Measuring: `hall bench http` serves a full hall and lets officials read and complete over HTTP.

Server and officials share the processors. Times of pages are the server's own, as it tells them in
`Server-Timing`; officials pause between two pages, but complete tasks as fast as they can.
"""

import argparse
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from engine.cli.commands import Commands
from engine.demo.carry import Cast, answers_for, application_for, cast_of
from engine.demo.opening import open_city
from engine.domain.case import Case, Task
from engine.domain.events.cases import Applied
from engine.domain.matter import Matter
from engine.domain.people import Official
from engine.kernel.errors import Invalid, Unavailable
from engine.services import catalogue, intake, work
from engine.services.hall import Hall
from engine.settings import read_settings
from engine.storage import cases

AT_ONCE = 1000
HOST = "127.0.0.1"
STARTS_WITHIN = 60.0
# What an official needs to look at a page before he asks for the next one.
LOOKS_SECONDS = (0.5, 1.5)
# One completion in so many is looked up at once, to see whether the next read knows of it.
LOOKED_UP = 20
# The hall grants an official this many writes at once; the rest comes at its pace.
PER_CLIENT = 150
TOKEN = re.compile(r'name="csrf-token" content="([0-9a-f]+)"')
OPEN_FORM = 'id="task-form"'
TIMING = re.compile(r"app;dur=([0-9.]+)")


@dataclass(frozen=True)
class Waiting:
    """A task that may be completed over HTTP: the fields that its page would send."""

    task_id: str
    fields: Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Desk:
    """An official and the tasks that are his to complete."""

    account: str
    tasks: Sequence[Waiting]


class Browser:
    """One official's browser: keeps its connection, cookies and token."""

    def __init__(self, port: int, account: str) -> None:
        self._line = http.client.HTTPConnection(HOST, port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._token = ""
        self.get("/account/sign-in")
        status, _, _ = self.post("/account/demo", {"account": account})
        if status != 303:
            raise Unavailable("bench.sign_in", account=account, status=status)
        self.get("/desk/")

    def get(self, path: str) -> tuple[int, float, str]:
        """Return status, the server's milliseconds and the text of a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, object]) -> tuple[int, float, str]:
        """Send a form as a page would."""
        return self._ask("POST", path, urlencode({"csrf_token": self._token, **fields}, doseq=True))

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, float, str]:
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        if token := TOKEN.search(text):
            self._token = token[1]
        spent = TIMING.search(answer.getheader("Server-Timing", ""))
        return answer.status, float(spent[1]) if spent else 0.0, text


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
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as folder:
        settings = replace(
            read_settings(),
            data=Path(folder),
            database_url=f"sqlite:///{Path(folder) / 'hall.sqlite'}",
        )
        hall = open_city(settings)
        desks = _fill(hall, asked.tasks, asked.clients)
        hall.store.dispose()
        with _served(Path(folder)) as port:
            figures = _measure(port, desks, asked.seconds)
    figures = {"tasks": asked.tasks, "clients": len(desks), **figures}
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:<22} {value}" for name, value in figures.items()))
    return 0


def _fill(hall: Hall, number: int, clients: int) -> list[Desk]:
    """Enter cases by the services for the officials at work, and others like them as rows."""
    cast = cast_of(hall)
    matters = list(_matters(hall, clients))
    each = -(-number // len(matters))
    desks = []
    for matter in matters:
        received = [_receive(hall, cast, matter) for _ in range(min(each, PER_CLIENT))]
        sample, task = received[0]
        official = cast.for_task(task)
        desks.append(Desk(official.account, [_waiting(hall, *one) for one in received]))
        _copy(hall, official, matter, (sample, task), each - len(received))
    return desks


def _matters(hall: Hall, clients: int) -> Iterator[Matter]:
    """The first matter of each unit, for as many units as there are officials at work."""
    found = 0
    for unit in catalogue.units(hall):
        rows = catalogue.matters(hall, unit_no=unit.no).rows
        if rows and found < clients:
            found += 1
            yield catalogue.matter(hall, rows[0].no)


def _receive(hall: Hall, cast: Cast, matter: Matter) -> tuple[Case, Task]:
    clerk = cast.clerk(matter.unit_no)
    receipt = intake.receive(hall, clerk, application_for(hall, matter))
    return receipt.case, receipt.opened[0]


def _waiting(hall: Hall, case: Case, task: Task) -> Waiting:
    answers = answers_for(work.form_of(hall, task))
    fields: dict[str, str | list[str]] = {
        key: "true" if value is True else str(value) for key, value in answers.items()
    }
    return Waiting(task.id, {"seen": str(case.rev), **fields})


def _copy(
    hall: Hall, official: Official, matter: Matter, sample: tuple[Case, Task], number: int
) -> None:
    case, task = sample
    for first in range(0, number, AT_ONCE):
        with hall.unit(official) as unit:
            for place in range(first, min(first + AT_ONCE, number)):
                copy = replace(case, id=unit.ids(), case_no=f"{case.case_no}-{place}")
                cases.insert(
                    unit,
                    copy,
                    matter_type=matter.type.code,
                    applicant_id=b"",
                    applicant_phone=b"",
                    agent=None,
                    answers={},
                )
                cases.open_tasks(unit, [replace(task, id=unit.ids(), case_id=copy.id)])
                unit.record(
                    Applied(
                        case_id=copy.id,
                        case_no=copy.case_no,
                        matter_no=copy.matter_no,
                        window_no=None,
                        ticket_id=None,
                        form_version=copy.form_version,
                    )
                )


@contextmanager
def _served(data: Path) -> Iterator[int]:
    """Serve the hall of a folder on a free port, as `hall serve` does."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    here = {"HALL_DATA": str(data), "HALL_HOST": HOST, "HALL_PORT": str(port)}
    environment = {key: value for key, value in os.environ.items() if key != "HALL_DATABASE_URL"}
    call = [sys.executable, "-m", "engine.cli.main", "serve", "--no-worker"]
    server = subprocess.Popen(  # noqa: S603  # our own command, no input from outside
        call, env=environment | here, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends:
        line = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            line.request("GET", "/readyz")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            line.close()
    raise Unavailable("bench.not_served")


def _measure(port: int, desks: Sequence[Desk], seconds: float) -> dict[str, object]:
    browsers = [Browser(port, desk.account) for desk in desks]
    try:
        read = _together(desks, browsers, seconds, _read)
        began = time.perf_counter()
        done = _together(desks, browsers, seconds, _complete)
        wall = time.perf_counter() - began
    finally:
        for browser in browsers:
            browser.close()
    inbox = [spent for one in read for kind, spent in one if kind == "inbox"]
    task = [spent for one in read for kind, spent in one if kind == "task"]
    sent = [spent for one in done for kind, spent in one if kind == "done"]
    return {
        **_spread("inbox", inbox),
        **_spread("task", task),
        **_spread("complete", sent),
        "completions_per_second": round(len(sent) / wall, 1),
        "looked_up": sum(kind in ("known", "stale") for one in done for kind, _ in one),
        "stale_reads": sum(kind == "stale" for one in done for kind, _ in one),
    }


Seen = list[tuple[str, float]]


def _together(
    desks: Sequence[Desk],
    browsers: Sequence[Browser],
    seconds: float,
    act: Callable[[Desk, Browser, float], Seen],
) -> list[Seen]:
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(len(desks)) as pool:
        return list(pool.map(act, desks, browsers, [ends] * len(desks)))


def _read(desk: Desk, browser: Browser, ends: float) -> Seen:
    """Look at the inbox and at a task in turns, with the pause that a person makes."""
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


def _spread(name: str, spent: Sequence[float]) -> dict[str, object]:
    """Median and 99th percentile in milliseconds."""
    highest = quantiles(spent, n=100)[98] if len(spent) > 1 else max(spent, default=0.0)
    middle = median(spent) if spent else 0.0
    return {
        f"{name}_requests": len(spent),
        f"{name}_p50_ms": round(middle, 1),
        f"{name}_p99_ms": round(highest, 1),
    }
