"""Officials for the measures over HTTP: a full hall, served, and browsers signed in to it."""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from engine.demo.carry import Cast, answers_for, application_for, cast_of
from engine.demo.opening import open_city
from engine.domain.case import Case, Task
from engine.domain.events.cases import Applied
from engine.domain.matter import Matter
from engine.domain.people import Official
from engine.kernel.errors import Unavailable
from engine.services import catalogue, intake, people, work
from engine.services.hall import Hall
from engine.settings import read_settings
from engine.storage import cases

AT_ONCE = 1000
HOST, EVENTS = "127.0.0.1", "/events"
STARTS_WITHIN = 60.0
# The hall grants an official this many writes at once; the rest comes at its pace.
PER_CLIENT = 150
TOO_MANY, PAUSE_SECONDS = 429, 0.25
TOKEN = re.compile(r'name="csrf-token" content="([0-9a-f]+)"')
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
        status = TOO_MANY
        while status == TOO_MANY:
            status, _, _ = self.post("/account/demo", {"account": account})
            time.sleep(0 if status != TOO_MANY else PAUSE_SECONDS)
        if status != 303:
            self.close()
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

    def listen(self) -> socket.socket:
        """Open the stream of events on a line of its own; return it once its head has come.

        Raises Unavailable `bench.answered` when the house is full.
        """
        line = socket.create_connection((HOST, self._line.port), timeout=60)
        head = f"GET {EVENTS} HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/event-stream\r\n"
        line.sendall(f"{head}Cookie: {self._cookie()}\r\n\r\n".encode())
        status = int(line.recv(4096).split(b" ", 2)[1])
        if status != 200:
            line.close()
            raise Unavailable("bench.answered", path=EVENTS, status=status)
        return line

    def _cookie(self) -> str:
        return "; ".join(f"{key}={value}" for key, value in self._cookies.items())

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, float, str]:
        headers = {"Cookie": self._cookie()}
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


@dataclass(frozen=True)
class Served:
    """A hall at a port: the desks whose tasks are to be done, and everybody's unit by account."""

    port: int
    desks: Sequence[Desk]
    units: Mapping[str, int | None]


@contextmanager
def served(tasks: int, clients: int, settings: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Serve a hall with so many open tasks, of so many officials, under `settings`.

    Raises Unavailable `bench.not_served`.
    """
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as folder:
        here = replace(
            read_settings(),
            data=Path(folder),
            database_url=f"sqlite:///{Path(folder) / 'hall.sqlite'}",
        )
        hall = open_city(here)
        desks = _fill(hall, tasks, clients)
        units = {official.account: official.unit_no for official in people.everybody(hall)}
        hall.store.dispose()
        with _at_port(Path(folder), settings or {}) as port:
            yield Served(port, desks, units)


def spread(name: str, spent: Sequence[float]) -> dict[str, object]:
    """Return number, median and 99th percentile of milliseconds under a name."""
    highest = quantiles(spent, n=100)[98] if len(spent) > 1 else max(spent, default=0.0)
    middle = median(spent) if spent else 0.0
    return {
        f"{name}_requests": len(spent),
        f"{name}_p50_ms": round(middle, 1),
        f"{name}_p99_ms": round(highest, 1),
    }


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
def _at_port(data: Path, settings: Mapping[str, str]) -> Iterator[int]:
    """Serve the hall of a folder on a free port, as `hall serve` does."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    here = {"HALL_DATA": str(data), "HALL_HOST": HOST, "HALL_PORT": str(port)}
    environment = {key: value for key, value in os.environ.items() if key != "HALL_DATABASE_URL"}
    call = [sys.executable, "-m", "engine.cli.main", "serve", "--no-worker"]
    server = subprocess.Popen(  # noqa: S603  # our own command, no input from outside
        call, env={**environment, **here, **settings}, stdout=subprocess.DEVNULL
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
