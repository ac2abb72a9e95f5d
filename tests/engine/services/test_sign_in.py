"""Signing in and out (S-04, S-05, S-11 to S-14)."""

from dataclasses import replace

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Forbidden, Invalid, Late, Missing
from engine.services import audit, people, sign_in

HOME = "127.0.0.1"


@pytest.fixture
def password(hall):
    return people.new_password(hall, SYSTEM, "clerk06")


def test_a_right_password_opens_a_session(hall, password):
    session = sign_in.sign_in(hall, "clerk06", password, HOME)
    assert session.official.account == "clerk06"
    assert sign_in.who(hall, session.token).id == session.official.id


def test_a_session_knows_what_pages_open(hall, password):
    official = sign_in.sign_in(hall, "clerk06", password, HOME).official
    assert official.may("window.serve")
    assert not official.may("people.manage")


def test_no_account_of_the_demo_has_a_password_of_its_own(hall):
    for guess in ("", "clerk06", "123456"):
        with pytest.raises(Forbidden):
            sign_in.sign_in(hall, "clerk06", guess, HOME)


def test_a_wrong_password_and_a_wrong_account_get_the_same_answer(hall, password):
    with pytest.raises(Forbidden) as wrong:
        sign_in.sign_in(hall, "clerk06", password + "x", HOME)
    with pytest.raises(Forbidden) as unknown:
        sign_in.sign_in(hall, "nobody", password, HOME)
    assert wrong.value.code == unknown.value.code == "sign_in.wrong"


def test_a_sixth_try_is_refused_even_with_the_right_password(hall, now, password):
    for _ in range(5):
        with pytest.raises(Forbidden):
            sign_in.sign_in(hall, "clerk06", "wrong", HOME)
    with pytest.raises(Late) as locked:
        sign_in.sign_in(hall, "clerk06", password, HOME)
    assert locked.value.code == "sign_in.locked"
    now.advance(minutes=31)
    assert sign_in.sign_in(hall, "clerk06", password, HOME)


def test_failures_elsewhere_do_not_lock_a_person_out(hall, password):
    for _ in range(6):
        with pytest.raises((Forbidden, Late)):
            sign_in.sign_in(hall, "clerk06", "wrong", "10.9.9.9")
    assert sign_in.sign_in(hall, "clerk06", password, HOME)


def test_every_session_has_a_secret_of_its_own(hall, password):
    first = sign_in.sign_in(hall, "clerk06", password, HOME)
    second = sign_in.sign_in(hall, "clerk06", password, HOME)
    assert first.token != second.token


def test_a_session_ends_when_nobody_clicks(hall, now, password):
    token = sign_in.sign_in(hall, "clerk06", password, HOME).token
    now.advance(minutes=29)
    assert sign_in.who(hall, token)
    now.advance(minutes=29)
    assert sign_in.who(hall, token), "the click before has kept it alive"
    now.advance(minutes=31)
    assert sign_in.who(hall, token) is None


def test_a_page_that_looks_again_by_itself_keeps_nobody_signed_in(hall, now, password):
    token = sign_in.sign_in(hall, "clerk06", password, HOME).token
    for _ in range(2):
        now.advance(minutes=14)
        assert sign_in.who(hall, token, acted=False)
    now.advance(minutes=3)
    assert sign_in.who(hall, token) is None


def test_a_session_ends_after_ten_hours_in_any_case(hall, now, password):
    token = sign_in.sign_in(hall, "clerk06", password, HOME).token
    for _ in range(23):
        now.advance(minutes=26)
        assert sign_in.who(hall, token)
    now.advance(minutes=26)
    assert sign_in.who(hall, token) is None


def test_signing_out_ends_the_session(hall, password):
    token = sign_in.sign_in(hall, "clerk06", password, HOME).token
    sign_in.sign_out(hall, token)
    assert sign_in.who(hall, token) is None
    sign_in.sign_out(hall, token)


def test_an_invented_secret_is_nobody(hall):
    assert sign_in.who(hall, "x" * 43) is None


def test_the_demo_lets_in_as_anybody_and_writes_it_down(hall):
    assert sign_in.sign_in_as(hall, "chief26").official.post == "chief"
    assert audit.verify_trail(hall).intact


def test_an_unknown_person_of_the_demo_is_missing(hall):
    with pytest.raises(Missing):
        sign_in.sign_in_as(hall, "nobody")


def test_a_real_hall_lets_nobody_in_without_a_password(hall):
    real = replace(hall, demo=False)
    with pytest.raises(Forbidden) as refused:
        sign_in.sign_in_as(real, "chief26")
    assert refused.value.code == "demo.only"
    with pytest.raises(Forbidden):
        sign_in.demo_people(real)


def test_who_is_signed_in_confirms_by_his_password(hall, password):
    confirmed = sign_in.confirm(hall, "clerk06", password, HOME)
    assert (confirmed.official.account, confirmed.how) == ("clerk06", "password")
    assert confirmed.at == hall.now()


@pytest.mark.parametrize("guess", ["wrong", " ", "𠮷" * 300])
def test_a_wrong_password_confirms_nothing_and_is_written_down(hall, password, guess):
    with pytest.raises(Forbidden) as wrong:
        sign_in.confirm(hall, "clerk06", guess, HOME)
    assert wrong.value.code == "sign_in.wrong"
    assert audit.verify_trail(hall).intact


def test_m_sec_2_wrong_confirmations_lock_like_wrong_sign_ins(hall, now, password):
    for attempt in (sign_in.confirm, sign_in.sign_in) * 2 + (sign_in.confirm,):
        with pytest.raises(Forbidden):
            attempt(hall, "clerk06", "wrong", HOME)
    for attempt in (sign_in.confirm, sign_in.sign_in):
        with pytest.raises(Late) as locked:
            attempt(hall, "clerk06", password, HOME)
        assert locked.value.code == "sign_in.locked"
    now.advance(minutes=31)
    assert sign_in.confirm(hall, "clerk06", password, HOME)


def test_an_empty_password_is_no_try(hall, password):
    for _ in range(6):
        with pytest.raises(Invalid) as empty:
            sign_in.confirm(hall, "clerk06", "", HOME)
    assert (empty.value.code, empty.value.params["field"]) == (
        "confirm.password_missing",
        "password",
    )
    assert sign_in.confirm(hall, "clerk06", password, HOME)


def test_only_the_demo_confirms_without_a_password(hall):
    assert sign_in.confirm_as(hall, "chief26").how == "demo"
    with pytest.raises(Missing):
        sign_in.confirm_as(hall, "nobody")
    with pytest.raises(Forbidden) as refused:
        sign_in.confirm_as(replace(hall, demo=False), "chief26")
    assert refused.value.code == "demo.only"
