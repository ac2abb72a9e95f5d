"""Running a hall: `hall serve` starts pages and worker, `hall work` the worker alone."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from engine.bootstrap import open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.kernel.errors import Unavailable
from engine.settings import Settings, read_settings
from engine.worker.loop import run
from engine.worker.tasks import HANDLERS

PAGES = "webui.app:application"
PAUSE_SECONDS, STOP_SECONDS = 1.0, 5


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    serve = commands.add_parser("serve", help="serve the pages; starts the worker too")
    serve.add_argument("--no-worker", action="store_true", help="without the worker")
    serve.set_defaults(run=_serve)
    work = commands.add_parser("work", help="carry out the jobs that commits have left behind")
    work.add_argument("--parent", type=int, help="end when this process has ended")
    work.set_defaults(run=_work)


def _serve(asked: argparse.Namespace) -> int:
    settings = read_settings()
    open_hall(settings).store.dispose()
    _refuse_taken_port(settings)
    stop = threading.Event()
    keeper = None if asked.no_worker else threading.Thread(target=_keep_worker, args=(stop,))
    if keeper is not None:
        keeper.start()
    print(
        sentence("serve.started", {"url": f"http://{settings.host}:{settings.port}/"}), flush=True
    )
    try:
        Server(
            PAGES,
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.processes,
            blocking_threads=settings.threads,
            backpressure=settings.threads,
            respawn_failed_workers=True,
            # Live pages would keep a process for minutes; they come back to the next one.
            workers_kill_timeout=STOP_SECONDS,
            log_access=False,
            log_level=LogLevels.error,
        ).serve()
    finally:
        stop.set()
        if keeper is not None:
            keeper.join()
    return 0


def _work(asked: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if asked.parent:
        threading.Thread(target=_follow, args=(asked.parent, stop), daemon=True).start()
    hall = open_hall()
    print(sentence("work.started", {}), flush=True)
    run(hall, HANDLERS, stop)
    return 0


def _keep_worker(stop: threading.Event) -> None:
    """Keep one worker alive: one that died is started again after a pause."""
    call = [sys.executable, "-m", "engine.cli.main", "work", "--parent", str(os.getpid())]
    while not stop.is_set():
        worker = subprocess.Popen(call)  # noqa: S603  # our own command, no input from outside
        while worker.poll() is None and not stop.wait(PAUSE_SECONDS):
            continue
        if worker.poll() is None:
            worker.terminate()
            worker.wait()
        stop.wait(PAUSE_SECONDS)


def _follow(parent: int, stop: threading.Event) -> None:
    """End with the server, also when it was killed and could not say so."""
    while os.getppid() == parent:
        if stop.wait(PAUSE_SECONDS):
            return
    stop.set()


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Unavailable("serve.port_taken", port=settings.port) from error
