"""The trace of long tables, and values as JSON has them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from engine.decisions.table import read_draft
from engine.decisions.trace import ALL_ROWS, NEAREST_ROWS, plain, trace_rows


def test_of_a_long_table_the_rows_that_hit_and_the_nearest_ones_are_told(days):
    count = ALL_ROWS + 100
    rows = [(str(n), "false" if n == 250 else "true", '"a"') for n in range(1, count + 1)]
    trace = trace_rows(read_draft(days(rows)), [Decimal(250), True])
    assert len(trace) == NEAREST_ROWS
    assert all(len(row.failed) == 1 for row in trace)
    assert [row.number for row in trace] == sorted(row.number for row in trace)
    hit = trace_rows(read_draft(days(rows)), [Decimal(7), True])
    assert [row.number for row in hit if row.matched] == [7]
    assert len(hit) == NEAREST_ROWS + 1


def test_every_row_of_a_short_table_is_told(days):
    rows = [("1", "-", '"a"'), ("2", "-", '"b"')]
    trace = trace_rows(read_draft(days(rows)), [Decimal(2), None])
    assert [(row.row, row.matched, len(row.failed)) for row in trace] == [
        ("r1", False, 1),
        ("r2", True, 0),
    ]
    assert trace[0].legal_basis == "第四十二条"
    assert trace[0].note == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("20"), 20),
        (Decimal("2E+1"), 20),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E-7"), "0.0000001"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 9, 30), "2026-11-22T09:30:00"),
        ({"a": (Decimal(1), None)}, {"a": [1, None]}),
        (True, True),
        ("text", "text"),
        (None, None),
    ],
    ids=str,
)
def test_values_are_said_as_json_has_them(value, said):
    found = plain(value)
    assert found == said
    assert type(found) is type(said)
