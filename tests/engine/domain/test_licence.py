"""A licence says what was issued."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.domain.codes import check_uscc
from engine.domain.licence import Licence, is_unaltered, licence_no, sealed


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
