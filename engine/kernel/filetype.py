"""Tells what a file is by its content, never by its name, and looks into zip files with care."""

import re
import struct
import zipfile
import zlib
from collections.abc import Collection
from typing import IO

from engine.kernel.errors import Invalid

# Many times what an office document has, far below what harms (S-42).
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 2000, 100 * 1024 * 1024, 200
# A small file of blanks packs better than any ratio, and does no harm.
HARMLESS = 1024 * 1024
LONGEST_DIRECTORY = 1024 * 1024
HEAD, CHUNK = 1024, 1024 * 1024
END_OF_ZIP = struct.Struct("<4s4H2LH")
LONGEST_COMMENT = 0xFFFF
ZIP = b"PK\x03\x04"
SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!", "program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
)
ARCHIVES = (ZIP, b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh")
# What a zip of each kind always has; what has macros is a program.
MEMBERS = (
    ("ofd", "OFD.xml"),
    ("docx", "word/document.xml"),
    ("xlsx", "xl/workbook.xml"),
)
# What is told exactly and runs nothing: only these can be listed as papers.
KINDS = frozenset({"pdf", "png", "jpeg", *(kind for kind, _member in MEMBERS)})
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|script|svg|\?xml)", re.I)


def found_in(content: IO[bytes]) -> str:
    """Return what a file that can be read anywhere is: `pdf`, `png`, `ofd` … or `unknown`.

    Raises Invalid for a zip that is no office document one could open: `file.broken`,
    `file.too_many_entries`, `file.unpacks_too_large`, `file.nested`.
    """
    content.seek(0)
    head = content.read(HEAD)
    if head.startswith(ZIP):
        return _in_zip(content)
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "picture"
    if MARKUP.match(head):
        return "markup"
    return "text" if _is_text(head) else "unknown"


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # The head may end in the middle of a character.
        return error.start >= HEAD - 3
    return True


def _in_zip(content: IO[bytes]) -> str:
    _refuse_large_directory(content)
    packed = content.seek(0, 2)
    try:
        with zipfile.ZipFile(content) as opened:
            entries = opened.infolist()
            _refuse_bomb(entries, packed)
            for entry in entries:
                _read_through(opened, entry)
            names = {entry.filename for entry in entries}
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise Invalid("file.broken") from error
    return _kind_of_zip(names)


def _kind_of_zip(names: Collection[str]) -> str:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return "macros"
    return next((kind for kind, member in MEMBERS if member in names), "archive")


def _refuse_large_directory(content: IO[bytes]) -> None:
    """Refuse what would fill the memory as soon as it is opened."""
    size = content.seek(0, 2)
    content.seek(max(0, size - END_OF_ZIP.size - LONGEST_COMMENT))
    tail = content.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + END_OF_ZIP.size:
        raise Invalid("file.broken")
    entries, directory = END_OF_ZIP.unpack_from(tail, at)[4:6]
    if entries > MOST_ENTRIES or directory > LONGEST_DIRECTORY:
        raise Invalid("file.too_many_entries", limit=MOST_ENTRIES)


def _refuse_bomb(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Invalid("file.too_many_entries", limit=MOST_ENTRIES)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or unpacked > max(HARMLESS, packed * MOST_RATIO):
        raise Invalid("file.unpacks_too_large", limit=MOST_UNPACKED // HARMLESS)
    odd = [one for one in entries if one.flag_bits & 1 or one.compress_type not in (0, 8)]
    if odd:
        raise Invalid("file.broken")


def _read_through(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack an entry: its checksum fails when it is longer than it says."""
    with opened.open(entry) as inner:
        part = inner.read(CHUNK)
        if part.startswith(ARCHIVES):
            raise Invalid("file.nested", name=entry.filename)
        while part:
            part = inner.read(CHUNK)
