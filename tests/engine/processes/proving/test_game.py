"""The game on markings: shortest path first, faults deep in a wide drawing, a cap on it all."""

import pytest
from lxml import etree

from engine.processes.bpmn import tag
from engine.processes.proving import game
from engine.processes.proving.game import play
from engine.processes.proving.graph import Outcome
from engine.processes.proving.ways import read_scope
from tests.engine.processes.drawing import chain, document, end, flow, gateway, start
from tests.engine.processes.drawing import steps as tasks


def played(body, outcomes=None):
    """Play without making the graph smaller first."""
    root = etree.fromstring(document(body))
    return play(read_scope(root.find(tag("process")), outcomes or {}))


def block(split, join, width):
    names = [f"t{branch}" for branch in range(width)]
    text = start() + gateway(split, "g") + gateway(join, "j") + tasks(*names) + end()
    text += "".join(chain("g", name, "j") for name in names)
    return text + flow("s", "g") + flow("j", "e")


def test_the_shortest_path_is_told():
    body = start() + gateway("exclusive", "x") + tasks("long", "longer") + gateway("parallel", "j")
    body += end() + chain("s", "x", "long", "longer", "j", "e") + flow("x", "j")
    (fault,) = played(body).faults
    assert (fault.code, fault.element) == ("deadlock", "j")
    assert fault.path == ("s", "f_s_x", "x", "f_x_j")


def test_a_sound_game_ends_and_reaches_everything():
    found = played(block("parallel", "parallel", 3))
    assert (found.faults, found.lost, found.thrown) == ((), (), ())
    assert found.completes
    assert found.markings == 13


def test_a_fault_deep_in_a_wide_drawing_is_found_past_the_broad_search():
    body = block("parallel", "parallel", 14).replace(flow("t0", "j"), "") + end("aside")
    found = played(body + gateway("exclusive", "x") + chain("t0", "x", "j") + flow("x", "aside"))
    (fault,) = found.faults
    assert (fault.code, fault.element) == ("deadlock", "j")
    assert "f_x_aside" in fault.path
    assert (
        len([name for name in fault.path if name in {f"t{branch}" for branch in range(14)}]) == 14
    )


def test_what_has_too_many_states_is_undecided(monkeypatch):
    monkeypatch.setattr(game, "WIDE", 50)
    monkeypatch.setattr(game, "CAP", 200)
    (fault,) = played(block("parallel", "parallel", 10)).faults
    assert (fault.code, fault.path) == ("undecided", ())


def test_more_choices_than_can_be_tried_are_undecided_unless_a_fault_shows(monkeypatch):
    monkeypatch.setattr(game, "MAX_CHOICES", 3)
    (fault,) = played(block("inclusive", "inclusive", 4)).faults
    assert (fault.code, fault.element) == ("undecided", "g")
    (fault,) = played(block("inclusive", "parallel", 4)).faults
    assert (fault.code, fault.element) == ("deadlock", "j")


@pytest.mark.parametrize("interrupts", ["true", "false"])
def test_an_event_sub_process_runs_beside_or_instead(interrupts):
    event = (
        f'<startEvent id="s2" isInterrupting="{interrupts}"><messageEventDefinition/></startEvent>'
    )
    body = start() + tasks("t") + end() + chain("s", "t", "e")
    body += f'<subProcess id="r" triggeredByEvent="true">{event}</subProcess>'
    found = played(body, {"r": Outcome(True, (), ())})
    assert (found.faults, found.lost) == ((), ())
    # Armed in each place of the token; instead: its own place and the end. Beside: all places
    # again while it runs and when it is over, and it may outlast the rest.
    assert found.markings == (6 if interrupts == "true" else 14)


def test_an_error_leaves_the_scope_and_a_terminate_ends_it():
    body = (
        start() + gateway("parallel", "g") + tasks("a") + end("all", "<terminateEventDefinition/>")
    )
    body += chain("s", "g", "a") + flow("g", "all")
    found = played(body)
    assert (found.faults, found.completes, found.thrown) == ((), True, ())
    found = played(body.replace("<terminateEventDefinition/>", "<errorEventDefinition/>"))
    assert (found.faults, found.thrown) == ((), ("error:",))
