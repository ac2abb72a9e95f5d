"""Invented names: enough of them, all different, always the same."""

import pytest

from engine.demo.names import people_names

APPLICANT_OF_THE_WALK_THROUGH = "林晓禾"


def test_names_are_different_and_always_the_same():
    names = people_names(477)
    assert len(set(names)) == 477
    assert names == people_names(500)[:477]
    assert {len(name) for name in names} == {3}


def test_the_applicant_of_the_walk_through_is_no_official():
    assert APPLICANT_OF_THE_WALK_THROUGH not in people_names(5000)


def test_more_people_than_names_are_refused():
    with pytest.raises(ValueError, match="are wanted"):
        people_names(10**6)
