"""Visits to the hall: counted once each, with their reasons, and ranked by matter."""

from datetime import date

import pytest

from engine.kernel.errors import Forbidden, Invalid, Missing
from engine.kernel.now import hall_moment
from engine.services import cases, catalogue, intake, tickets, visits
from tests.story import application, first_matter, walk_through_matter


@pytest.fixture
def matter(hall):
    return walk_through_matter(hall)


@pytest.fixture
def clerk(cast, matter):
    return cast.clerk(matter.unit_no)


@pytest.fixture
def case(hall, clerk):
    return intake.receive(hall, clerk, application(hall, window_no=1)).case


def ticket(hall, matter):
    zone = catalogue.unit(hall, matter.unit_no).zone_no
    return tickets.take(hall, zone, matter_no=matter.no)


def test_m_one_1_the_application_at_the_window_is_the_first_visit(hall, case):
    assert visits.of_case(hall, case.id) == 1


def test_an_application_from_home_is_no_visit(hall, now, clerk):
    case = intake.apply(hall, clerk, application(hall)).case
    assert visits.of_case(hall, case.id) == 0
    assert visits.note(hall, clerk, case.id, "collect") == 1


def test_m_one_2_a_second_visit_is_counted_with_its_reason(hall, now, clerk, case, matter):
    now.advance(days=2)
    number = ticket(hall, matter)
    assert visits.note(hall, clerk, case.id, "supplement", number.id) == 2
    told = cases.case(hall, clerk, case.id).history[-1]
    assert told.kind == "Visited"
    assert (told.params["visit"], told.params["purpose"], told.params["ticket_id"]) == (
        2,
        "supplement",
        number.id,
    )


def test_one_number_is_one_visit_and_so_is_one_day_without_a_number(hall, now, clerk, case, matter):
    assert visits.note(hall, clerk, case.id, "collect") == 1, "still the day of the application"
    number = ticket(hall, matter)
    for _ in range(2):
        assert visits.note(hall, clerk, case.id, "supplement", number.id) == 2
    now.advance(days=1)
    for _ in range(2):
        assert visits.note(hall, clerk, case.id, "inquiry") == 3


def test_m_one_2_the_monthly_list_ranks_matters_by_visits(hall, now, cast, clerk, case, matter):
    other = first_matter(hall, "instant")
    for _ in range(3):
        given = application(hall, other, window_no=1)
        once = intake.receive(hall, cast.clerk(other.unit_no), given).case
    now.move_to(hall_moment("2015-10-31T23:59"))
    visits.note(hall, clerk, case.id, "supplement")
    lines = visits.monthly(hall, date(2015, 10, 15))
    assert [(line.matter_no, line.cases, line.visits, line.a_case) for line in lines] == [
        (matter.no, 1, 2, 2.0),
        (other.no, 3, 3, 1.0),
    ]
    assert lines[0].matter_name == matter.name
    now.move_to(hall_moment("2015-11-01T00:00"))
    visits.note(hall, cast.clerk(other.unit_no), once.id, "collect")
    assert visits.monthly(hall, date(2015, 10, 1)) == lines, "it was another month"
    assert [line.matter_no for line in visits.monthly(hall, date(2015, 11, 30))] == [other.no]
    assert visits.monthly(hall, date(2015, 12, 1)) == []


def test_a_wrong_visit_is_not_counted(hall, cast, clerk, case):
    with pytest.raises(Invalid, match=r"visit\.purpose"):
        visits.note(hall, clerk, case.id, "sightseeing")
    with pytest.raises(Missing, match=r"ticket\.unknown"):
        visits.note(hall, clerk, case.id, "collect", "0" * 26)
    with pytest.raises(Forbidden, match=r"intake\.other_unit"):
        visits.note(hall, cast.clerk(1), case.id, "collect")
    with pytest.raises(Missing, match=r"case\.unknown"):
        visits.note(hall, clerk, "nothing", "collect")
    assert visits.of_case(hall, case.id) == 1
