import pytest

from tests.engine.processes.importing.samples import chained, codes, found, imported, values


def extended(name: str, inside: str, attributes: str = "") -> str:
    return f'<{name} id="n1" {attributes}><extensionElements>{inside}</extensionElements></{name}>'


FIELD = '<flowable:field name="decisionTableReferenceKey">{}</flowable:field>'


@pytest.mark.parametrize(
    "body",
    [
        '<businessRuleTask id="n1" camunda:decisionRef="fee" camunda:resultVariable="due"/>',
        extended(
            "businessRuleTask", '<zeebe:calledDecision decisionId="fee" resultVariable="due"/>'
        ),
        extended(
            "serviceTask",
            FIELD.format("<flowable:string>fee</flowable:string>"),
            'flowable:type="dmn" flowable:resultVariable="due"',
        ),
    ],
)
def test_a_decision_names_table_and_result(body):
    made = imported(chained(body))
    said = found(made, "//b:businessRuleTask//h:decision")
    assert dict(said.attrib) == {"table": "fee", "result": "due"}


def test_a_decision_without_a_variable_is_asked():
    body = '<businessRuleTask id="n1" camunda:decisionRef="fee"/>'
    assert "import.decision_result" in codes(imported(chained(body)), "n1")


@pytest.mark.parametrize("table", ["${which}", "", "有 空格"])
def test_a_table_that_is_computed_is_no_table(table):
    body = f'<businessRuleTask id="n1" camunda:decisionRef="{table}" camunda:resultVariable="r"/>'
    made = imported(chained(body))
    assert "import.decision_missing" in codes(made, "n1")
    assert values(made, "//h:decision/@table") == []


@pytest.mark.parametrize(
    "body",
    [
        extended("scriptTask", '<zeebe:script expression="=1 + 2" resultVariable="x"/>'),
        '<scriptTask id="n1" scriptFormat="feel" camunda:resultVariable="x">'
        "<script>1 + 2</script></scriptTask>",
        '<scriptTask id="n1" scriptFormat="juel" camunda:resultVariable="x">'
        "<script>${1 + 2}</script></scriptTask>",
    ],
)
def test_feel_stays_a_script(body):
    made = imported(chained(body))
    task = found(made, "//b:scriptTask")
    assert task.get("scriptFormat") == "feel"
    assert task.get("{urn:zhengwu-hall:bpmn:1}result") == "x"
    assert found(made, "//b:script").text == "1 + 2"
    assert made.ready


def test_a_script_in_another_language_keeps_its_place_and_loses_its_text():
    body = '<scriptTask id="n1" scriptFormat="javascript"><script>x()</script></scriptTask>'
    made = imported(chained(body))
    assert "import.script" in codes(made, "n1")
    assert values(made, "//b:script") == []
    assert values(made, "//b:scriptTask/b:documentation/text()") == ["script: javascript x()"]


def test_a_called_process_of_camunda_8_is_named_by_the_standard():
    body = extended("callActivity", '<zeebe:calledElement processId="q"/>')
    assert values(imported(chained(body)), "//b:callActivity/@calledElement") == ["q"]


def test_our_own_words_are_left_alone():
    body = (
        '<scriptTask id="n1" scriptFormat="feel" hall:result="x"><script>1</script></scriptTask>'
        + extended("businessRuleTask", '<hall:decision table="t" result="r"/>').replace("n1", "n2")
    )
    made = imported(chained(body, ""))
    assert dict(found(made, "//h:decision").attrib) == {"table": "t", "result": "r"}
    assert "import.script_kept" not in codes(made, "n1")
