"""Opinions: what is said, what they add up to, who blocks."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.domain.parallel import (
    Opinion,
    Said,
    Sibling,
    blocking,
    next_date,
    said_of,
    tally,
)
from engine.domain.working_time import Calendar, days_left

TODAY = date(2015, 10, 28)
BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
CALENDAR = Calendar(frozenset(), frozenset(), frozenset(), date(2015, 1, 1), date(2015, 12, 31))


@pytest.mark.parametrize(
    ("outcome", "is_open", "due", "said"),
    [
        pytest.param("agree", False, BEFORE, Said.AGREE, id="what was said counts, however late"),
        pytest.param("conditional", False, AFTER, Said.CONDITIONAL, id="with conditions"),
        pytest.param("disagree", False, AFTER, Said.DISAGREE, id="a no"),
        pytest.param(None, True, TODAY, Said.WAITING, id="its last day is not over"),
        pytest.param(None, True, None, Said.WAITING, id="without a limit nobody is silent"),
        pytest.param(None, True, BEFORE, Said.SILENT, id="open beyond its limit"),
        pytest.param(None, False, BEFORE, Said.SILENT, id="ended beyond its limit"),
        pytest.param(None, False, AFTER, Said.SPARED, id="ended within its limit"),
        pytest.param("perhaps", True, AFTER, Said.WAITING, id="an unknown word is no opinion"),
    ],
)
def test_a_unit_has_said_what_it_said(outcome, is_open, due, said):
    assert said_of(outcome, is_open, due, TODAY) is said


def opinion(said, unit_no=1):
    return Opinion(unit_no, "市城乡规划局", "case", said)


@given(some.lists(some.sampled_from(Said)))
@settings(max_examples=50)
def test_every_opinion_counts_once_or_not_at_all(said):
    facts = tally(map(opinion, said), "siting", True)
    counted = sum(value for key, value in facts.items() if key.startswith("opinions_"))
    assert counted == len(said) - said.count(Said.AGREE) - said.count(Said.SPARED)
    assert (facts["project_phase"], facts["silence_consents"]) == ("siting", True)


def test_an_opinion_stands_in_the_document_in_plain_values():
    assert opinion(Said.SILENT).plain() == {
        "unit_no": 1,
        "unit_name": "市城乡规划局",
        "case_no": "case",
        "said": "silent",
        "text": "",
        "law": "",
        "given_at": None,
    }


PARTS = some.lists(
    some.builds(
        Sibling,
        case_id=some.uuids().map(str),
        unit_no=some.integers(1, 50),
        due_on=some.none() | some.dates(date(2015, 1, 5), date(2015, 12, 31)),
        open=some.booleans(),
    ),
    max_size=8,
)


@given(PARTS)
@settings(max_examples=60)
def test_m_par_2_nobody_open_has_fewer_days_left_than_the_one_that_blocks(parts):
    first = blocking(parts, TODAY, CALENDAR)
    waiting = [part for part in parts if part.open]
    if first is None:
        assert not waiting
        return
    (found,) = [part for part in waiting if part.case_id == first]
    limited = [days_left(TODAY, part.due_on, CALENDAR) for part in waiting if part.due_on]
    if limited:
        assert days_left(TODAY, found.due_on, CALENDAR) == min(limited)
    assert next_date(parts) == min((p.due_on for p in waiting if p.due_on), default=None)
