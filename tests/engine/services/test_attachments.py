"""Files of a case: who may add, read and remove them, and what stays in the record."""

import io
import os
from dataclasses import replace

import pytest

from engine.kernel.errors import HallError, Missing, Unavailable
from engine.services import attachments, cases, endings, intake, work
from engine.storage.audit import events_of
from tests.engine.files import JPEG, PDF, PROGRAM, docx, packed, png
from tests.joint import children, open_matter
from tests.story import answers, application


@pytest.fixture
def case(receipt):
    return receipt.case


def attach(hall, by, case, content=PDF, name="申请书.pdf", no=1):
    return attachments.attach(hall, by, case.id, no, name, io.BytesIO(content))


def files(hall, by, case):
    return attachments.of_case(hall, by, cases.case(hall, by, case.id))


def lines(hall, by, case):
    return [line for _paper, found in files(hall, by, case).papers for line in found]


def refused(act, *args, **more):
    with pytest.raises(HallError) as caught:
        act(*args, **more)
    return caught.value


def history(hall, case):
    with hall.reading() as unit:
        return [(one.kind, one.body) for one in events_of(unit, f"case:{case.id}")]


def kept(hall):
    return [path for path in hall.blobs.folder.rglob("*") if path.is_file()]


def decided(hall, cast, receipt):
    """Carry the walk-through's case to its decision."""
    for post in ("clerk", "chief"):
        task = receipt.opened[0]
        by = cast.holder(26, post)
        receipt = work.complete_task(hall, by, task.id, answers(hall, task), receipt.case.rev)
    return receipt.case


def test_a_file_is_added_to_a_paper_and_read_as_it_was(hall, clerk, chief, case, now):
    file = attach(hall, clerk, case)
    (line,) = lines(hall, chief, case)
    assert line.file == file
    assert (line.type.code, line.added_by_name, file.size) == ("pdf", clerk.name, len(PDF))
    assert (file.material_no, file.added_at) == (1, now())
    opened = attachments.read(hall, chief, case.id, file.id)
    with opened.content:
        assert opened.content.read() == PDF


def test_the_chain_says_paper_name_and_digest(hall, clerk, case):
    file = attach(hall, clerk, case)
    kind, body = history(hall, case)[-1]
    assert kind == "FileAttached"
    assert body["digest"] == file.digest
    assert (body["name"], body["no"], body["size"]) == ("申请书.pdf", 1, len(PDF))
    assert body["paper"] == cases.case(hall, clerk, case.id).materials[0].name


def test_a_case_without_files_has_every_paper_and_no_file(hall, clerk, case):
    found = files(hall, clerk, case)
    assert found.count == 0
    assert found.verdict.allowed
    assert [paper.no for paper, _lines in found.papers] == [
        one.no for one in cases.case(hall, clerk, case.id).materials
    ]


def test_the_same_file_twice_is_one_and_is_stored_once(hall, clerk, case):
    first = attach(hall, clerk, case)
    assert attach(hall, clerk, case, name="副本.pdf") == first
    attach(hall, clerk, case, no=2)
    assert len(lines(hall, clerk, case)) == 2
    assert len(kept(hall)) == 1


def test_adding_a_file_leaves_open_pages_of_the_case_valid(hall, clerk, chief, receipt):
    attach(hall, clerk, receipt.case)
    task = receipt.opened[0]
    assert work.complete_task(hall, clerk, task.id, answers(hall, task), receipt.case.rev)


@pytest.mark.parametrize(
    ("content", "name", "code", "found"),
    [
        (PROGRAM, "申请书.pdf", "attachment.type", "program"),
        (packed(a_exe=PROGRAM), "a.docx", "attachment.type", "archive"),
        (b"<html><script>", "a.png", "attachment.type", "markup"),
        (PDF, "申请书.exe", "attachment.ending", "pdf"),
        (PDF, "申请书", "attachment.ending", "pdf"),
        (png(), "申请书.jpg", "attachment.ending", "png"),
    ],
)
def test_what_a_file_is_and_what_it_is_called_must_agree(
    hall, clerk, case, content, name, code, found
):
    error = refused(attach, hall, clerk, case, content, name)
    assert (error.code, error.params["found"]) == (code, found)
    assert kept(hall) == []
    assert lines(hall, clerk, case) == []


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.pdf", "attachment.empty"),
        (packed(word__document_xml=bytes(50_000_000)), "a.docx", "file.unpacks_too_large"),
        (packed(word__document_xml="x", word__a_docx=docx()), "a.docx", "file.nested"),
        (PDF, "长" * 501, "attachment.name"),
        (PDF, " ", "attachment.name"),
    ],
)
def test_what_no_paper_can_be_is_refused_and_leaves_nothing(hall, clerk, case, content, name, code):
    assert refused(attach, hall, clerk, case, content, name).code == code
    assert kept(hall) == []


def test_a_file_larger_than_its_kind_or_any_kind_is_refused(hall, clerk, case):
    pdf = hall.rules.file_types["pdf"]
    types = {"pdf": replace(pdf, largest=1024 * 1024), "ofd": replace(pdf, largest=2 * 1024 * 1024)}
    small = replace(hall, rules=replace(hall.rules, file_types=types))
    for size, limit in ((1024 * 1024 + 1, 1), (3 * 1024 * 1024, 2)):
        error = refused(attach, small, clerk, case, PDF + bytes(size))
        assert (error.code, error.params["limit"]) == ("attachment.too_large", limit)


def test_a_name_of_five_hundred_rare_letters_is_kept(hall, clerk, case):
    name = "𠮷㼆" * 248 + ".pdf"
    assert attach(hall, clerk, case, name=name).name == name


def test_a_paper_that_the_case_has_not_is_refused(hall, clerk, case):
    assert refused(attach, hall, clerk, case, no=99).code == "attachment.material"


def test_a_case_has_so_many_files_and_no_more(hall, clerk, case, monkeypatch):
    monkeypatch.setattr(attachments, "MOST", 1)
    attach(hall, clerk, case)
    assert refused(attach, hall, clerk, case, JPEG, "a.jpg").code == "attachment.too_many"


def test_another_unit_neither_adds_nor_reads_nor_removes(hall, cast, clerk, case):
    file, other = attach(hall, clerk, case), cast.clerk(1)
    for error in (
        refused(attach, hall, other, case),
        refused(attachments.read, hall, other, case.id, file.id),
        refused(attachments.remove, hall, other, case.id, file.id, "x"),
    ):
        assert error.code == "case.other_unit"


def test_a_supervisor_reads_all_and_adds_nothing(hall, cast, clerk, case):
    file, supervisor = attach(hall, clerk, case), cast.holder(None, "supervisor")
    attachments.read(hall, supervisor, case.id, file.id).content.close()
    error = refused(attach, hall, supervisor, case, JPEG, "a.jpg")
    assert error.code == "attachment.refused"
    assert error.params["verdict"].because == "attachment.other_unit"
    assert not files(hall, supervisor, case).verdict.allowed


def test_a_file_of_another_case_is_not_found_through_this_one(hall, clerk, case):
    other = intake.receive(hall, clerk, application(hall)).case
    file = attach(hall, clerk, other)
    assert isinstance(refused(attachments.read, hall, clerk, case.id, file.id), Missing)
    assert isinstance(refused(attachments.remove, hall, clerk, case.id, file.id, "x"), Missing)


def test_a_removed_file_is_not_shown_and_stays_on_record(hall, clerk, case):
    file = attach(hall, clerk, case)
    attachments.remove(hall, clerk, case.id, file.id, " 扫错了 ")
    assert lines(hall, clerk, case) == []
    assert refused(attachments.read, hall, clerk, case.id, file.id).code == "attachment.unknown"
    kind, body = history(hall, case)[-1]
    assert (kind, body["digest"], body["reason"]) == ("FileRemoved", file.digest, "扫错了")
    assert kept(hall), "the content itself is kept with the record"
    assert attach(hall, clerk, case).id != file.id, "it may be brought again"


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_a_removal_says_why(hall, clerk, case, reason):
    file = attach(hall, clerk, case)
    error = refused(attachments.remove, hall, clerk, case.id, file.id, reason)
    assert error.code == "attachment.reason_missing"


def test_only_who_added_a_file_removes_it_and_only_before_the_decision(
    hall, cast, clerk, chief, receipt
):
    file = attach(hall, clerk, receipt.case)
    remove = (attachments.remove, hall)
    error = refused(*remove, chief, receipt.case.id, file.id, "x")
    assert error.code == "attachment.not_yours"
    case = decided(hall, cast, receipt)
    assert refused(*remove, clerk, case.id, file.id, "x").code == "attachment.decided"
    assert [line.removable for line in lines(hall, clerk, case)] == [False]


def test_a_closed_case_takes_no_file(hall, clerk, case):
    endings.withdraw(hall, clerk, case.id, "不办了", case.rev)
    error = refused(attach, hall, clerk, case)
    assert error.params["verdict"].because == "attachment.closed"


def test_a_family_has_its_files_at_its_parent(hall, cast):
    parent = open_matter(hall, cast)
    (one, child), (two, other) = list(children(hall, parent).items())[:2]
    attach(hall, cast.holder(one, "chief"), child)
    readers = ((parent.unit_no, parent), (two, other))
    for unit_no, case in readers:
        assert len(lines(hall, cast.holder(unit_no, "chief"), case)) == 1
    assert history(hall, parent)[-1][0] == "FileAttached"


def test_an_altered_or_lost_file_is_not_given_out(hall, clerk, case):
    file = attach(hall, clerk, case)
    (path,) = kept(hall)
    path.write_bytes(PDF[:-1] + b"x")
    error = refused(attachments.read, hall, clerk, case.id, file.id)
    assert (type(error), error.code) == (Unavailable, "attachment.altered")
    path.unlink()
    assert refused(attachments.read, hall, clerk, case.id, file.id).code == "attachment.lost"


def test_a_kind_that_is_no_longer_listed_can_still_be_read(hall, clerk, case):
    file = attach(hall, clerk, case)
    bare = replace(hall, rules=replace(hall.rules, file_types={}))
    opened = attachments.read(bare, clerk, case.id, file.id)
    opened.content.close()
    assert (opened.type.preview, opened.type.media_type) == (False, "application/octet-stream")
    assert len(lines(bare, clerk, case)) == 1
    assert attachments.largest(bare) == 0


def test_only_what_no_row_speaks_of_is_swept(hall, clerk, case):
    attach(hall, clerk, case)
    with hall.blobs.receive(io.BytesIO(JPEG), 1000) as received:
        hall.blobs.keep(received)
    for path in kept(hall):
        os.utime(path, (0, 0))
    assert attachments.sweep(hall) == 1
    assert len(kept(hall)) == 1
