"""A replay is open until it has ended in one way or another."""

from dataclasses import fields

import pytest

from engine.domain.what_if import CANCELLED, DONE, FAILED, RUNNING, WAITING, Run


@pytest.mark.parametrize(
    ("state", "is_open"),
    [(WAITING, True), (RUNNING, True), (DONE, False), (CANCELLED, False), (FAILED, False)],
)
def test_a_replay_is_open_while_it_waits_or_runs(state, is_open):
    run = Run(**{field.name: None for field in fields(Run)} | {"state": state})
    assert run.open is is_open
