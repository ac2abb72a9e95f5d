"""What a post sees of an applicant."""

import pytest

from engine.domain.codes import new_uscc
from engine.domain.masking import as_seen_by, mask_id_number, mask_name, mask_phone
from engine.domain.people import Applicant

CITIZEN = "11010519491231002X"
PERSON = Applicant("person", "林晓禾", CITIZEN, "13812345678", agent="欧阳若水")
FOUNDED = Applicant("enterprise", "雁城禾木商贸有限公司", new_uscc(3), "13812345678")
FOUNDING = Applicant("enterprise", "雁城禾木商贸有限公司", CITIZEN, "13812345678")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("林晓禾", "林**", id="three characters"),
        pytest.param("林禾", "林*", id="two characters"),
        pytest.param("欧阳若水", "欧阳**", id="compound surname"),
        pytest.param("司马南", "司马*", id="compound surname, one given"),
        pytest.param("欧阳", "欧*", id="two characters are never a whole surname"),
        pytest.param("林", "林*", id="a single character does not tell that it is all"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_of_a_name_the_surname_is_left(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        pytest.param(mask_id_number, CITIZEN, "110105**********2X", id="ID number"),
        pytest.param(mask_id_number, "1101054912", "**********", id="too short to show a part"),
        pytest.param(mask_phone, "13812345678", "138****5678", id="mobile"),
        pytest.param(mask_phone, "8221234", "*******", id="too short to show a part"),
        pytest.param(mask_phone, "", "", id="nothing"),
    ],
)
def test_of_a_number_the_middle_is_hidden(mask, text, shown):
    assert mask(text) == shown
    assert len(shown) == len(text)


@pytest.mark.parametrize("post", ["clerk", "reviewer", "chief", "stand_in"])
def test_who_works_on_the_case_sees_name_and_phone_but_no_id_number(post):
    seen = as_seen_by(post, PERSON)
    assert (seen.name, seen.phone, seen.agent) == ("林晓禾", "13812345678", "欧阳若水")
    assert seen.id_number == "110105**********2X"


@pytest.mark.parametrize("post", ["head", "supervisor"])
def test_who_only_answers_for_it_sees_the_name(post):
    seen = as_seen_by(post, PERSON)
    assert (seen.name, seen.phone) == ("林晓禾", "138****5678")


@pytest.mark.parametrize("post", ["auditor", "system_admin", "security_admin", "designer", "?"])
def test_everybody_else_sees_least(post):
    seen = as_seen_by(post, PERSON)
    assert (seen.name, seen.phone, seen.agent) == ("林**", "138****5678", "欧阳**")


def test_an_enterprise_is_public_but_not_its_phone():
    seen = as_seen_by("designer", FOUNDED)
    assert (seen.name, seen.id_number) == (FOUNDED.name, FOUNDED.id_number)
    assert seen.phone == "138****5678"


def test_the_founder_of_an_enterprise_keeps_his_id_number_hidden():
    assert as_seen_by("chief", FOUNDING).id_number == "110105**********2X"


def test_a_mistyped_id_number_is_no_reason_to_show_it():
    mistyped = Applicant("enterprise", "雁城禾木商贸有限公司", "110105194912310021", "1")
    assert "19491231" not in as_seen_by("chief", mistyped).id_number


def test_masking_leaves_the_applicant_itself_alone():
    as_seen_by("?", PERSON)
    assert PERSON.id_number == CITIZEN
