"""The history proves itself (M-PLUS-7)."""

import sqlite3

import pytest

from engine.demo.carry import carry
from engine.kernel.now import hall_moment
from engine.services import audit, warnings
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
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


def test_m_plus_7_a_case_that_is_missing_as_a_whole_is_seen_by_the_anchor_of_its_morning(
    hall, city, case, now
):
    warnings.keep_watch(hall)
    for morning in ("2015-10-27", "2015-10-28"):
        now.move_to(hall_moment(f"{morning}T09:00"))
        while run_once(hall, HANDLERS):
            pass
    assert audit.verify_trail(hall).intact
    with sqlite3.connect(city.data / "hall.sqlite") as database:
        drop_guards(database)
        database.execute("DELETE FROM events WHERE chain = ?", (f"case:{case.id}",))
    database.close()
    report = audit.verify_trail(hall)
    assert not report.intact
    assert report.first_bad is not None
