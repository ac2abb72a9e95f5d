"""What the hall offers and where."""

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import HallError, Missing
from engine.services import catalogue
from engine.stock import read_catalogue


def test_the_city_has_the_figures_of_the_article(hall):
    totals = catalogue.totals(hall)
    assert (totals.matters, totals.units, totals.windows) == (494, 50, 258)
    assert (totals.zones, totals.back_offices) == (6, 55)


def test_a_matter_is_found_by_name_initials_and_code(hall):
    named = catalogue.matters(hall, "企业设立登记").rows[0]
    assert named.no in {row.no for row in catalogue.matters(hall, named.initials).rows}
    assert [row.no for row in catalogue.matters(hall, named.task_code).rows] == [named.no]


def test_a_long_list_comes_in_pages(hall):
    first, second = (catalogue.matters(hall, page=page) for page in (1, 2))
    assert first.total == second.total == 494
    assert len(first.rows) == first.size
    assert not {row.no for row in first.rows} & {row.no for row in second.rows}
    assert catalogue.matters(hall, page=999).rows == []


@pytest.mark.parametrize("query", ["100%", "_", "'; drop table matters; --", "𠮷" * 300])
def test_odd_searches_find_nothing_and_break_nothing(hall, query):
    assert catalogue.matters(hall, query).total == 0


def test_windows_belong_to_zone_and_unit(hall):
    of_unit = catalogue.windows(hall, unit_no=26)
    assert {window.zone_no for window in of_unit} == {1}
    assert len(catalogue.windows(hall, zone_no=1)) == 53
    assert catalogue.window(hall, 7).purpose == "chief"


@pytest.mark.parametrize(
    "ask", [catalogue.matter, catalogue.unit, catalogue.window], ids=["matter", "unit", "window"]
)
def test_what_is_not_there_is_missing(hall, ask):
    with pytest.raises(Missing):
        ask(hall, 9999)


def test_a_change_of_the_catalogue_is_seen_at_once(hall):
    files = {name: [dict(row) for row in rows] for name, rows in read_catalogue().items()}
    no = int(files["matters"][0]["no"])
    before = catalogue.matter(hall, no)
    files["matters"][0]["name"] = "改名后的事项"
    catalogue.load(hall, SYSTEM, files)
    assert catalogue.matter(hall, no).name == "改名后的事项" != before.name


@pytest.mark.parametrize(
    ("file", "column", "value"),
    [
        pytest.param("matters", "promised_days", "三天", id="days that are no number"),
        pytest.param("matters", "unit_no", "99", id="a unit that is not there"),
        pytest.param("calendar", "day", "2026-02-30", id="a day that is not there"),
    ],
)
def test_a_wrong_row_is_refused_whole(hall, file, column, value):
    files = {name: [dict(row) for row in rows] for name, rows in read_catalogue().items()}
    files[file][0][column] = value
    before = catalogue.totals(hall)
    with pytest.raises(HallError):
        catalogue.load(hall, SYSTEM, files)
    assert catalogue.totals(hall) == before
