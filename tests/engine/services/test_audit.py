"""The history proves itself (M-PLUS-7)."""

import sqlite3

import pytest

from engine.demo.carry import carry
from engine.services import audit
from tests.story import drop_guards, first_matter


@pytest.fixture
def case(hall, cast):
    return carry(hall, cast, first_matter(hall, "instant").no).case


def test_an_honest_history_is_intact(hall, case):
    report = audit.verify_trail(hall)
    assert report.intact
    assert report.first_bad is None


def test_the_database_itself_refuses_to_change_history(city, case):
    with (
        sqlite3.connect(city.data / "hall.sqlite") as database,
        pytest.raises(sqlite3.IntegrityError),
    ):
        database.execute("DELETE FROM events")
    database.close()


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE events SET body = replace(body, 'granted', 'refused') WHERE kind = 'Decided'",
        "DELETE FROM events WHERE kind = 'TaskCompleted'",
        "UPDATE events SET by_id = 'somebody' WHERE kind = 'Accepted'",
    ],
    ids=["changed", "deleted", "another actor"],
)
def test_a_forged_row_is_named(hall, city, case, forgery):
    with sqlite3.connect(city.data / "hall.sqlite") as database:
        drop_guards(database)
        changed = database.execute(forgery).rowcount
    database.close()
    assert changed == 1
    report = audit.verify_trail(hall)
    assert not report.intact
    assert report.first_bad[0] == f"case:{case.id}"
