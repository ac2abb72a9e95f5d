"""The files of a case (材料扫描件): brought, shown, taken away, each known by its digest.

Who may open a case may read its files; the units that take part in it add some until it is closed.
The files of a family are those of its parent, as its papers are (M-PAR-4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from engine.domain import attachment as rules
from engine.domain.attachment import Attachment, FileType
from engine.domain.case import Case
from engine.domain.events.attachments import FileAttached, FileRemoved
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.kernel.filetype import found_in
from engine.services import cases as views
from engine.services import children
from engine.services.cases import CaseView
from engine.services.hall import Hall
from engine.storage import attachments as rows
from engine.storage import cases, people
from engine.storage.blobs import Received
from engine.storage.cases import CaseMaterial
from engine.storage.unit import Unit

MOST = 300


@dataclass(frozen=True)
class FileLine:
    """A file with the name of who brought it, its kind, and whether the reader may remove it."""

    file: Attachment
    type: FileType
    added_by_name: str
    removable: bool


@dataclass(frozen=True)
class CaseFiles:
    """The files of a case by paper; `verdict` is that on adding one, `largest` in bytes."""

    papers: list[tuple[CaseMaterial, list[FileLine]]]
    verdict: Verdict
    types: Mapping[str, FileType]
    largest: int

    @property
    def count(self) -> int:
        """How many files there are."""
        return sum(len(lines) for _paper, lines in self.papers)


@dataclass(frozen=True)
class Opened:
    """A file to read from its first byte; who takes it closes `content`."""

    file: Attachment
    type: FileType
    content: IO[bytes]


def largest(hall: Hall) -> int:
    """Return how many bytes a file may have at most, whatever its kind."""
    return max((one.largest for one in hall.rules.file_types.values()), default=0)


def of_case(hall: Hall, by: Official, view: CaseView) -> CaseFiles:
    """Return the files of a case that this official has before him."""
    with hall.reading() as unit:
        root = children.root_of(unit, view.case)
        found = rows.of_case(unit, root.id)
        adders = [people.official(unit, who) for who in {file.added_by for file in found}]
        names = {one.id: one.name for one in adders if one is not None}
        lines: dict[int, list[FileLine]] = {}
        for file in found:
            kind = hall.rules.file_types.get(file.type) or _unlisted(file)
            line = FileLine(file, kind, names.get(file.added_by, ""), _removable(by, root, file))
            lines.setdefault(file.material_no, []).append(line)
    return CaseFiles(
        papers=[(paper, lines.get(paper.no, [])) for paper in view.materials],
        verdict=_verdict(by, view, root),
        types=hall.rules.file_types,
        largest=largest(hall),
    )


def attach(
    hall: Hall, by: Official, case_id: str, material_no: int, name: str, content: IO[bytes]
) -> Attachment:
    """Add a file to a paper of a case; the same content for the same paper again is one file.

    Raises as `cases.case`; Forbidden `attachment.refused` with its verdict; Invalid
    `attachment.material`, `attachment.name`, `attachment.empty`, `attachment.too_large` (in MB),
    `attachment.type` (what was found instead), `attachment.ending`, `attachment.too_many` and
    what `kernel.filetype` says of zip files.
    """
    view = views.case(hall, by, case_id)
    paper = next((one for one in view.materials if one.no == material_no), None)
    if paper is None:
        raise Invalid("attachment.material", no=material_no)
    shown = rules.shown_name(name)
    with hall.reading() as unit:
        _refuse(_verdict(by, view, children.root_of(unit, view.case)))
    with hall.blobs.receive(content, largest(hall)) as received:
        kind = _kind(hall, received, shown)
        hall.blobs.keep(received)
    with hall.unit(by) as unit:
        root = cases.lock(unit, children.root_of(unit, view.case).id)
        _refuse(_verdict(by, view, root))
        return _add(unit, by, root, paper, shown, kind, received)


def remove(hall: Hall, by: Official, case_id: str, attachment_id: str, reason: str) -> None:
    """Take away a file that one has added, as long as the case is not decided.

    Raises as `cases.case`; Missing `attachment.unknown`; Invalid `attachment.reason_missing`;
    Forbidden `attachment.not_yours`; Conflict `attachment.decided`.
    """
    view = views.case(hall, by, case_id)
    why = reason.strip()
    if not why or len(why) > rules.LONGEST_REASON:
        raise Invalid("attachment.reason_missing", limit=rules.LONGEST_REASON)
    with hall.unit(by) as unit:
        root = cases.lock(unit, children.root_of(unit, view.case).id)
        file = rows.attachment(unit, root.id, attachment_id)
        if file.added_by != by.id:
            raise Forbidden("attachment.not_yours")
        if not _removable(by, root, file):
            raise Conflict("attachment.decided", case=root.case_no)
        rows.remove(unit, file.id, why)
        unit.record(
            FileRemoved(
                case_id=root.id,
                attachment_id=file.id,
                no=file.material_no,
                paper=_paper_name(view, file.material_no),
                name=file.name,
                digest=file.digest,
                reason=why,
            )
        )


def read(hall: Hall, by: Official, case_id: str, attachment_id: str) -> Opened:
    """Open a file of a case for reading.

    Raises as `cases.case`; Missing `attachment.unknown`; Unavailable `attachment.lost` and
    `attachment.altered`: what is not the file that was brought is not given out.
    """
    view = views.case(hall, by, case_id)
    with hall.reading() as unit:
        file = rows.attachment(unit, children.root_of(unit, view.case).id, attachment_id)
    kind = hall.rules.file_types.get(file.type) or _unlisted(file)
    return Opened(file, kind, hall.blobs.open(file.digest))


def sweep(hall: Hall) -> int:
    """Delete files that no row speaks of, left by uploads that were broken off; return how many."""
    with hall.reading() as unit:
        return hall.blobs.sweep(rows.digests(unit), unit.at)


def _verdict(by: Official, view: CaseView, root: Case) -> Verdict:
    units = {view.case.unit_no, root.unit_no, *(line.task.unit_no for line in view.tasks)}
    if by.unit_no not in units:
        return Verdict(False, "attachment.other_unit")
    if root.closed_at is not None:
        return Verdict(False, "attachment.closed")
    return Verdict(True, "ok")


def _refuse(verdict: Verdict) -> None:
    if not verdict.allowed:
        raise Forbidden("attachment.refused", verdict=verdict)


def _removable(by: Official, root: Case, file: Attachment) -> bool:
    return file.added_by == by.id and root.decided_at is None and root.closed_at is None


def _kind(hall: Hall, received: Received, name: str) -> str:
    """Return what the file is; by its content, and its name must say the same."""
    found = found_in(received.file)
    kind = hall.rules.file_types.get(found)
    if kind is None:
        raise Invalid("attachment.type", found=found)
    if rules.ending(name) not in kind.endings:
        raise Invalid("attachment.ending", found=found, endings=", ".join(kind.endings))
    if received.size > kind.largest:
        raise Invalid("attachment.too_large", limit=kind.largest // rules.MEGABYTE)
    return found


def _add(
    unit: Unit,
    by: Official,
    root: Case,
    paper: CaseMaterial,
    name: str,
    kind: str,
    received: Received,
) -> Attachment:
    files = rows.of_case(unit, root.id)
    for file in files:
        if (file.material_no, file.digest) == (paper.no, received.digest):
            return file
    if len(files) >= MOST:
        raise Invalid("attachment.too_many", limit=MOST)
    file = Attachment(
        id=unit.ids(),
        case_id=root.id,
        material_no=paper.no,
        name=name,
        type=kind,
        size=received.size,
        digest=received.digest,
        added_by=by.id,
        added_at=unit.at,
    )
    rows.add(unit, file)
    unit.record(
        FileAttached(
            case_id=root.id,
            attachment_id=file.id,
            no=paper.no,
            paper=paper.name,
            name=name,
            digest=file.digest,
            size=file.size,
        )
    )
    return file


def _paper_name(view: CaseView, no: int) -> str:
    return next((one.name for one in view.materials if one.no == no), "")


def _unlisted(file: Attachment) -> FileType:
    """A kind that was taken from the list after the file had come: it can be kept, not shown."""
    return FileType(
        file.type, file.type, file.type, (file.type,), "application/octet-stream", 0, False
    )
