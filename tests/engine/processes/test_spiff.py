"""Our changes to SpiffWorkflow: only on the version that was tried, only what they say."""

from importlib import metadata

import pytest

from engine.kernel.errors import Invalid, Unavailable
from engine.processes import spiff
from engine.processes.run import start
from engine.processes.spiff import Engine, Environment, tune
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    chain,
    complete,
    end,
    no_tables,
    open_steps,
    read,
    steps,
)


def test_another_version_of_spiff_is_not_started(monkeypatch):
    monkeypatch.setattr(spiff, "version", lambda name: "3.3.0")
    with pytest.raises(Unavailable, match=r"process\.engine_version") as refused:
        tune()
    assert refused.value.params == {"found": "3.3.0", "tested": "3.2.0"}


def test_the_installed_version_is_the_one_that_was_tried():
    assert metadata.version("SpiffWorkflow") == spiff.TESTED


def test_the_longest_process_that_may_be_drawn_runs_to_its_end():
    names = [f"t{number}" for number in range(398)]
    definition = read(drawing.start() + steps(*names) + end() + chain("s", *names, "e"))
    case = start(definition, {}, no_tables, NOW)
    case = complete(definition, case, "t0")
    assert open_steps(case) == ["t1"]


def test_an_environment_answers_keys_and_nothing_else():
    definition = read(drawing.start() + steps("t") + end() + chain("s", "t", "e"))
    environment = Environment(definition.formulas, no_tables, NOW)
    engine = Engine(environment)
    assert engine.environment is environment
    for text in ("1 == 1", "flow:ghost", ""):
        with pytest.raises(Invalid, match=r"process\.script_refused"):
            environment.evaluate(text, {})


def test_stored_state_holds_no_time_of_the_machine():
    definition = read(drawing.start() + steps("t") + end() + chain("s", "t", "e"))
    one = start(definition, {}, no_tables, NOW)
    assert b"last_state_change" not in one.state
    assert all(len(task.id) == 32 for task in one.open)
