"""A use of the seal belongs to one decision, and a second one says why."""

from datetime import UTC, datetime

import pytest

from engine.domain.seal import SealUse, document, refuse_unexplained
from engine.kernel.errors import Invalid

DECIDED = datetime(2015, 10, 26, 3, 0, tzinfo=UTC)
ANEW = datetime(2015, 10, 28, 3, 0, tzinfo=UTC)
USE = SealUse("u1", "c1", DECIDED, "准予决定书", "d", "o1", DECIDED, None, None, None)


def test_one_changed_byte_changes_the_digest():
    sheet, other = (
        document("准予决定书", b"\xe5\x87\x86"),
        document(" 准予决定书 ", b"\xe5\x87\x87"),
    )
    assert sheet.name == other.name
    assert sheet.digest != other.digest


@pytest.mark.parametrize(
    ("name", "content"),
    [pytest.param(" ", b"x", id="no name"), pytest.param("决定书", b"", id="no content")],
)
def test_the_seal_needs_a_document(name, content):
    with pytest.raises(Invalid) as refused:
        document(name, content)
    assert refused.value.code == "seal.document"


@pytest.mark.parametrize("reason", [None, "", " \n"])
def test_a_second_use_for_one_decision_needs_a_reason(reason):
    with pytest.raises(Invalid) as refused:
        refuse_unexplained([USE], DECIDED, reason)
    assert refused.value.code == "seal.reason"


@pytest.mark.parametrize(
    ("before", "decided_at", "reason"),
    [
        pytest.param([], DECIDED, None, id="the first use"),
        pytest.param([USE], DECIDED, "加盖副本", id="a second with its reason"),
        pytest.param([USE], ANEW, None, id="the first use for another decision"),
    ],
)
def test_the_first_use_for_a_decision_explains_itself(before, decided_at, reason):
    refuse_unexplained(before, decided_at, reason)


def test_a_use_stands_until_it_is_voided():
    assert not USE.is_void
