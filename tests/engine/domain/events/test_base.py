"""Events are plain facts with a chain."""

import dataclasses
from typing import get_args, get_type_hints

import pytest

from engine.domain.events.cases import TaskClaimed
from engine.kernel.canonical import dumps, loads
from tests.events import event_kinds

KINDS = event_kinds()
SAMPLES = {str: "x", int: 1, bool: True, tuple[str, ...]: ("x",)}


def sample(kind):
    """Return an event of a kind, filled by the types of its fields."""
    types = get_type_hints(kind)
    return kind(
        **{
            field.name: SAMPLES.get(types[field.name], None if optional(types, field) else {})
            for field in dataclasses.fields(kind)
        }
    )


def optional(types, field):
    return type(None) in get_args(types[field.name])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_event_has_a_name_a_chain_and_a_plain_body(kind):
    event = sample(kind)
    assert event.kind == kind.__name__
    assert event.chain
    assert set(loads(dumps(event.body()))) == {f.name for f in dataclasses.fields(kind)}


def test_each_case_has_a_chain_of_its_own():
    first = TaskClaimed(case_id="a", task_id="t", step="review")
    second = TaskClaimed(case_id="b", task_id="t", step="review")
    assert first.chain != second.chain


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_event_speaks_of_a_person_by_number_or_phone(kind):
    names = {field.name for field in dataclasses.fields(kind)}
    assert not names & {"id_number", "phone", "applicant_name"}
