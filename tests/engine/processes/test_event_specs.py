"""How events are read: what they wait for, by which way a process starts."""

import pytest

from engine.kernel.errors import Invalid
from engine.processes.definition import read_definitions
from engine.processes.event_specs import entry_of, starters
from engine.processes.events import Condition, Named, Several
from engine.processes.exchange import Awaited
from engine.processes.timing import FixedTimer, RepeatedTimer
from tests.engine.processes import drawing
from tests.engine.processes.drawing import boundary, chain, end, steps, timer
from tests.engine.processes.eventful import MESSAGE, SIGNAL, catch, definition, file, read, when


def definition_of(inside):
    body = drawing.start() + catch("c", inside) + end() + chain("s", "c", "e")
    return read(body).spec.task_specs["c"].event_definition


def test_each_kind_of_definition_is_read_as_what_it_is():
    assert isinstance(definition_of(timer("timeDuration", "PT1H")), FixedTimer)
    assert isinstance(definition_of(timer("timeCycle", "R3/PT1H")), RepeatedTimer)
    assert isinstance(definition_of(when("amount > 1")), Condition)
    named = definition_of(MESSAGE)
    assert (type(named), named.kind, named.name) == (Named, "message", "M")
    several = definition_of(SIGNAL + MESSAGE)
    assert isinstance(several, Several)
    assert [part.kind for part in several.event_definitions] == ["signal", "message"]


def test_an_event_on_an_edge_that_repeats_and_interrupts_fires_once():
    body = drawing.start() + steps("u") + end() + chain("s", "u", "e")
    edge = boundary("b", "u", timer("timeCycle", "R3/PT1H"))
    assert isinstance(read(body + edge).spec.task_specs["b"].event_definition, Several)


def test_the_way_into_a_process_leads_to_the_event_that_is_awaited():
    choice = '<eventBasedGateway id="g" instantiate="true"/>'
    body = choice + catch("a", SIGNAL) + catch("b", MESSAGE) + end()
    found = read(body + chain("g", "a", "e") + chain("g", "b", "e"))
    known = starters(found.spec, found.parts)
    assert known == found.starters
    assert [entry_of(found.spec, found.parts, one) for one in known] == ["g", "g"]
    assert entry_of(found.spec, found.parts, Awaited("signal", "S", "x")) == "x"


def test_an_error_is_meant_by_its_code_and_one_without_means_any():
    body = drawing.start() + '<subProcess id="sub">' + drawing.start("is") + end("ie")
    body += chain("is", "ie") + "</subProcess>" + end()
    body += boundary("b", "sub", definition("error", "E"))
    body += boundary("b2", "sub", definition("error"))
    specs = read(body + chain("s", "sub", "e")).spec.task_specs
    assert specs["b"].event_definition.name == "E1"
    assert specs["b2"].event_definition.name is None


PEER = '<process id="q">{}<receiveTask id="r" messageRef="M"/>' + end("qe")


def test_a_file_with_pools_holds_several_processes_in_its_order():
    pools = '<collaboration id="c"><participant id="p1" processRef="p"/>'
    pools += '<participant id="p2" processRef="q"/></collaboration>'
    peer = PEER.format('<startEvent id="qs"/>') + chain("qs", "r", "qe") + "</process>"
    body = drawing.start() + end() + chain("s", "e")
    assert [one.key for one in read_definitions(file(body, pools + peer))] == ["q", "p"]
    with pytest.raises(Invalid, match=r"process\.several_processes"):
        read(body, peer)
    started = PEER.format(f'<startEvent id="qs">{SIGNAL}</startEvent>')
    assert read(body, started + chain("qs", "r", "qe") + "</process>").key == "p"
