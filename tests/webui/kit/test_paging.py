"""Page numbers and the links that keep the filters."""

import pytest

from webui.kit.paging import Paging, page_asked


@pytest.mark.parametrize(
    ("page", "total", "shown"),
    [
        (1, 0, [1]),
        (1, 50, [1]),
        (1, 51, [1, 2]),
        (1, 500, [1, 2, 3, None, 10]),
        (5, 500, [1, None, 3, 4, 5, 6, 7, None, 10]),
        (10, 500, [1, None, 8, 9, 10]),
    ],
    ids=["empty", "one full page", "one row more", "first", "middle", "last"],
)
def test_near_pages_are_numbered_and_far_ones_left_out(page, total, shown):
    assert Paging(page, 50, total).numbers() == shown


@pytest.mark.parametrize(
    ("page", "rows"), [(1, (1, 50)), (3, (101, 120))], ids=["full", "last, part"]
)
def test_the_rows_shown_are_counted(page, rows):
    paging = Paging(page, 50, 120)
    assert (paging.first_row, paging.last_row) == rows


def test_an_empty_list_counts_from_nothing():
    paging = Paging(1, 50, 0)
    assert (paging.first_row, paging.last_row) == (0, 0)


def test_links_keep_the_filters(app):
    with app.test_request_context("/matters?q=企业&unit=26&page=3"):
        assert Paging(3, 50, 500).href(4) == "/matters?q=%E4%BC%81%E4%B8%9A&unit=26&page=4"


def test_a_filter_cannot_turn_a_link_into_another_address(app):
    with app.test_request_context("/matters?_scheme=javascript&_external=1&_anchor=x"):
        assert Paging(1, 50, 500).href(2).startswith("/matters?")


@pytest.mark.parametrize(
    ("asked", "page"),
    [("3", 3), ("0", 1), ("-2", 1), ("x", 1), ("", 1), ("99999999999", 1)],
)
def test_a_nonsense_page_is_the_first(app, asked, page):
    with app.test_request_context(f"/matters?page={asked}"):
        assert page_asked() == page
