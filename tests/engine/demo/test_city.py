"""The people of the demo city and their mandates."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from engine.demo.city import grants, people
from engine.domain.people import Unit, Window

ROOT = Path(__file__).parents[3]


def rows(name):
    with (ROOT / f"rules/catalogue/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNITS = [
    Unit(int(r["no"]), r["name"], r["name_en"], int(r["zone_no"]), r["uscc"]) for r in rows("units")
]
WINDOWS = [
    Window(
        int(r["no"]),
        r["label"],
        int(r["zone_no"]),
        int(r["floor"]),
        int(r["unit_no"]),
        r["purpose"],
        r["back_office"] or None,
    )
    for r in rows("windows")
]
PEOPLE = people(UNITS, WINDOWS)
GRANTS = grants(PEOPLE)
BY_ACCOUNT = {one.account: one for one in PEOPLE}


def mandates(account):
    return {(one.power, one.matter_types) for one in GRANTS if one.account == account}


def test_each_post_is_filled_as_often_as_the_handbook_says():
    assert Counter(one.post for one in PEOPLE) == {
        "chief": 50,
        "stand_in": 50,
        "head": 50,
        "clerk": 258,
        "reviewer": 55,
        "designer": 3,
        "policy": 4,
        "supervisor": 3,
        "auditor": 1,
        "security_admin": 1,
        "system_admin": 1,
        "hall_manager": 1,
    }


def test_accounts_and_names_are_unique():
    assert len(BY_ACCOUNT) == len({one.name for one in PEOPLE}) == len(PEOPLE)
    assert "system" not in BY_ACCOUNT, "the account of automatic acts"


def test_every_post_is_a_role_of_the_catalogue_and_every_role_is_filled():
    assert {one.post for one in PEOPLE} == {row["role"] for row in rows("roles")}


@pytest.mark.parametrize(
    ("account", "post", "unit_no", "window_no", "back_office"),
    [
        pytest.param("clerk01", "clerk", 26, 1, None, id="hands out at window 01"),
        pytest.param("clerk06", "clerk", 26, 6, None, id="receives at window 06"),
        pytest.param("chief26", "chief", 26, 7, None, id="decides at window 07"),
        pytest.param("standin26", "stand_in", 26, None, None, id="stand-in"),
        pytest.param("head26", "head", 26, None, None, id="head"),
        pytest.param("chief01", "chief", 1, 135, None, id="two digits for a small unit"),
        pytest.param("clerk258", "clerk", 50, 258, None, id="the last window"),
        pytest.param("chief45", "chief", 45, None, None, id="a utility has no chief's window"),
        pytest.param("reviewer01", "reviewer", 26, None, "H01", id="the first back office"),
        pytest.param("designer1", "designer", None, None, None, id="belongs to no unit"),
        pytest.param("sysadmin1", "system_admin", None, None, None, id="system administrator"),
        pytest.param("security1", "security_admin", None, None, None, id="security administrator"),
        pytest.param("manager1", "hall_manager", None, None, None, id="hall manager"),
    ],
)
def test_an_account_tells_post_and_place(account, post, unit_no, window_no, back_office):
    one = BY_ACCOUNT[account]
    assert (one.post, one.unit_no, one.window_no, one.back_office) == (
        post,
        unit_no,
        window_no,
        back_office,
    )


def test_everybody_sits_where_his_unit_has_its_windows_and_rooms():
    places = {window.no: window for window in WINDOWS}
    rooms = {window.back_office: window.unit_no for window in WINDOWS if window.back_office}
    for one in PEOPLE:
        if one.window_no:
            assert places[one.window_no].unit_no == one.unit_no
        if one.back_office:
            assert rooms[one.back_office] == one.unit_no
        if one.post == "chief" and one.window_no:
            assert places[one.window_no].purpose == "chief"


def test_the_people_are_the_same_whatever_the_order_of_the_rows():
    assert people(reversed(UNITS), reversed(WINDOWS)) == PEOPLE


CHIEF = {
    ("decide", ("instant", "one_review")),
    ("accept_review", ()),
    ("urgent", ()),
    ("organise", ()),
    ("seal", ()),
    ("joint", ()),
}


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        pytest.param("chief26", CHIEF, id="M-CHIEF-1 six powers, no commitment decided"),
        pytest.param("standin26", CHIEF, id="the same for the stand-in"),
        pytest.param(
            "head26",
            {("decide", ("commitment",)), ("joint", ()), ("organise", ())},
            id="the head decides commitments",
        ),
        pytest.param(
            "clerk06", {("accept_review", ()), ("decide", ("instant",))}, id="clerk at the window"
        ),
        pytest.param("reviewer01", {("accept_review", ())}, id="back office"),
        pytest.param("designer1", set(), id="designs, decides nothing"),
        pytest.param("chief45", set(), id="M-UTIL-2 a utility decides nothing"),
        pytest.param("clerk258", set(), id="M-UTIL-2 nor does its clerk"),
    ],
)
def test_mandates_follow_the_post(account, expected):
    assert mandates(account) == expected


def test_a_mandate_is_of_the_units_document_and_holds_from_2015_on():
    assert {one.valid_from for one in GRANTS} == {date(2015, 1, 1)}
    for one in GRANTS:
        assert one.unit_no == BY_ACCOUNT[one.account].unit_no
        assert one.mandate_no == f"雁政授〔2015〕{one.unit_no}号"
        assert one.valid_to is None
        assert one.amount_limit is None


def test_every_unit_with_matters_has_somebody_for_each_type_and_power():
    types = {row["code"] for row in rows("matter_types")}
    for unit_no in {int(row["unit_no"]) for row in rows("matters")}:
        mine = [one for one in GRANTS if one.unit_no == unit_no]
        decided = {kind for one in mine if one.power == "decide" for kind in one.matter_types}
        assert decided == types
        assert {one.power for one in mine} == {
            "decide",
            "accept_review",
            "urgent",
            "organise",
            "seal",
            "joint",
        }
