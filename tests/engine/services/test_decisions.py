"""Whatever is altered of a stored decision, exactly that decision is named, and why."""

import gc
import sqlite3
import time
import tracemalloc

import pytest
import sqlalchemy as sa

from engine.bootstrap import open_hall
from engine.decisions.decide import decide
from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.kernel.now import hall_day
from engine.services import decisions
from engine.storage import cases
from engine.storage.case_rows import DECISIONS
from tests.engine.storage.samples import case_of, put
from tests.story import drop_guards, walk_through_matter

MANY, PER_CASE = 10_000, 20
FACTS = {"power": "decide", "post": "chief", "matter_type": "one_review", "steps": 2}
FACTS |= {"holds_grant": True, "same_person": False, "over_amount": False, "outside_region": False}
FACTS |= {"outside_matters": False}


@pytest.fixture
def stored(hall, cast):
    """Carry two cases, whose steps are decided by the authority table."""
    matter = walk_through_matter(hall)
    for _ in range(2):
        carry(hall, cast, matter.no, ANSWERS)
    with hall.reading() as unit:
        of_authority = sa.select(DECISIONS).where(DECISIONS.c.table == "authority")
        return unit.connection.execute(of_authority.order_by(DECISIONS.c.id)).all()


@pytest.fixture
def forge(city):
    """Return a function that changes the database behind the back of the hall."""

    def act(statement, *values):
        with sqlite3.connect(city.data / "hall.sqlite") as database:
            drop_guards(database)
            assert database.execute(statement, values).rowcount == 1
        database.close()

    return act


def named(hall):
    return [(one.id, one.because) for one in decisions.recompute(hall).differing]


def test_honest_decisions_come_out_the_same(hall, stored):
    report = decisions.recompute(hall)
    assert report.decisions > len(stored) >= 4
    assert report.differing == ()


ALTERED = {
    "facts, with another outcome": (
        "facts = replace(facts, '\"holds_grant\":true', '\"holds_grant\":false')",
        "facts",
    ),
    "facts, with the same outcome and rows": (
        "facts = replace(facts, '\"steps\":2', '\"steps\":3')",
        "facts",
    ),
    "facts that cannot be": ('facts = replace(facts, \'"post":"\', \'"post":"x\')', "facts"),
    "facts that are no JSON": ("facts = '{'", "facts"),
    "facts in another spelling": ("facts = replace(facts, '{', '{ ')", "facts"),
    "facts that are no text": ("facts = X'7b7d'", "facts"),
    "facts that are no UTF-8": ("facts = CAST(X'ff' AS TEXT)", "facts"),
    "an outcome that is no UTF-8": ("outcome = CAST(X'7bff7d' AS TEXT)", "outcome"),
    "an outcome of half a character": ("outcome = '\"\\ud800\"'", "outcome"),
    "another outcome": ("outcome = replace(outcome, 'true', 'false')", "outcome"),
    "true told as a number": ("outcome = replace(outcome, 'true', '1')", "outcome"),
    "an outcome that is no JSON": ("outcome = 'x'", "outcome"),
    "another row": ('"rows" = \'["authority-r1x"]\'', "rows"),
    "another version": ("version = replace(version, 'a', '0')", "version"),
    "another table": ("\"table\" = 'escalation'", "table"),
    "another legal basis": ("legal_basis = '[\"无\"]'", "legal_basis"),
    "another moment": ("at = replace(at, '2015', '2014')", "record"),
    "another task": ("task_id = 'nobody'", "record"),
}


@pytest.mark.parametrize(("change", "because"), ALTERED.values(), ids=ALTERED.keys())
@pytest.mark.parametrize("place", [0, -1], ids=["the first", "the last"])
def test_the_one_that_was_altered_is_named(hall, stored, forge, change, because, place):
    name = stored[place].id
    forge(f"UPDATE decisions SET {change} WHERE id = ?", name)  # noqa: S608 - a change named above
    assert named(hall) == [(name, because)]


def test_a_decision_moved_to_another_case_is_named_once(hall, stored, forge):
    first = stored[0]
    last = next(one for one in stored if one.case_id != first.case_id)
    forge("UPDATE decisions SET case_id = ? WHERE id = ?", last.case_id, first.id)
    assert named(hall) == [(first.id, "record")]


def test_a_row_that_is_gone_is_missing(hall, stored, forge):
    forge("DELETE FROM decisions WHERE id = ?", stored[1].id)
    report = decisions.recompute(hall)
    assert [(one.id, one.because) for one in report.differing] == [(stored[1].id, "missing")]
    assert report.differing[0].table == "authority"


def test_a_row_that_nobody_decided_is_unknown(hall, stored, forge):
    names = ", ".join(f'"{column.name}"' for column in DECISIONS.c if column.name != "id")
    forge(
        f"INSERT INTO decisions (id, {names}) SELECT 'forged', {names} FROM decisions WHERE id = ?",  # noqa: S608 - the columns of the table
        stored[0].id,
    )
    assert named(hall) == [("forged", "unknown")]


def test_a_row_under_another_id_is_missing_and_unknown(hall, stored, forge):
    forge("UPDATE decisions SET id = '%' WHERE id = ?", stored[0].id)
    assert named(hall) == [(stored[0].id, "missing"), ("%", "unknown")]


def test_a_forger_who_seals_his_facts_himself_is_seen_by_the_chain(hall, stored, forge):
    event = "kind = 'DecisionMade' AND body LIKE '%' || ? || '%'"
    forge(f"UPDATE events SET body = replace(body, 'task', 'tusk') WHERE {event}", stored[0].id)  # noqa: S608 - as above
    assert named(hall) == [(stored[0].id, "event")]


def test_a_table_that_was_altered_is_not_used(hall, stored, forge, city):
    forge(
        "UPDATE definitions SET content = CAST(replace(content, '依据', '根据') AS BLOB)"
        " WHERE kind = 'table' AND key = 'authority'"
    )
    fresh = open_hall(city, now=hall.now)
    report = decisions.recompute(fresh)
    assert {one.because for one in report.differing} == {"definition.altered"}
    assert len(report.differing) == len(stored)
    fresh.store.dispose()


def many_decisions(hall, many=MANY, first=0):
    """Store decisions of cases with twenty each, in one unit."""
    with hall.unit() as unit:
        version = hall.library.in_force(unit, "table", "authority", hall_day(unit.at))
        table = hall.library.table(unit, "authority", version)
        for no in range(first, first + many // PER_CASE):
            case = case_of(hall, no)
            put(unit, case)
            made = [decide(table, FACTS | {"steps": steps % 5 + 1}) for steps in range(PER_CASE)]
            cases.add_decisions(unit, case.id, [(f"task-{no}", one) for one in made])


def test_of_ten_thousand_decisions_one_is_named(either_city, now):
    hall = open_hall(either_city, now=now)
    many_decisions(hall)
    with hall.store._writer.begin() as connection:
        found = connection.execute(
            sa.select(DECISIONS.c.id, sa.type_coerce(DECISIONS.c.facts, sa.Text).label("facts"))
            .order_by(DECISIONS.c.id)
            .offset(MANY * 2 // 3)
            .limit(1)
        ).one()
        altered = found.facts.replace('"outside_region":false', '"outside_region":null')
        assert altered != found.facts
        connection.execute(
            sa.text("UPDATE decisions SET facts = :facts WHERE id = :id"),
            {"facts": altered, "id": found.id},
        )
    began = time.process_time()
    report = decisions.recompute(hall)
    assert time.process_time() - began < 20
    assert report.decisions == MANY
    assert [(one.id, one.because) for one in report.differing] == [(found.id, "facts")]
    hall.store.dispose()


def test_recomputing_keeps_a_piece_in_memory_and_not_the_whole(hall):
    peaks = []
    for first, many in ((0, 600), (600, 1_200)):
        many_decisions(hall, many, first)
        decisions.recompute(hall)
        gc.collect()
        tracemalloc.start()
        decisions.recompute(hall)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5, "three times as many decisions"


def test_a_step_writes_its_seals_with_its_other_events(hall, cast):
    matter = walk_through_matter(hall)
    case_id = carry(hall, cast, matter.no, ANSWERS).case.id
    with hall.unit() as unit:
        (stored, *_) = cases.decisions_of(unit, case_id)
        before = unit.line.info["statements"]
        cases.add_decisions(unit, case_id, [(stored.task_id, stored)] * 3)
        assert unit.line.info["statements"] - before == 1
        unit.flush()
        assert unit.line.info["statements"] - before == 3, "the head of the chain, one insert"
        unit._events.clear()
    assert decisions.recompute(hall).differing == ()
