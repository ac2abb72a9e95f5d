"""A file that belongs to a paper of a case (材料扫描件), and what kinds of files may be one."""

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.kernel.errors import Invalid
from engine.kernel.filetype import KINDS

LONGEST_NAME, LONGEST_REASON = 500, 500
MEGABYTE = 1024 * 1024
# Steer how a line of text runs, so that a name reads otherwise than it is (photo‮fdp.exe).
STEERING = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# What a file system may read as a folder or a drive, or does not take at all.
NO_NAME = re.compile(r'[/\\:*?"<>|]')


@dataclass(frozen=True)
class FileType:
    """One kind of file that may be attached; a row of rules/files/types.csv.

    `code` is what `kernel.filetype` finds; `endings` are those that a name may have, without the
    dot; `largest` is in bytes; `preview` says that a browser can show it.
    """

    code: str
    name: str
    name_en: str
    endings: tuple[str, ...]
    media_type: str
    largest: int
    preview: bool


@dataclass(frozen=True)
class Attachment:
    """A file of a case: the paper it shows, its name as it was given, its content by digest.

    `size` is in bytes, `digest` SHA-256 in hexadecimal. One that was removed is not shown any more
    and is never deleted.
    """

    id: str
    case_id: str
    material_no: int
    name: str
    type: str
    size: int
    digest: str
    added_by: str
    added_at: datetime
    removed_by: str | None = None
    removed_at: datetime | None = None
    reason: str | None = None


def read_types(text: str) -> Mapping[str, FileType]:
    """Return the kinds of files by code, from the text of types.csv.

    Raises Invalid `attachment.types` with the line of a row that cannot be read, or that lists what
    nobody can tell from its content, such as a program.
    """
    return {
        kind.code: kind
        for line, row in enumerate(csv.DictReader(text.splitlines()), start=2)
        for kind in [_type(line, row)]
    }


def _type(line: int, row: Mapping[str, str]) -> FileType:
    try:
        kind = FileType(
            code=row["type"],
            name=row["name"],
            name_en=row["name_en"],
            endings=tuple(row["endings"].split(";")),
            media_type=row["media_type"],
            largest=int(row["largest_mb"]) * MEGABYTE,
            preview=row["preview"] == "1",
        )
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise Invalid("attachment.types", line=line) from error
    if kind.code not in KINDS or not all(kind.endings) or kind.largest <= 0:
        raise Invalid("attachment.types", line=line)
    return kind


def shown_name(given: str) -> str:
    """Return a name in which what cannot be seen is written out: `[U+202E]`.

    Raises Invalid `attachment.name` for none and for one of more than 500 characters.
    """
    name = "".join(_seen(letter) for letter in given.strip())
    if not name or len(given) > LONGEST_NAME:
        raise Invalid("attachment.name", limit=LONGEST_NAME)
    return name


def file_name(shown: str) -> str:
    """Return a name under which every file system can keep the file."""
    return NO_NAME.sub("_", shown).strip(". ") or "_"


def ending(name: str) -> str:
    """Return what stands behind the last dot of a name, in small letters; "" without a dot."""
    stem, dot, last = name.rpartition(".")
    return last.strip().lower() if dot and stem else ""


def _seen(letter: str) -> str:
    hidden = unicodedata.category(letter) in ("Cc", "Cs") or STEERING.match(letter)
    return f"[U+{ord(letter):04X}]" if hidden else letter
