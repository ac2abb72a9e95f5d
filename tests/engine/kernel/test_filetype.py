"""A file is what its content says; a zip is looked into before anybody opens it."""

import io
import re
import struct

import pytest

from engine.kernel import filetype
from engine.kernel.errors import Invalid
from engine.kernel.filetype import found_in
from tests.engine.files import JPEG, PDF, PROGRAM, docx, packed, png


def refused(content):
    with pytest.raises(Invalid) as caught:
        found_in(io.BytesIO(content))
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (png(), "png"),
        (JPEG, "jpeg"),
        (docx(), "docx"),
        (packed(xl__workbook_xml="<workbook/>"), "xlsx"),
        (packed(OFD_xml="<OFD/>"), "ofd"),
        (PROGRAM, "program"),
        (b"\x7fELF\x02", "program"),
        (b"#!/bin/sh\nrm -rf", "program"),
        (packed(a_txt="x"), "archive"),
        (packed(), "archive"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
        (packed(word__document_xml="<d/>", word__vbaProject_bin="x"), "macros"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "picture"),
        (b"GIF89a", "picture"),
        (b"\xef\xbb\xbf <!DOCTYPE html><script>", "markup"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>", "markup"),
        ("申请书".encode(), "text"),
        (("申" * 700).encode(), "text"),
        (b"\x00\x01\x02", "unknown"),
        (b"\xff\xfe\xfd", "unknown"),
    ],
)
def test_a_file_is_what_its_content_says(content, kind):
    assert found_in(io.BytesIO(content)) == kind


def test_where_the_reading_stood_does_not_matter():
    content = io.BytesIO(PDF)
    content.seek(9)
    assert found_in(content) == "pdf"


def test_a_zip_that_unpacks_to_too_much_is_refused():
    assert refused(packed(word__document_xml=bytes(50_000_000))) == "file.unpacks_too_large"


def test_many_entries_that_add_up_are_refused(monkeypatch):
    monkeypatch.setattr(filetype, "MOST_UNPACKED", 1000)
    assert refused(packed(a_xml="x" * 600, b_xml="y" * 600)) == "file.unpacks_too_large"


def test_too_many_entries_are_refused_before_they_are_read():
    many = packed(**{f"n{n}": "" for n in range(2001)})
    assert refused(many) == "file.too_many_entries"


def test_a_directory_longer_than_it_says_entries_is_refused():
    forged = bytearray(docx())
    end = forged.rindex(b"PK\x05\x06")
    forged[end + 12 : end + 16] = struct.pack("<L", 50_000_000)
    assert refused(bytes(forged)) == "file.too_many_entries"


def test_a_zip_in_a_zip_is_refused_and_named():
    with pytest.raises(Invalid) as caught:
        found_in(io.BytesIO(packed(word__document_xml="<d/>", word__more_docx=docx())))
    assert (caught.value.code, caught.value.params["name"]) == ("file.nested", "word/more.docx")


def test_an_entry_longer_than_it_says_is_refused():
    forged = packed(word__document_xml="a" * 5000)
    size = struct.pack("<L", 5000)
    assert forged.count(size) == 2
    assert refused(forged.replace(size, struct.pack("<L", 50))) == "file.broken"


def test_an_encrypted_zip_is_refused():
    forged = bytearray(docx())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = forged.index(mark) + flags
        forged[at] |= 1
    assert refused(bytes(forged)) == "file.broken"


@pytest.mark.parametrize("cut", [10, 30, 60, 100])
def test_a_zip_that_was_cut_is_refused(cut):
    assert refused(docx()[:-cut]) == "file.broken"


def answer(content):
    try:
        return found_in(io.BytesIO(content))
    except Invalid as error:
        return error.code


def test_any_changed_byte_of_a_zip_is_an_answer_and_no_accident():
    whole = docx()
    for at in range(4, len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 0xFF
        assert re.fullmatch(r"(file\.)?\w+", answer(bytes(changed)))
