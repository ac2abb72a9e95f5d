import pytest

from tests.engine.processes.importing.samples import chained, codes, imported, values

EDGE = (
    '<subProcess id="n1"><startEvent id="is"/><endEvent id="ie"/>'
    '<sequenceFlow id="if" sourceRef="is" targetRef="ie"/></subProcess>'
)
CATCH = '<boundaryEvent id="b" attachedToRef="n1"><errorEventDefinition {}/></boundaryEvent>'


def caught(attributes: str, rest: str = "") -> tuple[list[str], list[str], set[str]]:
    made = imported(chained(EDGE) + CATCH.format(attributes), rest)
    refs = values(made, "//b:boundaryEvent/b:errorEventDefinition/@errorRef")
    return refs, values(made, "//b:error/@errorCode"), codes(made, "b")


def test_a_code_that_is_named_is_declared():
    refs, found, said = caught('errorRef="LATE"')
    assert (refs, found) == (["error_LATE"], ["LATE"])
    assert "import.declared" in said


@pytest.mark.parametrize(
    "declared",
    [
        '<error id="LATE" errorCode="E1"/>',
        '<error id="LATE" name="E1"/>',
    ],
)
def test_a_declared_error_stays(declared):
    refs, found, said = caught('errorRef="LATE"', declared)
    assert (refs, found) == (["LATE"], ["E1"])
    assert "import.declared" not in said


def test_a_code_finds_its_declaration():
    refs, found, said = caught('errorRef="E1"', '<error id="x" errorCode="E1"/>')
    assert (refs, found) == (["x"], ["E1"])
    assert "import.declared" not in said


def test_a_catch_of_any_error_names_none():
    refs, found, _ = caught('errorRef="" camunda:errorCodeVariable="code"')
    assert (refs, found) == ([], [])


def test_the_variable_of_an_error_is_dropped_with_a_word():
    assert "import.attribute" in caught('errorRef="E" camunda:errorCodeVariable="code"')[2]


def test_the_key_of_a_message_is_dropped_with_a_word():
    rest = (
        '<message id="m" name="到账"><extensionElements>'
        '<zeebe:subscription correlationKey="=no"/></extensionElements></message>'
    )
    made = imported(chained('<receiveTask id="n1" messageRef="m"/>'), rest)
    assert "import.correlation" in codes(made, "m")
