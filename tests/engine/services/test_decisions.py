"""Stored decisions are decided again, and the one that was altered is named."""

import sqlite3

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.services import decisions
from tests.story import drop_guards, walk_through_matter


@pytest.fixture
def stored(hall, cast, city):
    """Carry two cases, and alter stored decisions by SQL."""
    matter = walk_through_matter(hall)
    for _ in range(2):
        carry(hall, cast, matter.no, ANSWERS)

    def alter(column, old, new):
        with sqlite3.connect(city.data / "hall.sqlite") as database:
            drop_guards(database)
            where = f"instr({column}, ?) > 0"
            (name,) = database.execute(
                f"SELECT id FROM decisions WHERE {where} ORDER BY id LIMIT 1",  # noqa: S608 - a column named by the test
                (old,),
            ).fetchone()
            done = database.execute(
                f"UPDATE decisions SET {column} = replace({column}, ?, ?) WHERE id = ?",  # noqa: S608 - a column named by the test
                (old, new, name),
            )
            assert done.rowcount == 1
        database.close()
        return name

    return alter


def test_honest_decisions_come_out_the_same(hall, stored):
    report = decisions.recompute(hall)
    assert report.decisions >= 4
    assert report.differing == ()


@pytest.mark.parametrize(
    ("column", "old", "new", "because"),
    [
        ("outcome", "true", "false", "outcome"),
        ("facts", '"chief"', '"clerk"', "outcome"),
        ("rows", "r", "x", "rows"),
        ("version", "a", "0", "definition.lost"),
        ("facts", '"chief"', '"king"', "decision.not_allowed"),
    ],
    ids=["another outcome", "other facts", "another row", "no such version", "impossible facts"],
)
def test_the_one_that_was_altered_is_named(hall, stored, column, old, new, because):
    name = stored(column, old, new)
    report = decisions.recompute(hall)
    assert [(one.id, one.because) for one in report.differing] == [(name, because)]
