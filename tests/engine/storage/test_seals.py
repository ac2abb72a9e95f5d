"""Uses of the seal come back in order and are voided, never deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.seal import SealUse
from engine.storage import seals
from tests.engine.storage.samples import EVENT, case_of, put


@pytest.fixture
def uses(office):
    """Store a case whose decision was sealed twice."""
    at = office.now()
    first = SealUse("u1", "case-1", at, "准予决定书", "d1", "o-chief", at, None, "雁政授1", None)
    second = replace(first, id="u2", used_at=at + timedelta(hours=1), reason="加盖副本")
    with office.unit() as unit:
        put(unit, case_of(office))
        seals.add(unit, second)
        seals.add(unit, first)
    return [first, second]


def test_uses_come_back_in_their_order(office, uses):
    with office.reading() as unit:
        assert seals.of_case(unit, "case-1") == uses
        assert seals.of_case(unit, "case-2") == []


def test_a_void_use_stays_and_keeps_its_first_reason(office, uses):
    for because in ("决定被撤销", "再说一遍"):
        with office.unit() as unit:
            seals.void(unit, "u1", because)
            unit.record(EVENT)
    with office.reading() as unit:
        first, second = seals.of_case(unit, "case-1")
    assert (first.is_void, first.void_because) == (True, "决定被撤销")
    assert second == uses[1]
