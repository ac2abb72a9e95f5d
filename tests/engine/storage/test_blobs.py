"""Files lie under the digest of their content: once, whole, or not at all."""

import hashlib
import io
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

from engine.kernel.errors import HallError, Invalid, Unavailable
from engine.storage.blobs import Blobs

CONTENT = b"a scanned paper"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "files")


def keep(blobs, content=CONTENT):
    with blobs.receive(io.BytesIO(content), 1000) as received:
        blobs.keep(received)
    return received


def files(blobs):
    return [path for path in blobs.folder.rglob("*") if path.is_file()]


def refused(act, *args):
    with pytest.raises(HallError) as caught:
        act(*args)
    return type(caught.value), caught.value.code


def test_a_content_comes_back_by_its_digest(blobs):
    received = keep(blobs)
    assert (received.digest, received.size) == (DIGEST, len(CONTENT))
    with blobs.open(DIGEST) as content:
        assert content.read() == CONTENT


def test_the_same_content_lies_there_once_and_nobody_else_reads_it(blobs):
    keep(blobs)
    keep(blobs)
    (path,) = files(blobs)
    assert path.name == DIGEST
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_not_kept_leaves_nothing(blobs):
    with blobs.receive(io.BytesIO(CONTENT), 1000) as received:
        assert received.file.read() == b""
    assert files(blobs) == []


def test_an_empty_content_and_one_too_large_are_refused_and_leave_nothing(blobs):
    assert refused(keep, blobs, b"") == (Invalid, "attachment.empty")
    assert refused(keep, blobs, b"x" * 1001) == (Invalid, "attachment.too_large")
    assert files(blobs) == []


def test_an_endless_content_is_read_only_as_far_as_it_may_be(blobs):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"x" * size

    content = Endless()
    with pytest.raises(Invalid), blobs.receive(content, 5_000_000):
        pass
    assert content.given < 7_000_000


def test_an_altered_content_is_not_given_out_until_it_is_brought_again(blobs):
    keep(blobs)
    (path,) = files(blobs)
    path.write_bytes(CONTENT[:-1] + b"x")
    assert refused(blobs.open, DIGEST) == (Unavailable, "attachment.altered")
    keep(blobs)
    blobs.open(DIGEST).close()


@pytest.mark.parametrize("digest", ["0" * 64, "../../../../etc/passwd", "", "A" * 64])
def test_what_is_not_there_is_lost_whatever_it_is_called(blobs, digest):
    keep(blobs)
    assert refused(blobs.open, digest) == (Unavailable, "attachment.lost")


def test_a_folder_that_cannot_be_written_is_full(tmp_path):
    (tmp_path / "files").write_text("in the way")
    assert refused(keep, Blobs(tmp_path / "files")) == (Unavailable, "storage.full")


def test_only_old_files_that_nobody_knows_are_swept(blobs):
    now = datetime.now(UTC)
    keep(blobs)
    keep(blobs, b"unknown")
    (blobs.folder / "incoming-left").write_bytes(b"half")
    assert blobs.sweep({DIGEST}, now) == 0
    old = (now - timedelta(days=2)).timestamp()
    for path in files(blobs):
        os.utime(path, (old, old))
    assert blobs.sweep({DIGEST}, now) == 2
    assert [path.name for path in files(blobs)] == [DIGEST]


def test_a_hall_without_any_file_has_nothing_to_sweep(blobs):
    assert blobs.sweep(set(), datetime.now(UTC)) == 0
