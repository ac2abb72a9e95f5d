"""The words of tables and gateways: two names each, one meaning."""

import pytest

from engine.domain.facts import (
    FACTS,
    FactKind,
    by_name,
    chinese_facts,
    nearest,
    plain_facts,
)


def test_no_two_facts_share_a_name():
    names = [name for fact in FACTS for name in (fact.key, fact.zh)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
def test_a_fact_is_found_by_both_names_and_named_in_both_languages(fact):
    assert by_name(fact.key) is fact
    assert by_name(fact.zh) is fact
    assert fact.key.isascii()
    assert not fact.zh.isascii()
    assert fact.en


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
def test_words_belong_to_enumerations_and_have_both_languages(fact):
    assert not fact.values or fact.kind is FactKind.ENUMERATION
    assert len(set(fact.codes)) == len(fact.values)
    assert all(word.zh and word.en for word in fact.values)
    assert not fact.whole or fact.kind is FactKind.NUMBER


def test_types_of_matter_are_rows_of_data_and_no_words_of_the_code():
    assert by_name("办件类型").codes == ()


def test_what_is_no_fact_is_left_out_and_names_are_translated():
    mixed = {"法定天数": 20, "post": "chief", "企业名称": "雁城小店"}
    assert plain_facts(mixed) == {"statutory_days": 20, "post": "chief"}
    assert chinese_facts(mixed) == {"法定天数": 20, "岗位": "chief"}
    assert by_name("企业名称") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("法定天敷", "法定天数"), ("statutory_day", "statutory_days"), ("zzzzqq", None)],
    ids=["one wrong character", "singular", "like nothing"],
)
def test_the_nearest_known_name_is_offered(typed, meant):
    assert nearest(typed) == meant
