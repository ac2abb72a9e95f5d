"""A licence says what was issued."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.domain.codes import check_uscc
from engine.domain.licence import (
    Licence,
    LicenceState,
    changed,
    ended,
    is_unaltered,
    last_day_to_ask,
    licence_no,
    renewed,
    sealed,
    valid_until,
)
from engine.kernel.errors import Conflict


def licence():
    return sealed(
        Licence(
            id="l1",
            no="91X",
            case_id="c1",
            matter_no=1,
            name="营业执照",
            holder="雁城禾木科技有限公司",
            content={"住所": "雁城市"},
            issued_at=datetime(2015, 10, 26, tzinfo=UTC),
            issued_by="o1",
            digest="",
        )
    )


def test_an_enterprise_gets_a_code_with_both_check_characters_right():
    check_uscc(licence_no("uscc", "01", 2015, 1))


def test_two_enterprises_get_two_codes():
    assert len({licence_no("uscc", "01", 2015, serial) for serial in range(1, 500)}) == 499


def test_other_licences_are_numbered_by_matter_and_year():
    assert licence_no("", "0100010001", 2026, 7) == "0100010001-2026-000007"


@pytest.mark.parametrize(
    "change",
    [
        {"no": "91Y"},
        {"holder": "雁城禾木科技有限公司 "},
        {"content": {"住所": "雁城区"}},
        {"name": "营业执照(副本)"},
    ],
    ids=["number", "holder", "content", "name"],
)
def test_a_changed_byte_is_seen(change):
    assert is_unaltered(licence())
    assert not is_unaltered(replace(licence(), **change))


def test_handing_it_out_changes_nothing_that_it_says():
    assert is_unaltered(replace(licence(), taken_by="林晓禾"))


def test_its_last_day_and_its_edition_are_sealed_too():
    with_end = sealed(replace(licence(), valid_to=date(2020, 10, 25)))
    assert with_end.digest != licence().digest
    assert not is_unaltered(replace(with_end, valid_to=date(2030, 10, 25)))
    assert not is_unaltered(replace(changed(with_end, {"住所": "城南"}, "同一人"), edition=3))


@pytest.mark.parametrize(
    ("state", "valid_to", "standing"),
    [
        pytest.param(LicenceState.VALID, None, "valid", id="without end"),
        pytest.param(LicenceState.VALID, date(2026, 3, 2), "valid", id="on its last day"),
        pytest.param(LicenceState.VALID, date(2026, 3, 1), "expired", id="the day after"),
        pytest.param(LicenceState.REVOKED, date(2030, 1, 1), "revoked", id="revoked"),
        pytest.param(LicenceState.CANCELLED, date(2020, 1, 1), "cancelled", id="struck off"),
    ],
)
def test_it_stands_as_its_state_and_its_last_day_say(state, valid_to, standing):
    found = replace(licence(), state=state, valid_to=valid_to)
    assert found.standing(date(2026, 3, 2)) == standing


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (LicenceState.VALID, LicenceState.REVOKED, True),
        (LicenceState.VALID, LicenceState.CANCELLED, True),
        (LicenceState.REVOKED, LicenceState.CANCELLED, True),
        (LicenceState.REVOKED, LicenceState.REVOKED, False),
        (LicenceState.CANCELLED, LicenceState.REVOKED, False),
        (LicenceState.CANCELLED, LicenceState.CANCELLED, False),
    ],
)
def test_what_was_struck_off_never_comes_back(before, after, allowed):
    found = replace(licence(), state=before, renewal_asked_on=date(2026, 1, 5))
    if not allowed:
        with pytest.raises(Conflict, match=r"licence\.not_in_state"):
            ended(found, after, date(2026, 3, 2))
        return
    gone = ended(found, after, date(2026, 3, 2))
    assert (gone.state, gone.ended_on, gone.renewal_asked_on) == (after, date(2026, 3, 2), None)
    assert is_unaltered(gone), "it still says what was issued"


def test_a_change_is_the_next_edition_sealed_anew():
    after = changed(licence(), {"住所": "城南"}, "雁城禾木科技有限公司")
    assert (after.edition, after.no) == (2, licence().no)
    assert is_unaltered(after)
    assert after.digest != licence().digest


def test_the_next_term_begins_where_the_present_one_ends():
    asked = replace(licence(), valid_to=date(2026, 3, 1), renewal_asked_on=date(2026, 1, 5))
    after = renewed(asked, 1825)
    assert (after.valid_to, after.renewal_asked_on) == (date(2031, 2, 28), None)
    with pytest.raises(Conflict, match=r"licence\.no_end"):
        renewed(licence(), 1825)


def test_a_renewal_is_asked_for_thirty_days_before_the_end():
    assert last_day_to_ask(replace(licence(), valid_to=date(2026, 3, 31))) == date(2026, 3, 1)
    assert last_day_to_ask(licence()) is None


def test_the_days_of_a_licence_run_from_its_issue():
    assert valid_until(date(2015, 10, 26), 1825) == date(2020, 10, 24)
    assert valid_until(date(2015, 10, 26), None) is None
