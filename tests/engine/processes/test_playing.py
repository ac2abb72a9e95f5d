"""A case is played as the kit says: who waits first, seconds one by one, throws at once."""

import pytest

from engine.kernel.errors import Invalid
from engine.processes.playing import Case, duration, play
from tests.engine.processes.drawing import HEAD, chain, document, end, script, start, timer

MARK = script("m0", "[]", "log") + script("m1", 'append(log, "late")', "log")


def case(source, **changed):
    given = {
        "id": "c", "model": "m", "process": "p", "start_first": (), "inputs": {}, "seconds": 0,
        "expected": (), "end": "",
    }  # fmt: skip
    return play(source, Case(**{**given, **changed}))


def waiting(inside):
    catch = f'<intermediateCatchEvent id="w">{inside}</intermediateCatchEvent>'
    return start() + catch + MARK + end() + chain("s", "w", "m0", "m1", "e")


def test_a_timer_fires_when_its_second_has_come():
    source = document(waiting(timer("timeDuration", "PT2S")))
    assert case(source, seconds=1).end == "waiting"
    assert case(source, seconds=2) == case(source, seconds=5)
    assert case(source, seconds=2).trace == ("late",)


def test_a_signal_reaches_the_process_that_waits_already():
    signal = '<signal id="sig" name="sig"/>'
    body = waiting('<signalEventDefinition signalRef="sig"/>')
    thrower = (
        '<process id="q" isExecutable="true"><startEvent id="qs"/>'
        '<endEvent id="qe"><signalEventDefinition signalRef="sig"/></endEvent>'
        '<sequenceFlow id="qf" sourceRef="qs" targetRef="qe"/></process>'
    )
    source = document(body, rest=signal + thrower)
    assert case(source, process="q", start_first=("p",)).trace == ("late",)
    assert case(source, process="q").trace == ()


def test_inputs_are_the_variables_of_the_process():
    body = start() + script("a", "[n + 1]", "log") + end() + chain("s", "a", "e")
    assert case(document(body), inputs={"n": 2}).trace == ("3",)


def test_a_file_that_is_refused_and_an_incident_are_end_states():
    assert case(f"{HEAD}</definitions>".encode()).end == "refused"
    body = start() + script("a", "1 / 0 + [", "log") + end() + chain("s", "a", "e")
    assert case(document(body)).end == "refused"


def test_a_case_about_a_process_that_is_not_there_is_an_error_of_the_kit():
    with pytest.raises(Invalid, match=r"conform\.value"):
        case(document(start() + end() + chain("s", "e")), process="ghost")


@pytest.mark.parametrize(("text", "seconds"), [("PT0S", 0), ("PT5S", 5), ("PT3600S", 3600)])
def test_durations_of_the_kit(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "PT5M", "PT-1S", "PT99999S", "P1D"])
def test_other_durations_are_refused(text):
    with pytest.raises(Invalid, match=r"conform\.value"):
        duration(text)
