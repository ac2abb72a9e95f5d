"""The closed list of art. 45 and the words that tables use are the same."""

from engine.domain.facts import by_name
from engine.domain.special_procedure import STOPS_CLOCK


def test_every_procedure_of_the_list_is_a_value_that_tables_know():
    assert set(by_name("procedure_kind").codes) >= STOPS_CLOCK


def test_a_survey_does_not_stop_the_clock_by_itself():
    assert "survey" not in STOPS_CLOCK
