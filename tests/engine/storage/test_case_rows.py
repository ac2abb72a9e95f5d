"""The tables of cases begin with the fields of the values that are read from them."""

from dataclasses import fields

import pytest

from engine.domain.case import Case, Task
from engine.domain.clocks import Clock
from engine.storage.case_rows import CASE_MATERIALS, CASES, CLOCKS, DECISIONS, TASKS
from engine.storage.cases import CaseMaterial, StoredDecision


@pytest.mark.parametrize(
    ("table", "value", "before"),
    [
        (CASES, Case, 0),
        (TASKS, Task, 0),
        (CLOCKS, Clock, 0),
        (CASE_MATERIALS, CaseMaterial, 1),
        (DECISIONS, StoredDecision, 0),
    ],
    ids=lambda one: getattr(one, "name", None),
)
def test_columns_follow_the_fields_in_their_order(table, value, before):
    names = [field.name for field in fields(value)]
    assert [column.name for column in table.c][before : before + len(names)] == names
