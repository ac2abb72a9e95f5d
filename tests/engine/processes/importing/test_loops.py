import pytest

from tests.engine.processes.importing.samples import chained, codes, imported, values

MARK = "//b:multiInstanceLoopCharacteristics"


def step(attributes: str, inside: str = "") -> str:
    return chained(
        '<userTask id="n1" name="意见" camunda:candidateGroups="chief">'
        f"<multiInstanceLoopCharacteristics {attributes}>{inside}"
        "</multiInstanceLoopCharacteristics></userTask>"
    )


ZEEBE = (
    "<extensionElements><zeebe:loopCharacteristics inputCollection='=units' inputElement='unit'"
    " outputCollection='opinions'/></extensionElements>"
)


@pytest.mark.parametrize(
    ("body", "results"),
    [
        (step('camunda:collection="units" camunda:elementVariable="unit"'), "n1_results"),
        (step('flowable:collection="${units}" flowable:elementVariable="unit"'), "n1_results"),
        (step("", ZEEBE), "opinions"),
        (
            step("", '<loopDataInputRef>units</loopDataInputRef><inputDataItem id="unit"/>'),
            "n1_results",
        ),
    ],
)
def test_collection_and_item_become_references_of_the_standard(body, results):
    made = imported(body)
    assert values(made, f"{MARK}/b:loopDataInputRef/text()") == ["units"]
    assert values(made, f"{MARK}/b:loopDataOutputRef/text()") == [results]
    assert values(made, f"{MARK}/b:inputDataItem/@id") == ["unit"]
    assert "import.loop" in codes(made, "n1")


@pytest.mark.parametrize("said", ["${bean.list()}", "a b", "", "1"])
def test_a_collection_that_is_no_variable_is_asked(said):
    made = imported(step(f'camunda:collection="{said}"'))
    assert "import.collection" in codes(made, "n1")
    assert not made.ready


def test_an_item_named_like_another_id_gets_a_new_name():
    made = imported(step('camunda:collection="units" camunda:elementVariable="s"'))
    assert "import.item" in codes(made, "n1")
    assert values(made, f"{MARK}/b:inputDataItem/@id") == ["s_2"]


def test_a_number_of_turns_is_kept():
    made = imported(step("", "<loopCardinality>${1 + 2}</loopCardinality>"))
    assert values(made, f"{MARK}/b:loopCardinality/text()") == ["1 + 2"]
    assert "import.collection" not in codes(made, "n1")
