"""Files by the digest of their content, in a folder beside the database.

No name of a file comes from outside: it is the digest. A content is written once, whoever brings
it, and a file that is half written never has a name that anybody reads.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from engine.kernel.errors import Invalid, Unavailable
from engine.storage.faults import FULL

CHUNK = 1024 * 1024
INCOMING = "incoming-"
DIGEST = re.compile(r"[0-9a-f]{64}")
# An upload stands between its file and its row for seconds; a day is far from that.
LEFT_ALONE = timedelta(days=1)


@dataclass(frozen=True)
class Received:
    """A content that was received and has no name yet; `size` in bytes."""

    file: IO[bytes]
    path: Path
    digest: str
    size: int


class Blobs:
    """The files of one hall in `folder`, which is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def receive(self, content: IO[bytes], limit: int) -> Iterator[Received]:
        """Write a content down while its digest is taken; what is not kept in the block is gone.

        Raises Invalid `attachment.empty`, `attachment.too_large` (more than `limit` bytes);
        Unavailable `storage.full` when the disk takes no more.
        """
        file = self._begin()
        path = Path(file.name)
        try:
            with file:
                digest, size = _write(content, file, limit)
                yield Received(file, path, digest, size)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, received: Received) -> None:
        """Give a received content its name; when this returns, it is on the disk.

        The same content again takes the place of the old file: so a damaged one heals.
        """
        home = self._path(received.digest)
        try:
            os.fsync(received.file.fileno())
            home.parent.mkdir(mode=0o700, exist_ok=True)
            received.path.replace(home)
            for folder in (home.parent, self.folder):
                _sync(folder)
        except OSError as error:
            raise Unavailable(FULL) from error

    def open(self, digest: str) -> IO[bytes]:
        """Return the content of a digest, open for reading from its first byte.

        Raises Unavailable `attachment.lost` without a file, `attachment.altered` when its content
        is not that of the digest any more.
        """
        try:
            file = self._path(digest).open("rb")
        except OSError as error:
            raise Unavailable("attachment.lost", digest=digest) from error
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            file.close()
            raise Unavailable("attachment.altered", digest=digest)
        file.seek(0)
        return file

    def sweep(self, known: Collection[str], now: datetime) -> int:
        """Delete what is older than a day and no digest of `known`; return how many files."""
        swept = 0
        for path in sorted(self.folder.glob("*/*")) + sorted(self.folder.glob(f"{INCOMING}*")):
            if path.name not in known and path.stat().st_mtime < (now - LEFT_ALONE).timestamp():
                path.unlink()
                swept += 1
        return swept

    def _begin(self) -> IO[bytes]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return tempfile.NamedTemporaryFile(dir=self.folder, prefix=INCOMING, delete=False)
        except OSError as error:
            raise Unavailable(FULL) from error

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise Unavailable("attachment.lost", digest=digest)
        return self.folder / digest[:2] / digest


def _write(content: IO[bytes], file: IO[bytes], limit: int) -> tuple[str, int]:
    taken, size = hashlib.sha256(), 0
    try:
        while part := content.read(CHUNK):
            size += len(part)
            if size > limit:
                raise Invalid("attachment.too_large", limit=limit // CHUNK)
            taken.update(part)
            file.write(part)
        file.flush()
    except OSError as error:
        raise Unavailable(FULL) from error
    if not size:
        raise Invalid("attachment.empty")
    return taken.hexdigest(), size


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
