"""Who waits and who is called, zone by zone."""

from engine.kernel.now import hall_day
from engine.services import tickets
from engine.storage import queues

ZONE, WINDOW = 1, 6


def test_waiting_and_called_are_read_by_zone_in_the_order_of_the_queue(hall, cast, now):
    first = tickets.take(hall, ZONE)
    now.advance(minutes=1)
    second = tickets.take(hall, ZONE)
    cared = tickets.take(hall, ZONE, needs_care=True)
    other = tickets.take(hall, 2)
    with hall.reading() as unit:
        day = hall_day(unit.at)
        assert queues.waiting(unit, day, ZONE) == [cared, first, second]
        assert other in queues.waiting(unit, day)
        assert queues.called(unit) == []
    called = tickets.call_next(hall, cast.seated("clerk", WINDOW), WINDOW)
    with hall.reading() as unit:
        assert queues.called(unit) == [called]
        assert queues.waiting(unit, day, ZONE) == [first, second]
