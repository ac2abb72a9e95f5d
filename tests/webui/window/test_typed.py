"""What a clerk has typed, read from the request and never changed on the way."""

import pytest
from flask import Flask

from engine.kernel.errors import Invalid
from tests.story import walk_through_matter
from webui.window.typed import Typed, TypedPaper, read_typed


def read(fields):
    with Flask(__name__).test_request_context(method="POST", data=fields):
        return read_typed()


def test_our_own_fields_are_told_from_the_answers():
    typed = read(
        {"case-matter": "342", "csrf_token": "x", "once": "y", "staff": "3", "list.0.a": "b"}
    )
    assert typed.matter_no == 342
    assert typed.answers == {"staff": ["3"], "list.0.a": ["b"]}


def test_a_chosen_line_wins_over_the_matter_before():
    assert read({"case-matter": "1", "case-choose": "2"}).matter_no == 2


@pytest.mark.parametrize("number", ["", "x", "١٢"], ids=["empty", "letters", "other digits"])
def test_a_paper_without_a_number_is_no_paper(number):
    assert read({f"paper-{number}-state": "received"}).papers == {}


def test_papers_keep_state_copies_and_remark():
    typed = read({"paper-3-state": "tolerated", "paper-3-copies": " 2 ", "paper-3-remark": "明日"})
    assert typed.papers == {3: TypedPaper("tolerated", "2", "明日")}


def test_an_untouched_line_is_a_missing_paper(hall):
    matter = walk_through_matter(hall)
    handed = Typed().handed_in(matter)
    assert {paper.state for paper in handed.values()} == {"missing"}
    assert set(handed) == {paper.no for paper in matter.materials}


@pytest.mark.parametrize("copies", ["", "-1", "1.5", "1000", "二", "９"])
def test_copies_that_are_no_small_number_are_refused_by_name(hall, copies):
    matter = walk_through_matter(hall)
    first = matter.materials[0]
    typed = Typed(papers={first.no: TypedPaper("received", copies)})
    with pytest.raises(Invalid) as refused:
        typed.handed_in(matter)
    assert refused.value.code == "intake.copies"
    assert refused.value.params == {"name": first.name}
