"""Databases for tests: a file of SQLite, and a real PostgreSQL that lives as long as the run."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from engine.domain.people import SYSTEM
from engine.kernel.ids import counted_ids
from engine.kernel.now import FrozenNow, hall_moment
from engine.storage.unit import Store

PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")
OLDEST = 15
SERVER = """
fsync = off
full_page_writes = off
autovacuum = off
max_connections = 100
max_prepared_transactions = 0
logging_collector = off
"""
# Starts the server given as arguments; ends it when standard input is closed.
KEEPER = '"$@" < /dev/null & server=$!; cat > /dev/null; kill -QUIT $server; wait $server'
PATIENCE = 30
MONDAY = "2015-10-26T09:00"


class Cluster:
    """A throw-away PostgreSQL with a template of the schema; makes a database for each test."""

    def __init__(self, bin_folder: Path, folder: Path, port: int) -> None:
        self._bin, self.folder, self.port = bin_folder, folder, port
        self._names = count(1)
        self._keeper: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://hall@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server below a shell that ends it when this process ends, even by a kill."""
        server = [
            str(self._bin / "postgres"), "-D", str(self.data), "-p", str(self.port),
            "-k", str(self.folder), "-c", "listen_addresses=127.0.0.1",
        ]  # fmt: skip
        command = [*self._as_owner(), "/bin/sh", "-c", KEEPER, "sh", *server]
        with (self.folder / "log").open("ab") as log:
            self._keeper = subprocess.Popen(  # noqa: S603  # the machine's own PostgreSQL
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/"
            )
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > end or self._keeper.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the server at once, as a power cut would."""
        if self._keeper is not None:
            self._keeper.communicate()  # closes the pipe that the shell listens to
            self._keeper = None

    def make(self) -> None:
        self._run("initdb", "-D", self.data, "-U", "hall", "-A", "trust", "-E", "UTF8", "--no-sync")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(SERVER)
        self.start()
        self.execute("CREATE DATABASE hall_template ENCODING 'UTF8' TEMPLATE template0")
        store = Store(self.url("hall_template"))
        store.upgrade()
        store.dispose()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def execute(self, statement: str) -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="hall", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self, template: str = "hall_template") -> Iterator[str]:
        """Lend the URL of a fresh database with the schema of this release."""
        name = f"hall_{os.getpid()}_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _as_owner(self) -> list[str]:
        # The server refuses to run as root.
        return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as_owner(), str(self._bin / program), *map(str, arguments)]
        done = subprocess.run(  # noqa: S603  # programs of the machine's own PostgreSQL
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}")


def _binaries() -> Path | None:
    found = [path for place in PLACES for path in Path("/").glob(f"{place}/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve())
    ranked = sorted((version, path.parent) for path in found if (version := _version(path)))
    return ranked[-1][1] if ranked and ranked[-1][0] >= OLDEST else None


def _version(initdb: Path) -> int:
    command = [initdb, "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603  # as above
    number = said.rsplit(maxsplit=1)[-1].split(".")[0] if said.split() else ""
    return int(number) if number.isdigit() else 0


def _why_not() -> str | None:
    if _binaries() is None:
        return (
            f"no PostgreSQL >= {OLDEST} (initdb, pg_ctl) found; Debian: apt-get install postgresql"
        )
    if os.geteuid() == 0 and "postgres" not in {one.pw_name for one in pwd.getpwall()}:
        return "PostgreSQL does not run as root and there is no account named postgres"
    return None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """Run a PostgreSQL of this test run; without its programs skip, in CI fail."""
    reason = _why_not()
    if reason is not None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    folder = Path(tempfile.mkdtemp(prefix="hall-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cluster = Cluster(_binaries(), folder, port)
    try:
        cluster.make()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty database with the schema once; tests get copies."""
    path = tmp_path_factory.mktemp("template") / "hall.sqlite"
    store = Store(f"sqlite:///{path}")
    store.create()
    store.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the URL of a fresh SQLite database."""
    copy = tmp_path / "hall.sqlite"
    shutil.copyfile(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def postgresql_url(postgresql: Cluster) -> Iterator[str]:
    """Return the URL of a fresh PostgreSQL database."""
    with postgresql.database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh database; the test runs once on each kind."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Open a fresh database with the schema; a unit without an event fails."""
    opened = Store(database_url)
    opened.debug = True
    yield opened
    opened.dispose()


@pytest.fixture
def office(store: Store) -> "Office":
    """Return a store with its moment and its ids, ready for units."""
    return Office(store, FrozenNow(hall_moment(MONDAY)))


@pytest.fixture
def sqlite_office(sqlite_url: str) -> Iterator["Office"]:
    """Return a SQLite store with its moment and its ids, for what only SQLite knows."""
    opened = Store(sqlite_url)
    yield Office(opened, FrozenNow(hall_moment(MONDAY)))
    opened.dispose()


@pytest.fixture
def postgresql_office(postgresql_url: str) -> Iterator["Office"]:
    """Return a PostgreSQL store with its moment and its ids, for what only it knows."""
    opened = Store(postgresql_url)
    yield Office(opened, FrozenNow(hall_moment(MONDAY)))
    opened.dispose()


class Office:
    """A store with the moment and the ids that every unit takes."""

    def __init__(self, store: Store, now: FrozenNow) -> None:
        self.store, self.now, self.ids = store, now, counted_ids()

    def unit(self, by=SYSTEM):
        """Begin a unit of work."""
        return self.store.unit(self.now, self.ids, by)

    def reading(self):
        """Begin a unit that only reads."""
        return self.store.reading(self.now, self.ids)
