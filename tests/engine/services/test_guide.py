"""The way of a matter, as the public guide shows it."""

import pytest

from engine.kernel.errors import Missing
from engine.services import guide
from tests.story import first_matter, walk_through_matter


def test_the_walk_through_is_reviewed_and_approved(hall):
    shown = guide.process(hall, walk_through_matter(hall).no)
    assert [step.name for step in shown.steps] == ["审查", "核准"]
    assert "chief" in shown.steps[1].posts
    assert sum(step.days for step in shown.steps) == walk_through_matter(hall).promised_days
    assert b"<" in shown.xml


def test_a_matter_with_a_process_of_its_own_shows_that_one(hall):
    matter = first_matter(hall, "parallel")
    assert len(guide.process(hall, matter.no).steps) == 3


def test_an_unknown_matter_has_no_way(hall):
    with pytest.raises(Missing) as refused:
        guide.process(hall, 99999)
    assert refused.value.code == "matter.unknown"
