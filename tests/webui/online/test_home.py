"""The front page and the zones."""

import re

import pytest


def test_the_figures_of_the_hall_are_counted(visitor):
    page = visitor.read("/")
    figures = re.findall(r'<div class="figure "><b>(\d+)</b>', page)
    assert figures == ["494", "50", "258", "55"]


def test_the_reform_figures_name_their_base(visitor):
    page = visitor.read("/")
    for figure in ("1025", "408", "4100", "906", "60.2%", "77.9%", "29.8%"):
        assert figure in page
    assert "行政许可 205 项" in page


def test_the_zones_come_floor_by_floor(visitor):
    page = visitor.read("/")
    floors = re.findall(r"<span>(\d) 楼", page)
    assert len(floors) == 6
    assert floors == sorted(floors)


def test_a_zone_lists_its_units_and_windows(visitor):
    page = visitor.read("/zones/1")
    assert "市工商行政管理局" in page
    assert re.search(r'href="/screens/6">06</a>', page)
    assert page.count('class="seat"') == 53


@pytest.mark.parametrize("path", ["/zones/99", "/zones/0"])
def test_an_unknown_zone_is_not_there(visitor, path):
    assert visitor.get(path).status_code == 404


def test_the_search_works_without_a_script(visitor):
    page = visitor.read("/")
    form = re.search(r'<form class="search" action="(/\w+)"', page)[1]
    assert "企业设立登记" in visitor.read(f"{form}?q=企业设立登记")
