"""What open pages hear of, and whom it concerns."""

from engine.services import intake, live, tickets, work
from engine.services.live import News
from tests.story import application

ZONE, UNIT, WINDOW = 1, 26, 6


def test_a_number_is_news_for_its_zone(hall):
    last = live.newest(hall)
    tickets.take(hall, ZONE)
    news = live.news_since(hall, last)
    assert news.number > last
    assert news.topics == {"ticket": {"zone:1"}, "screen": {"zone:1"}}
    assert live.news_since(hall, news.number) == News(news.number, {})


def test_a_number_that_was_sent_on_is_news_where_it_waits_too(hall, cast):
    ticket = tickets.take(hall, ZONE, UNIT)
    last = live.newest(hall)
    tickets.transfer(hall, cast.seated("clerk", WINDOW), ticket.id, 54, "在二楼办理")
    with hall.reading() as unit:
        there = hall.library.shelf(unit).windows[54].zone_no
    assert there != ZONE
    assert live.news_since(hall, last).topics["screen"] == {"zone:1", f"zone:{there}"}


def test_a_task_is_news_for_its_unit_and_for_who_holds_it(hall, cast):
    clerk = cast.seated("clerk", WINDOW)
    task = intake.receive(hall, clerk, application(hall)).opened[0]
    last = live.newest(hall)
    work.claim(hall, clerk, task.id)
    assert live.news_since(hall, last).topics == {"inbox": {f"unit:{UNIT}", f"person:{clerk.id}"}}


def test_very_much_at_once_is_news_for_everybody(hall):
    last = live.newest(hall)
    for _ in range(live.LONGEST_LOOK + 1):
        tickets.take(hall, ZONE)
    assert live.news_since(hall, last).topics == {"ticket": None, "screen": None}


def test_an_official_listens_to_the_own_desk_unit_and_zones_and_the_manager_to_all(hall, cast):
    clerk = cast.seated("clerk", WINDOW)
    assert live.places_of(hall, clerk) == {f"unit:{UNIT}", f"person:{clerk.id}", "zone:1"}
    assert live.places_of(hall, cast.holder(None, "hall_manager")) is None
