"""The walk-through of the article (M-WALK-1, M-WALK-2), through the services."""

from engine.demo.story import walk_through
from engine.domain.codes import check_uscc


def test_the_morning_ends_with_a_licence_and_the_figures_of_the_article(hall, now):
    told = []
    story = walk_through(hall, now, lambda time, code, _: told.append((time, code)))
    assert (story.times.waiting, story.times.receipt, story.times.review) == (20, 30, 40)
    assert (story.times.handling, story.times.total) == (70, 90)
    assert story.decided_by.post == "chief"
    assert story.trail.intact
    check_uscc(story.licence_no)
    assert story.due_days[0] == "2015-10-29"
    assert told[0] == ("09:30", "story.ticket")
    assert told[-1] == ("11:00", "story.handed_out")


def test_the_morning_can_be_played_twice(hall, now):
    first = walk_through(hall, now)
    second = walk_through(hall, now)
    assert first.licence_no != second.licence_no
    assert first.case_no != second.case_no
