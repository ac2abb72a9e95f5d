"""Every stored decision is sealed in the chain of its case, and every seal has its decision."""

from dataclasses import dataclass, fields
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.storage import cases, decisions
from engine.storage.case_rows import DECISIONS
from engine.storage.decisions import Record
from tests.engine.storage.samples import case_of, put


@dataclass(frozen=True)
class Answer:
    """A decision as a sibling room makes it."""

    table: str = "authority"
    version: str = "v1"
    facts: dict = None
    outcome: dict = None
    rows: tuple = ("r-1",)
    legal_basis: tuple = ("《行政许可法》第二十六条",)


@pytest.fixture
def sealed(office):
    """Store two cases with a few decisions each."""
    made = Answer(facts={"amount": Decimal("9.50"), "同人": False}, outcome={"allowed": True})
    with office.unit() as unit:
        for no in (1, 2):
            put(unit, case_of(office, no))
            cases.add_decisions(unit, f"case-{no}", [("task", made)] * 3)
    return office


def alter(office, statement):
    """Change stored decisions as a forger would: the unit would ask for an event."""
    with office.store._writer.begin() as connection:
        connection.execute(statement)


def compared(office):
    with office.reading() as unit:
        return list(decisions.witnessed(unit)), list(decisions.unwitnessed(unit))


def test_a_record_has_the_columns_of_the_table():
    assert {field.name for field in fields(Record)} == set(DECISIONS.c.keys())


def test_row_and_seal_agree(sealed):
    known, unknown = compared(sealed)
    assert len(known) == 6
    assert unknown == []
    for witness, record in known:
        assert witness.intact
        assert (witness.id, witness.case_id) == (record.id, record.case_id)
        assert record.seal(witness.name) == witness.record_digest
        assert record.facts_seal(witness.name) == witness.facts_digest


@pytest.mark.parametrize("column", [field.name for field in fields(Record)][1:])
def test_every_column_is_part_of_the_seal(sealed, column):
    known, _ = compared(sealed)
    name = known[0][1].id
    other = {"at": sealed.now().replace(year=2014), "case_id": "case-2"}.get(
        column, sa.type_coerce('{"x": 1}', sa.Text)
    )
    alter(sealed, DECISIONS.update().where(DECISIONS.c.id == name).values({column: other}))
    known, _ = compared(sealed)
    differing = [
        witness.id for witness, row in known if row.seal(witness.name) != witness.record_digest
    ]
    assert differing == [name]


def test_a_row_that_is_gone_and_one_that_nobody_made_are_told(sealed):
    known, _ = compared(sealed)
    gone, copied = known[0][1].id, known[1][1].id
    columns = [column for column in DECISIONS.c if column.name != "id"]
    names = [column.name for column in columns]
    copy = sa.select(sa.literal("forged"), *columns).where(DECISIONS.c.id == copied)
    alter(sealed, DECISIONS.insert().from_select(["id", *names], copy))
    alter(sealed, DECISIONS.delete().where(DECISIONS.c.id == gone))
    known, unknown = compared(sealed)
    assert [witness.id for witness, record in known if record is None] == [gone]
    assert [record.id for record in unknown] == ["forged"]
