import pytest

from tests.engine.processes.importing.samples import chained, codes, imported, values

CHOICE = (
    '<startEvent id="s"/><exclusiveGateway id="g" {}/><endEvent id="e1"/><endEvent id="e2"/>'
    '<sequenceFlow id="f0" sourceRef="s" targetRef="g"/>'
    '<sequenceFlow id="f1" sourceRef="g" targetRef="e1">{}</sequenceFlow>'
    '<sequenceFlow id="f2" sourceRef="g" targetRef="e2">{}</sequenceFlow>'
)
WHEN = "<conditionExpression {}>{}</conditionExpression>"


def timer(inside: str) -> str:
    return chained(
        f'<intermediateCatchEvent id="n1"><timerEventDefinition>{inside}</timerEventDefinition>'
        "</intermediateCatchEvent>"
    )


def test_both_ways_of_a_choice_are_asked():
    made = imported(CHOICE.format("", "", ""))
    assert "import.condition_missing" in codes(made, "f1") & codes(made, "f2")


def test_a_default_flow_needs_no_condition():
    when = WHEN.format("", "${金额 == 1}")
    made = imported(CHOICE.format('default="f2"', when, WHEN.format("", "${x}")))
    assert codes(made, "f1") == {"import.translated"}
    assert "import.default_condition" in codes(made, "f2")
    assert values(made, "//b:conditionExpression/text()") == ["金额 = 1"]
    assert made.ready


def test_a_default_that_leaves_elsewhere_is_no_default():
    made = imported(CHOICE.format('default="f0"', "", ""))
    assert "import.default" in codes(made, "g")
    assert values(made, "//@default") == []


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ("", "${bean.ok()}"),
        ('language="groovy"', "approved"),
        ("", "材料 不全"),
    ],
)
def test_a_condition_without_an_equal_stays_and_is_refused(attributes, said):
    made = imported(CHOICE.format('default="f2"', WHEN.format(attributes, said), ""))
    assert "import.condition" in codes(made, "f1")
    (text,) = values(made, "//b:conditionExpression/text()")
    assert said in text
    assert not made.ready


@pytest.mark.parametrize(
    ("inside", "time"),
    [
        ("<timeDuration>P5D</timeDuration>", "P5D"),
        ("<timeCycle>R3/PT1H</timeCycle>", "R3/PT1H"),
        ("<timeDate>2026-01-05T09:00:00+08:00</timeDate>", "2026-01-05T09:00:00+08:00"),
        ('<timeDuration>"P1D"</timeDuration>', "P1D"),
        ("<timeDuration>=duration(&quot;P1D&quot;)</timeDuration>", 'duration("P1D")'),
    ],
)
def test_a_time_that_can_be_used_stays(inside, time):
    made = imported(timer(inside))
    assert values(made, "//b:timerEventDefinition/*/text()") == [time]
    assert "import.time" not in codes(made, "n1")


@pytest.mark.parametrize(
    "inside",
    [
        "<timeDuration>P1M</timeDuration>",
        "<timeCycle>0 0/5 * * * ?</timeCycle>",
        "<timeDuration>${bean.time()}</timeDuration>",
        "<timeDate>soon enough</timeDate>",
        "<timeDate>2026-01-01</timeDate><timeDuration>P1D</timeDuration>",
    ],
)
def test_any_other_time_is_asked(inside):
    made = imported(timer(inside))
    assert "import.time" in codes(made, "n1")
    assert values(made, "//b:timerEventDefinition/*") == []
    assert not made.ready


def test_a_timer_without_a_time_is_asked():
    assert "import.time_missing" in codes(imported(timer("")), "n1")


def test_a_missing_start_is_drawn():
    made = imported(
        '<manualTask id="t"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="t" targetRef="e"/>'
    )
    assert values(made, "//b:startEvent/@id") == ["start_t"]
    assert values(made, "//di:BPMNShape[@bpmnElement='start_t']/@id")
    assert made.ready


def test_one_of_several_starts_is_asked():
    made = imported('<startEvent id="a"/><startEvent id="b"/>')
    assert "import.several_starts" in codes(made, "a") & codes(made, "b")


def test_where_several_could_begin_the_start_is_asked():
    made = imported('<manualTask id="a"/><manualTask id="b"/>')
    assert "import.no_start" in codes(made, "a") & codes(made, "b")
