"""Data as drawn: objects, inputs, outputs, properties, stores."""

import pytest

from engine.kernel.errors import Invalid
from tests.engine.processes.activities import S, formal, inside, run
from tests.engine.processes.drawing import chain, end, read, script

OBJECT = '<dataObject id="do" name="数据"/>'
OBJECT += '<dataObjectReference id="ref" name="数据" dataObjectRef="do"/>'
CHECKS = 'append(log, if data = "String" then "right" else "wrong")'


def made(name, sets, moves):
    """Return the data of an activity: one input or output `name` and its association."""
    place = "Input" if sets == "in" else "Output"
    ref = f"<data{place}Refs>d_{name}</data{place}Refs>"
    inputs, outputs = (ref, "") if place == "Input" else ("", ref)
    return (
        f'<ioSpecification id="io_{name}"><data{place} id="d_{name}" name="{name}"/>'
        f'<inputSet id="i_{name}">{inputs}</inputSet><outputSet id="o_{name}">{outputs}</outputSet>'
        f'</ioSpecification><data{place}Association id="a_{name}">{moves}</data{place}Association>'
    )


def refs(source, target):
    return f"<sourceRef>{source}</sourceRef><targetRef>{target}</targetRef>"


def test_an_output_reaches_the_object_and_from_there_an_input():
    first = inside(script("a", '"String"', "out"), made("out", "out", refs("d_out", "ref")))
    second = inside(script("b", CHECKS, "log"), made("data", "in", refs("ref", "d_data")))
    _, step, trace = run(OBJECT + S + first + second + end() + chain("s", "a", "b", "e"))
    assert trace == ["right"]
    assert step.data["数据"] == "String"
    assert "out" not in step.data
    assert "data" not in step.data


@pytest.mark.parametrize(
    "moves",
    [
        "<sourceRef>ref</sourceRef><targetRef>d_data</targetRef>"
        + formal("transformation", '数据 + "ing"'),
        "<targetRef>d_data</targetRef><assignment>"
        + formal("from", '数据 + "ing"')
        + formal("to", "data")
        + "</assignment>",
    ],
    ids=["a transformation", "an assignment"],
)
def test_an_association_computes(moves):
    second = inside(script("b", CHECKS, "log"), made("data", "in", moves))
    body = OBJECT + S + script("a", '"Str"', "数据") + second + end() + chain("s", "a", "b", "e")
    assert run(body)[2] == ["right"]


def test_a_property_of_the_process_is_a_variable_by_its_name():
    body = '<property id="p1" name="data"/>' + S + script("a", '"String"', "data")
    body += script("b", CHECKS, "log") + end() + chain("s", "a", "b", "e")
    assert run(body)[2] == ["right"]


def test_a_property_of_a_sub_process_ends_with_it():
    content = '<property id="p1" name="data"/><startEvent id="is"/>'
    content += script("a", '"String"', "data") + script("b", CHECKS, "log") + end("ie")
    content += chain("is", "a", "b", "ie")
    body = S + f'<subProcess id="sub">{content}</subProcess>' + script("c", CHECKS, "log")
    _, step, trace = run(body + end() + chain("s", "sub", "c", "e"), data="before")
    assert trace == ["right", "wrong"]
    assert step.data["data"] == "before"


def test_reading_a_store_is_refused():
    stores = '<dataStoreReference id="ref" name="档案"/>'
    body = (
        stores + S + inside(script("b", CHECKS, "log"), made("data", "in", refs("ref", "d_data")))
    )
    with pytest.raises(Invalid, match=r"process\.data_store") as refused:
        read(body + end() + chain("s", "b", "e"))
    assert refused.value.params["element"] == "b"
