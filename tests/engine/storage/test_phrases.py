"""Phrases are rows of one person and one step."""

import pytest

from engine.domain.phrase import Phrase
from engine.storage import phrases
from tests.engine.storage.samples import add_official, load


@pytest.fixture
def one(office):
    load(office)
    return add_official(office)


def test_phrases_come_back_by_person_and_step_and_go(office, one):
    with office.unit() as unit:
        phrases.add(unit, one.id, "review", Phrase("p1", "材料齐全"))
        phrases.add(unit, one.id, "review", Phrase("p2", "同意"))
        phrases.add(unit, one.id, "decide", Phrase("p3", "同意"))
    with office.unit() as unit:
        assert phrases.of_step(unit, one.id, "review") == [
            Phrase("p1", "材料齐全"),
            Phrase("p2", "同意"),
        ]
        assert phrases.of_step(unit, "nobody", "review") == []
        assert not phrases.drop(unit, "nobody", "p1")
        assert phrases.drop(unit, one.id, "p1")
        assert not phrases.drop(unit, one.id, "p1")
        assert phrases.of_step(unit, one.id, "review") == [Phrase("p2", "同意")]
