"""Files of cases come back by paper; those that were removed stay as rows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.attachment import Attachment
from engine.kernel.errors import Missing
from engine.storage import attachments
from tests.engine.storage.samples import EVENT, case_of, put


@pytest.fixture
def files(office):
    """Store a case with two files of its second paper and one of its first."""
    at = office.now()
    one = Attachment("a1", "case-1", 2, "章程.pdf", "pdf", 5_000_000_000, "d" * 64, "o1", at)
    two = replace(one, id="a2", added_at=at + timedelta(hours=1))
    three = replace(one, id="a3", material_no=1, name="𠮷㼆" * 250, digest="e" * 64)
    with office.unit() as unit:
        put(unit, case_of(office))
        for file in (two, one, three):
            attachments.add(unit, file)
    return [three, one, two]


def test_files_come_back_by_paper_and_then_by_time(office, files):
    with office.reading() as unit:
        assert attachments.of_case(unit, "case-1") == files
        assert attachments.of_case(unit, "case-2") == []
        assert attachments.attachment(unit, "case-1", "a2") == files[2]


def test_a_file_is_found_in_its_own_case_only(office, files):
    with office.reading() as unit:
        for case_id, file_id in (("case-2", "a1"), ("case-1", "a9")):
            with pytest.raises(Missing) as caught:
                attachments.attachment(unit, case_id, file_id)
            assert caught.value.code == "attachment.unknown"


def test_a_removed_file_is_not_shown_and_its_content_is_still_spoken_of(office, files):
    with office.unit() as unit:
        attachments.remove(unit, "a3", "扫错了")
        unit.record(EVENT)
    with office.reading() as unit:
        assert attachments.of_case(unit, "case-1") == files[1:]
        assert attachments.digests(unit) == {"d" * 64, "e" * 64}
        with pytest.raises(Missing):
            attachments.attachment(unit, "case-1", "a3")
