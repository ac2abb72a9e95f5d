"""The closed list of art. 45, the kinds that can be started, and the words that tables use."""

import pytest

from engine.domain.facts import by_name
from engine.domain.special_procedure import KINDS, STOPS_CLOCK


def test_every_procedure_of_the_list_is_a_value_that_tables_know():
    assert set(by_name("procedure_kind").codes) >= STOPS_CLOCK


def test_a_survey_does_not_stop_the_clock_by_itself():
    assert "survey" not in STOPS_CLOCK


def test_whatever_stops_the_clock_can_be_started_and_a_survey_as_well():
    assert set(KINDS) == STOPS_CLOCK | {"survey"}


@pytest.mark.parametrize("kind", KINDS)
def test_people_are_excluded_by_a_duty_that_the_table_knows(kind):
    assert KINDS[kind].duty in by_name("step_duty").codes


def test_only_inspections_must_begin_within_five_days_of_the_acceptance():
    assert {kind for kind, drawn in KINDS.items() if drawn.begin_days == 5} == {
        "inspection",
        "testing",
        "quarantine",
    }
