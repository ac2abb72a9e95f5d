"""The walk-through by the services alone gives the same figures on both databases."""

from engine.demo.carry import carry
from engine.demo.story import ANSWERS, walk_through
from engine.domain.case import CaseState
from engine.services import audit
from tests.story import first_matter


def test_the_morning_has_the_figures_of_the_article(hall, now):
    story = walk_through(hall, now)
    times = story.times
    assert (times.waiting, times.receipt, times.review) == (20, 30, 40)
    assert (times.handling, times.total) == (70, 90)
    assert story.trail.intact


def test_every_process_reaches_its_decision(hall, cast):
    for process in ("instant", "one_review", "commitment", "parallel"):
        case = carry(hall, cast, first_matter(hall, process).no, ANSWERS).case
        assert case.state is CaseState.DECIDED
    assert audit.verify_trail(hall).intact
