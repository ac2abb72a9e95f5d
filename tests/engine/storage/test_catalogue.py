"""The catalogue answers what the hall offers and where."""

from datetime import date

import pytest

from engine.domain.matter import JointProcedure
from engine.domain.people import Window, Zone
from engine.kernel.errors import Missing, Unavailable
from engine.storage import catalogue
from tests.engine.storage.samples import FILES, load


@pytest.fixture
def loaded(office):
    """Load the small catalogue."""
    load(office)
    return office


def test_places_come_back_by_number(loaded):
    with loaded.reading() as unit:
        assert catalogue.zones(unit) == [Zone(1, "B", "商事登记区", "Business", 1)]
        assert [one.no for one in catalogue.units(unit)] == [26, 27]
        assert [one.no for one in catalogue.windows(unit)] == [6, 7, 8]
        assert catalogue.window(unit, 7) == Window(7, "07", 1, 1, 26, "intake", None)
        with pytest.raises(Missing):
            catalogue.window(unit, 99)


def test_a_matter_comes_with_its_own_papers(loaded):
    with loaded.reading() as unit:
        matter = catalogue.matter(unit, 1)
    assert matter.name == "企业设立登记(三证合一)"
    assert (matter.process, matter.form) == ("fast", "fast.apply")
    assert matter.type.promised_days == 1
    assert matter.applicant_kinds == ("person", "enterprise")
    assert matter.conditions == ("有住所", "有章程")
    assert [(paper.no, paper.name) for paper in matter.materials] == [(1, "申请书"), (2, "章程")]
    assert matter.tolerant is True


def test_a_matter_without_papers_takes_those_of_its_type(loaded):
    with loaded.reading() as unit:
        matter = catalogue.matter(unit, 2)
    assert [paper.name for paper in matter.materials] == ["身份证明"]
    assert (matter.process, matter.form) == ("other", "other.apply")


def test_an_unknown_matter_is_missing(loaded):
    with loaded.reading() as unit, pytest.raises(Missing) as refused:
        catalogue.matter(unit, 999)
    assert (refused.value.code, refused.value.params) == ("matter.unknown", {"matter": 999})


@pytest.mark.parametrize(
    ("query", "unit_no", "found"),
    [
        pytest.param("", None, [1, 2], id="everything"),
        pytest.param("三证", None, [1], id="part of a name"),
        pytest.param("QYSL", None, [1], id="initials in capitals"),
        pytest.param("fwx", None, [2], id="middle of the initials"),
        pytest.param("task2", None, [2], id="task code"),
        pytest.param("011", None, [1], id="basic code"),
        pytest.param("100%", None, [2], id="a per cent sign is no wildcard"),
        pytest.param("_", None, [], id="an underscore is no wildcard"),
        pytest.param("'; DROP TABLE matters; --", None, [], id="SQL is only text"),
        pytest.param("", 26, [1, 2], id="of a unit"),
        pytest.param("", 27, [], id="of a unit without matters"),
    ],
)
def test_matters_are_found_by_name_initials_and_code(loaded, query, unit_no, found):
    with loaded.reading() as unit:
        rows, total = catalogue.matters(unit, query, unit_no)
    assert ([row.no for row in rows], total) == (found, len(found))


def test_pages_of_matters_know_the_total(loaded):
    with loaded.reading() as unit:
        rows, total = catalogue.matters(unit, "", None, 1, 1)
    assert ([row.no for row in rows], total) == ([2], 2)


def test_the_ledger_gets_a_row_for_each_matter(loaded):
    with loaded.reading() as unit:
        rows = catalogue.ledger_rows(unit)
    assert [(row.no, row.steps_before, row.steps) for row in rows] == [(1, 5, 1), (2, 5, 1)]


def test_a_joint_procedure_names_its_units(loaded):
    with loaded.reading() as unit:
        (joint,) = catalogue.joint_procedures(unit)
    assert isinstance(joint, JointProcedure)
    assert (joint.matter_no, joint.unit_nos, joint.process) == (2, (26, 27), "parallel")


def test_the_calendar_spans_whole_years(loaded):
    with loaded.reading() as unit:
        calendar = catalogue.calendar(unit)
    assert (calendar.first, calendar.last) == (date(2015, 1, 1), date(2016, 12, 31))
    assert not calendar.is_working(date(2015, 10, 1))
    assert calendar.is_working(date(2015, 10, 10))
    assert calendar.provisional_years == {2016}


def test_an_empty_calendar_is_said(office):
    with office.reading() as unit, pytest.raises(Unavailable) as refused:
        catalogue.calendar(unit)
    assert refused.value.code == "calendar.empty"


def test_a_post_opens_what_its_row_says(loaded):
    with loaded.reading() as unit:
        assert catalogue.permissions_of(unit, "clerk") == {"window.serve", "task.work"}
        assert catalogue.permissions_of(unit, "nobody") == frozenset()


def test_rows_are_counted_by_table(loaded):
    with loaded.reading() as unit:
        counts = catalogue.counts(unit)
    assert counts == {
        "calendar_days" if name == "calendar" else name: len(rows) for name, rows in FILES.items()
    }
