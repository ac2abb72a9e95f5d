"""Cards are stored once for each occasion of a rule."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from engine.domain.card import Card
from engine.storage import cards
from tests.engine.storage import samples
from tests.engine.storage.samples import EVENT


def card_of(office, **given):
    values = {
        "id": "card-1",
        "case_id": "case-1",
        "rule": "S03",
        "occasion": "2015-10-29",
        "level": "yellow",
        "recipients": ("officer", "chief"),
        "raised_at": office.now(),
        "reply_by": date(2015, 11, 4),
        "row": "supervision#supervision-3",
        "version": "v" * 64,
        "facts": {"promised_left": -1},
        "text": "逾期",
    }
    return Card(**{**values, **given})


@pytest.fixture
def kept(office):
    with office.unit() as unit:
        samples.put(unit, samples.case_of(office, id="case-1", case_no="n-1"))
    return office


def put(office, *found):
    with office.unit() as unit:
        unit.record(EVENT)
        for one in found:
            cards.add(unit, one)


def test_a_card_comes_back_as_it_was_stored(kept):
    put(kept, card_of(kept))
    with kept.reading() as unit:
        assert cards.of_case(unit, "case-1") == [card_of(kept)]


def test_the_same_rule_has_one_card_for_an_occasion_and_another_for_the_next(kept):
    put(kept, card_of(kept), card_of(kept, id="card-2", occasion="2015-11-12"))
    with pytest.raises(IntegrityError):
        put(kept, card_of(kept, id="card-3"))
    with kept.reading() as unit:
        assert [card.id for card in cards.of_case(unit, "case-1")] == ["card-1", "card-2"]
