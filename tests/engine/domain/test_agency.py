"""A mandate lets its agent act on its days, in its matters, for its applicant."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.domain.agency import Mandate, check_period, verdict
from engine.kernel.errors import Invalid

FIRST, LAST = date(2015, 10, 26), date(2015, 11, 30)
MANDATE = Mandate(
    id="m1",
    no="代办〔2015〕1号",
    applicant_kind="person",
    applicant_name="林晓禾",
    applicant_number=b"sealed",
    agent_name="周代办",
    agent_number=b"sealed",
    agent_phone=b"sealed",
    matter_nos=(355,),
    valid_from=FIRST,
    valid_to=LAST,
    entered_at=datetime(2015, 10, 26, 1, tzinfo=UTC),
    entered_by="o1",
)
REVOKED = replace(MANDATE, revoked_on=FIRST)


@pytest.mark.parametrize(
    ("mandate", "day", "matter_no", "same", "because"),
    [
        pytest.param(MANDATE, FIRST, 355, True, "ok", id="on its first day"),
        pytest.param(MANDATE, LAST, 355, True, "ok", id="on its last day"),
        pytest.param(MANDATE, date(2015, 10, 25), 355, True, "mandate.ended", id="too early"),
        pytest.param(MANDATE, date(2015, 12, 1), 355, True, "mandate.ended", id="too late"),
        pytest.param(REVOKED, FIRST, 355, True, "mandate.revoked", id="on the day it was revoked"),
        pytest.param(MANDATE, FIRST, 1, True, "mandate.matter", id="in another matter"),
        pytest.param(MANDATE, FIRST, 355, False, "mandate.applicant", id="for somebody else"),
    ],
)
def test_a_mandate_covers_what_it_says(mandate, day, matter_no, same, because):
    found = verdict(mandate, day, matter_no, same)
    assert (found.allowed, found.because) == (because == "ok", because)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(LAST, FIRST, id="ends before it begins"),
        pytest.param(date(2015, 1, 1), date(2015, 10, 25), id="is over"),
    ],
)
def test_a_period_that_cannot_be_is_refused(since, until):
    with pytest.raises(Invalid, match=r"agency\.period"):
        check_period(since, until, FIRST)
