"""Numbers of the queue."""

from engine.domain.ticket import number_of


def test_a_number_is_the_letter_of_the_zone_and_three_digits_or_more():
    assert number_of("B", 7) == "B007"
    assert number_of("B", 1234) == "B1234"
