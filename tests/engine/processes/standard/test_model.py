"""A model resolves references, whichever way they are written."""

from engine.processes.load import read_tree
from engine.processes.standard.model import Model, executable, true
from tests.engine.processes.standard.models import (
    FLOWS,
    E,
    S,
    catch,
    file_of,
    node,
    process,
    task,
)


def model(body):
    return Model(read_tree(file_of(body)))


def test_a_prefix_of_a_reference_is_passed_over():
    assert model(task()).get("tns:x").get("id") == "x"
    assert model(task()).get("ghost") is None
    assert model(task()).get(None) is None


def test_flows_are_found_by_their_ends_and_by_the_lists():
    body = process(S + node("task", "x", "f1", "f2") + E + FLOWS)
    seen = model(body.replace('targetRef="x"', 'targetRef="e"'))
    assert [flow.get("id") for flow in seen.into(seen.get("x"))] == ["f1"]
    assert sorted(flow.get("id") for flow in seen.into(seen.get("e"))) == ["f1", "f2"]


def test_triggers_follow_references():
    shared = '<signalEventDefinition id="shared" signalRef="sig"/>'
    body = catch("<eventDefinitionRef>shared</eventDefinitionRef>")
    seen = model(shared + body)
    assert [name for name, _ in seen.triggers(seen.get("x"))] == ["signal"]
    assert seen.has_trigger(seen.get("x"), "signal")


def test_booleans_have_four_spellings():
    seen = model(task(attributes='isForCompensation="1"'))
    assert true(seen.get("x"), "isForCompensation")
    assert not true(seen.get("x"), "startQuantity")
    assert true(seen.get("x"), "missing", default=True)


def test_a_process_runs_unless_it_says_otherwise():
    assert executable(model(process("<task id='x'/>", "")).get("x"))
    assert not executable(model(process("<task id='x'/>", 'isExecutable="false"')).get("x"))
