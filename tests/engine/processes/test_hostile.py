"""No text of another language passes as FEEL: as condition, as script, as time of a timer."""

from pathlib import Path

import pytest

from engine.kernel.errors import Invalid
from engine.processes.definition import read_definition
from engine.processes.run import start
from engine.processes.spiff import Engine, Environment
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    boundary,
    chain,
    document,
    end,
    flow,
    gateway,
    no_tables,
    read,
    script,
    steps,
    timer,
)

HOSTILE = [
    line
    for line in Path(__file__).with_name("hostile.txt").read_text(encoding="utf-8").splitlines()
    if line
]
S = drawing.start()


def as_condition(text):
    body = S + gateway("exclusive", "g", "f_g_e2") + end() + end("e2") + chain("s", "g", "e2")
    return body + flow("g", "e", text, name="here")


def as_script(text):
    return S + script("here", text) + end() + chain("s", "here", "e")


def as_time(text):
    body = S + steps("t") + end() + end("e2") + chain("s", "t", "e") + chain("here", "e2")
    return body + boundary("here", "t", timer("timeDuration", text))


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 200
    assert len(set(HOSTILE)) == len(HOSTILE)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", [as_condition, as_script, as_time], ids=lambda f: f.__name__)
def test_refused_at_its_element_before_anything_runs(place, text):
    with pytest.raises(Invalid) as refused:
        read_definition(document(place(text)), tables=())
    assert refused.value.code in ("process.feel", "process.time", "process.time_range")
    assert refused.value.params["element"] == "here"


@pytest.mark.parametrize("text", ["[].__class__.__base__", r'"\x41"', "not", "time.sleep(10)"])
def test_what_is_feel_by_accident_decides_nothing(text):
    definition = read(as_condition(text))
    with pytest.raises(Invalid, match=r"process\.undecided") as refused:
        start(definition, {}, no_tables, NOW)
    assert refused.value.params["element"] == "here"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_reached_the_environment_would_not_run_either(text):
    definition = read(S + steps("t") + end() + chain("s", "t", "e"))
    engine = Engine(Environment(definition.formulas, no_tables, NOW))
    for ask in (
        lambda: engine.environment.evaluate(text, {}),
        lambda: engine.environment.execute(text, {}),
        lambda: engine.environment.call_service({}, operation_name=text),
        lambda: engine.execute(None, text),
        lambda: engine.call_service(None, operation_name=text),
    ):
        with pytest.raises(Invalid, match=r"process\.script_refused"):
            ask()
