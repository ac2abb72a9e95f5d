"""Digests, passwords and sealed fields."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.crypto import (
    Vault,
    digest,
    fingerprint,
    has_sm3,
    hash_password,
    new_secret,
    password_matches,
    same,
)
from engine.kernel.errors import Unavailable

KEY, OTHER = bytes(32), bytes(range(32))


def test_sm3_gives_the_value_of_the_standard():
    assert has_sm3()
    assert fingerprint(b"abc", "sm3") == hashlib.new("sm3", b"abc").hexdigest()
    assert fingerprint(b"abc", "sm3").startswith("66c7f0f4")


def test_parts_cannot_shift_into_each_other():
    assert digest(b"ab", b"c") != digest(b"a", b"bc")


def test_a_password_matches_only_itself():
    stored = hash_password("正确的密码 123")
    assert stored.startswith("$argon2id$")
    assert password_matches(stored, "正确的密码 123")
    assert not password_matches(stored, "正确的密码 124")
    assert not password_matches("not a hash", "正确的密码 123")


def test_secrets_differ_and_are_compared_whole():
    first, second = new_secret(), new_secret()
    assert same(first, first)
    assert not same(first, second)


@given(st.text())
def test_a_sealed_text_opens_again(text):
    vault = Vault({"k1": KEY}, "k1")
    assert vault.open(vault.seal(text)) == text


def test_the_same_text_is_sealed_differently_each_time():
    vault = Vault({"k1": KEY}, "k1")
    assert vault.seal("11010519491231002X") != vault.seal("11010519491231002X")


def test_an_old_key_stays_readable_after_a_rotation():
    sealed = Vault({"k1": KEY}, "k1").seal("text")
    assert Vault({"k1": KEY, "k2": OTHER}, "k2").open(sealed) == "text"


@pytest.mark.parametrize(
    "sealed",
    [
        pytest.param(Vault({"k9": KEY}, "k9").seal("text"), id="a key nobody has"),
        pytest.param(Vault({"k1": OTHER}, "k1").seal("text"), id="another key of the same name"),
        pytest.param(b"k1:" + bytes(40), id="bytes that were changed"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_cannot_be_opened_is_said_so(sealed):
    with pytest.raises(Unavailable) as refused:
        Vault({"k1": KEY}, "k1").open(sealed)
    assert refused.value.code == "vault.unreadable"
